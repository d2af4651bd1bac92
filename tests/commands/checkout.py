# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Somebody who follows a page for contributors, in a copy of the checkout that has the environment of `make env`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import interpreters  # noqa: E402

SECONDS = 300
PAGES_PYTHON = "3.13"  # what pages name; the newest of the machine stands for it where it has none


def copy(directory):
    """Copy what git knows or would add, as a repository, with the pinned tools; returns the copy's root."""
    root = directory / "containment.docker"
    listed = subprocess.check_output(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, text=True
    )
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    subprocess.run(["git", "-C", str(root), "add", "--all"], check=True)
    (root / "build").mkdir()
    for name in ("venv", "cache"):
        (root / "build" / name).symlink_to((ROOT / "build" / name).resolve())
    for name in ("collections", "collections-2.16"):
        _copy_collections(ROOT / "build" / name, root / "build" / name, root)
    return root


def _copy_collections(source, target, root):
    """A folder of collections in which this one is the copy, and which `make env` takes for its own."""
    (target / "ansible_collections" / "containment").mkdir(parents=True)
    shutil.copy2(source / ".made-for", target)
    for folder in (source / "ansible_collections").iterdir():
        if folder.name != "containment":
            (target / "ansible_collections" / folder.name).symlink_to(folder.resolve())
    (target / "ansible_collections" / "containment" / "docker").symlink_to(root)


class Contributor:
    """Follows one page in a copy of the checkout."""

    def __init__(self, directory):
        self.directory = directory
        self.python = (
            PAGES_PYTHON if PAGES_PYTHON in interpreters.list_pythons() else list(interpreters.list_pythons())[-1]
        )

    def write(self, item):
        """Write a PageFile of the page, whole or where it says."""
        path = self.directory / item.name
        path.write_text(item.put_into(path.read_text(encoding="utf-8") if item.place else ""), encoding="utf-8")

    def run(self, command):
        """Run a command as a shell does; returns CompletedProcess with all output as text."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "MOLECULE_", "NOX"))
        }
        return subprocess.run(
            ["bash", "-c", command.replace(f"units-{PAGES_PYTHON}", f"units-{self.python}")],
            cwd=self.directory,
            env={**environment, "PWD": str(self.directory)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
