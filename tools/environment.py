# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make build/venv and build/collections: environment.py [pins|unless-impossible]. Does nothing when they are up to date.

unless-impossible: where no Python can make build/venv yet, say nothing and succeed.
"""

import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import time
import zipfile

import interpreters

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
VENV = BUILD / "venv"
REQUIREMENTS = ROOT / "tests" / "requirements"
WANTED = ("community/docker", "community/library_inventory_filtering_v1", "ansible/posix")
# Which folder, by which pins. Older cores cannot use the newest collections.
COLLECTIONS = {"collections": "collections.txt", "collections-2.16": "collections216.txt"}
# Which files are pinned, and the lowest Python they must serve.
PINS = dict.fromkeys(
    ("dev", "lint", "formats", "browser", "docs", "core216", "collections", "collections216"), "3.10"
) | {"units": "3.6"}


def say(text):
    """Progress, on stderr."""
    print(f"environment: {text}", file=sys.stderr, flush=True)


def run(*command, **options):
    """Run to the end or stop the program with what it said."""
    environment = dict(os.environ, UV_CACHE_DIR=str(BUILD / "cache" / "uv"), PIP_DISABLE_PIP_VERSION_CHECK="1")
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        [str(part) for part in command],
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        **options,
    )
    if done.returncode != 0:
        sys.exit(f"environment: '{' '.join(str(part) for part in command)}' failed:\n{done.stdout[-3000:]}")


def up_to_date(stamp, *inputs):
    """True if `stamp` was written for the same inputs (texts, or paths whose bytes count)."""
    return stamp.exists() and stamp.read_text(encoding="ascii") == _digest(inputs)


def _digest(inputs):
    digest = hashlib.sha256()
    for item in inputs:
        digest.update(item.read_bytes() if isinstance(item, pathlib.Path) else str(item).encode())
        digest.update(b"\0")
    return digest.hexdigest()


def controller():
    """The interpreter for build/venv, as (version, path); the program ends if there is none that will do."""
    chosen = _controller()
    if not chosen:
        sys.exit(
            "environment: no Python 3.10 to 3.14 with the venv module was found; on Debian and Ubuntu: "
            "apt-get install python3 python3-venv"
        )
    return chosen


def _controller():
    pythons = interpreters.list_pythons()
    usable = (version for version in interpreters.CONTROLLER if version in pythons and _usable(pythons[version]))
    return next(((version, pythons[version]) for version in usable), None)


def _usable(python):
    return (
        subprocess.run([python, "-c", "import ensurepip, venv, ssl"], check=False, capture_output=True).returncode == 0
    )


def make_venv():
    """build/venv with the pinned tools of dev.txt."""
    version, python = controller()
    stamp, pins = VENV / ".made-for", REQUIREMENTS / "dev.txt"
    if up_to_date(stamp, python, pins):
        return
    say(f"making build/venv with {python} (Python {version})")
    shutil.rmtree(VENV, ignore_errors=True)
    run(python, "-m", "venv", VENV)
    uv = next(line for line in pins.read_text(encoding="utf-8").splitlines() if line.startswith("uv=="))
    run(VENV / "bin" / "python", "-m", "pip", "install", "--quiet", uv)
    # compiled once: sessions write no bytecode, and each of some hundred starts of ansible-playbook would compile its files
    install = (VENV / "bin" / "uv", "pip", "install", "--compile-bytecode")
    run(*install, "--python", VENV / "bin" / "python", "--requirements", pins)
    stamp.write_text(_digest((python, pins)), encoding="ascii")


def make_collections(folder, pins):
    """The wanted collections out of the pinned `ansible` wheel, and this checkout among them."""
    target = BUILD / folder / "ansible_collections"
    stamp = BUILD / folder / ".made-for"
    if not up_to_date(stamp, controller()[0], pins):
        say(f"unpacking community.docker and ansible.posix into build/{folder}")
        shutil.rmtree(BUILD / folder, ignore_errors=True)
        wheels = BUILD / "cache" / folder
        run(VENV / "bin" / "python", "-m", "pip", "download", "--quiet", "--no-deps", "-r", pins, "-d", wheels)
        (wheel,) = wheels.glob("ansible-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            prefixes = tuple(f"ansible_collections/{name}/" for name in WANTED)
            archive.extractall(BUILD / folder, [name for name in archive.namelist() if name.startswith(prefixes)])
        shutil.rmtree(wheels)
        (target / "containment").mkdir()
        (target / "containment" / "docker").symlink_to(ROOT)
        stamp.write_text(_digest((controller()[0], pins)), encoding="ascii")


def write_pins():
    """Work the exact versions out anew: *.in → *.txt."""
    for name, python in PINS.items():
        say(f"pinning {name}.txt")
        arguments = ["--quiet", "--upgrade", "--universal", "--python-version", python, "--no-header", "--no-annotate"]
        if name.startswith("collections"):
            arguments.append("--no-deps")
        files = [REQUIREMENTS / f"{name}.in", "-o", REQUIREMENTS / f"{name}.txt"]
        run(VENV / "bin" / "uv", "pip", "compile", *arguments, *files)


def main():
    """What the command line says."""
    started = time.monotonic()
    if sys.argv[1:] == ["unless-impossible"] and not _controller():
        return
    BUILD.mkdir(exist_ok=True)
    with open(BUILD / ".lock", "w", encoding="ascii") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        make_venv()
        if sys.argv[1:] == ["pins"]:
            write_pins()
        for folder, pins in COLLECTIONS.items():
            make_collections(folder, REQUIREMENTS / pins)
    if time.monotonic() - started > 2:
        say(f"ready after {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
