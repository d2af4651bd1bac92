# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check that ansible-builder takes meta/execution-environment.yml: execution_environment.py FOLDER.

Makes the build context of an execution environment with this collection in FOLDER (`ansible-builder create`; no image is
built), and has the script that would run in the image read what the collection needs.
"""

import importlib.util
import json
import pathlib
import shutil
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[1]
DEFINITION = {
    "version": 3,
    "images": {"base_image": {"name": "registry.example.invalid/ee-minimal:latest"}},
    "dependencies": {"galaxy": {"collections": [{"name": "containment.docker"}]}},
}


def create_context(folder):
    """Have ansible-builder make the build context of an execution environment with the collection."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    definition = folder / "execution-environment.yml"
    definition.write_text(yaml.safe_dump(DEFINITION), encoding="utf-8")
    command = ["ansible-builder", "create", "--file", definition, "--context", folder / "context"]
    subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL)


def needs_of(collections):
    """What ansible-builder reads of the collections below a folder: {"python": {collection: [...]}, "system": {...}}."""
    script = (
        pathlib.Path(importlib.util.find_spec("ansible_builder").origin).parent / "_target_scripts" / "introspect.py"
    )
    command = [sys.executable, str(script), "introspect", str(collections)]
    done = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    return yaml.safe_load(done.stdout)


def install_collection(collections):
    """Put what ansible-builder reads of this checkout where it looks for collections."""
    tree = collections / "ansible_collections" / "containment" / "docker"
    shutil.copytree(ROOT / "meta", tree / "meta")
    shutil.copy(ROOT / "galaxy.yml", tree)


def main():
    """Returns the exit status: 1 where what is read is not what the files say."""
    folder = pathlib.Path(sys.argv[1])
    create_context(folder)
    install_collection(folder / "collections")
    needs = needs_of(folder / "collections")
    print(json.dumps(needs, indent=1))
    lines = (ROOT / "meta" / "ee-bindep.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    text = json.dumps(needs)
    lacking = [line for line in wanted if json.dumps(line)[1:-1] not in text]
    print("\n".join(f"ansible-builder did not read from meta/ee-bindep.txt: {line}" for line in lacking), end="")
    return int(bool(lacking))


if __name__ == "__main__":
    sys.exit(main())
