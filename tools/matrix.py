# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which Pythons and ansible-cores the project is tested with, and what of them this machine lacks."""

import os
import re

import interpreters

CONTROLLER = ("3.10", "3.11", "3.12", "3.13", "3.14")
CORE_216 = ("3.11", "3.12", "3.10")  # controller Pythons that ansible-core 2.16 runs on, best first
NEWEST_CORE = ("3.13", "3.12", "3.14")  # and the newest one
# Unit tests that take most of the time of all: how rules use what they judge, that a host is judged as its parts are, what whole
# modules answer, what garbage does. What runs on targets is in this the same to each Python between the oldest and the newest.
_UTILS = "tests/unit/plugins/module_utils"
UNITS_OF_ENDS = (
    "tests/unit/plugins/hostile",
    "tests/unit/plugins/modules/test_whole_modules.py",
    f"{_UTILS}/audit/test_tally.py",
    f"{_UTILS}/fuzz",
    f"{_UTILS}/judge/test_cause_pairs.py",
    f"{_UTILS}/migration/test_run_faults.py",
    f"{_UTILS}/rules/test_evidence_use.py",
    f"{_UTILS}/rules/test_shared_host.py",
    f"{_UTILS}/transaction/test_run_faults.py",
)
# What hangs on ansible-core, on the tools of contributors or on texts of the repository: on the first and the last controller.
OF_CONTROLLERS = (
    "tests/unit/docs",
    "tests/unit/lab",
    "tests/unit/meta",
    "tests/unit/roles",
    "tests/unit/test_layout.py",
    "tests/unit/test_rooms.py",
    "tests/unit/tools",
)
# Sanity tests of style, which the newest core's linters judge more strictly than those of ansible-core 2.16.
ONLY_NEWEST_SANITY = ("changelog", "pep8", "pylint", "shellcheck", "yamllint")
EACH_PYTHON_SANITY = ("compile", "import")  # run once for each Python
ONLY_CORE_216 = ("3.6", "3.7", "3.8")  # target Pythons that the newest core has given up
# Scenarios that `make test` leaves out, and why.
BY_HAND = {
    "forecast": "81 containers and 10 to 12 settings on each host, which takes 10 minutes and more",
    "selinux_boots": "boots a machine twice more, which takes an emulated one 4 to 10 minutes",
}
CI_HAS = ("3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")


def _first(versions):
    return next((version for version in versions if version in interpreters.list_pythons()), None)


def left_out_units(version, present):
    """Paths of unit tests that one of the Pythons `present` (ascending) leaves to others of them."""
    controllers = [other for other in present if other in CONTROLLER]
    units = () if version in (present[0], present[-1]) else UNITS_OF_ENDS
    return units + (() if version in (*controllers[:1], *controllers[-1:]) else OF_CONTROLLERS)


def sanity_216_parts(present):
    """Arguments of each run of ansible-test sanity by ansible-core 2.16: what the newest core's sanity does not do."""
    once = [word for test in ONLY_NEWEST_SANITY + EACH_PYTHON_SANITY for word in ("--skip-test", test)]
    each = [word for test in EACH_PYTHON_SANITY for word in ("--test", test)]
    return [once, *([*each, "--python", version] for version in ONLY_CORE_216 if version in present)]


def sanity_newest_parts(present):
    """Arguments of each run by the newest core: imports only on the oldest and the newest Python, as units import on each.

    pylint looks at what the archive has. Tests and tools, the other half, are executed by `make test` and read by ruff.
    """
    known = [version for version in present if version not in ONLY_CORE_216]
    return [
        ["--skip-test", "import", "--skip-test", "pylint"],
        ["--test", "pylint", "plugins/"],
        *(["--test", "import", "--python", end] for end in sorted({known[0], known[-1]})),
    ]


def core_216_python():
    """The Python to run ansible-core 2.16 with, or None."""
    return _first(CORE_216)


def newest_core_python():
    """The Python to run the newest ansible-core with, or None."""
    return _first(NEWEST_CORE)


def not_on_this_machine():
    """Sentences, one for each part of the matrix that cannot run here."""
    missing = interpreters.missing()
    texts = [f"Python {version}: not on this machine, so no test ran with it" for version in missing]
    if not core_216_python():
        texts.append("ansible-core 2.16: needs Python 3.10 to 3.12, so no test ran with it")
    if not newest_core_python():
        texts.append("the newest ansible-core: needs Python 3.12 to 3.14, so no test ran with it")
    return texts


def prepare_pip_for_ansible_test(home, site_packages):
    """ansible-test --venv fetches a get-pip from elsewhere; pip comes by uv instead."""
    source = (site_packages / "ansible_test" / "_internal" / "python_requirements.py").read_text(encoding="utf-8")
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    prefixes = ("SSL_", "UV_", "http", "HTTP", "no_proxy", "NO_PROXY")
    passed_on = {name: value for name, value in os.environ.items() if name.startswith(prefixes)}
    script = GET_PIP % {**passed_on, "UV_CONSTRAINT": ""}
    for version in re.findall(r"pip='([0-9.]+)'", source):
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(script, encoding="utf-8")


# ansible-test starts it with an almost empty environment, so what reaches the package index stands in it.
GET_PIP = """\
import os, subprocess, sys
packages = [item for item in sys.argv[1:] if not item.startswith("-")]
command = ["uv", "pip", "install", "--quiet", "--python", sys.executable] + packages
sys.exit(subprocess.call(command, env=dict(os.environ, **%r)))
"""
