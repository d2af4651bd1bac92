# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Somebody who follows a page: a home with the collection installed from its archive, a directory, hosts of the lab.

What stands for the reader's own hosts is only in host_vars, beside the page's inventory: how the lab's hosts are reached.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
LAB = [sys.executable, str(ROOT / "lab" / "lab.py")]
# those of this checkout: another one's tests may run beside it
LAB_NAMES = tuple(f"commands-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]}-{number}" for number in (1, 2))
SUITE, CGROUP = "trixie", "v2"
SECONDS = 300
CONNECTION = {
    "ansible_connection": "community.docker.docker",
    "ansible_pipelining": True,
    "ansible_python_interpreter": "/usr/bin/python3",
    # root already, and without sudo
    "ansible_user": "root",
    "ansible_become": False,
}


def lab_environment():
    """What `lab.py env` prints, as a mapping."""
    return dict(line.split("=", 1) for line in subprocess.check_output([*LAB, "env"], text=True).split())


class Hosts:
    """The lab's hosts of these tests, with the containers of `make demo`: fresh ones where a command may have changed them."""

    CHANGES = re.compile(
        r"containment\.docker\.(?!audit|preflight|waivers|\w+_info)\w+(?!.*--check)|molecule (converge|test)"
    )

    def __init__(self):
        self.number = 0

    def start(self, number):
        """Return the names of so many hosts, which are up and as they began."""
        if self.number < number:
            self.remove()
            start_hosts(number)
            self.number = number
        return LAB_NAMES[:number]

    def note(self, command):
        """Note that a command ran, after which the hosts may be others."""
        if self.CHANGES.search(command):
            self.number = 0

    def remove(self):
        """Remove them."""
        subprocess.run([*LAB, "host", "down", *LAB_NAMES], check=True)
        self.number = 0


def start_hosts(number):
    """Start hosts, all at once, and their containers."""
    names = LAB_NAMES[:number]
    wanted = [{"name": name, "suite": SUITE, "cgroup": CGROUP} for name in names]
    failures = json.loads(subprocess.check_output([*LAB, "host", "up-all", json.dumps(wanted)], text=True))
    assert not any(failures.values()), failures
    script = (ROOT / "tests" / "demo" / "containers.sh").read_bytes()
    running = [subprocess.Popen([*LAB, "host", "exec", name, "--", "sh"], stdin=subprocess.PIPE) for name in names]
    for process in running:
        process.communicate(script)
        assert process.returncode == 0


def inventory_hosts(text):
    """Names of the hosts of an inventory in YAML, in their order."""
    names = {}

    def read(group):
        names.update(dict.fromkeys(group.get("hosts") or {}))
        for child in (group.get("children") or {}).values():
            read(child or {})

    for group in (yaml.safe_load(text) or {}).values():
        read(group or {})
    return list(names)


class Reader:
    """Follows one page in its directory."""

    def __init__(self, home, directory, collections, hosts):
        """collections: a path that has what connects to the lab, but not this collection."""
        self.home, self.directory, self.hosts = home, directory, hosts
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "MOLECULE_"))},
            **lab_environment(),
            "HOME": str(home),
            "PWD": str(directory),
            "PATH": f"{ROOT / 'build' / 'venv' / 'bin'}:{os.environ['PATH']}",
            "ANSIBLE_COLLECTIONS_PATH": f"{home / '.ansible' / 'collections'}:{collections}",
            "ANSIBLE_NOCOLOR": "1",
        }

    def write(self, item):
        """Write a PageFile of the page."""
        self.write_text(item.name, item.text)

    def write_text(self, name, text):
        """Write a file below the directory."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def reach(self, inventory):
        """Have a host of the lab for each host of an inventory file, and write how it is reached."""
        names = inventory_hosts((self.directory / inventory).read_text(encoding="utf-8"))
        for name, lab_name in zip(names, self.hosts.start(len(names)), strict=True):
            variables = yaml.safe_dump({"ansible_host": lab_name, **CONNECTION})
            self.write_text(str(Path(inventory).parent / "host_vars" / name / "lab.yml"), variables)

    def run(self, command):
        """Run a command as a shell does; returns CompletedProcess with all output as text."""
        self.hosts.note(command)
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
