# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which Python interpreters this machine has: real ones, never a version manager's shims (they break ansible-test)."""

import os
import pathlib
import pwd
import re

CONTROLLER = ("3.13", "3.12", "3.14", "3.11", "3.10")  # in order of preference for build/venv
TARGET = ("3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
SYSTEM = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin")


def _version_managers():
    """Roots that may hold versions/X.Y.Z/bin: where the environment, PATH's shims or the home directory point."""
    roots = [os.environ.get("PYENV_ROOT", "")]
    roots += [entry[: -len("/shims")] for entry in os.environ.get("PATH", "").split(":") if entry.endswith("/shims")]
    homes = (os.environ.get("HOME", ""), pwd.getpwuid(os.getuid()).pw_dir)
    roots += [f"{home}/.pyenv" for home in homes if home]
    return [pathlib.Path(root) for root in dict.fromkeys(roots) if root]


def _folders():
    versions = [path for root in _version_managers() for path in (root / "versions").glob("*/bin")]
    versions.sort(key=lambda path: [int(part) for part in re.findall(r"\d+", path.parent.name)], reverse=True)
    on_path = [entry for entry in os.environ.get("PATH", "").split(":") if entry and not entry.endswith("/shims")]
    return list(dict.fromkeys([*on_path, *SYSTEM, *map(str, versions)]))


def list_pythons():
    """{"3.9": "/usr/bin/python3.9", …} for each interpreter of TARGET that is on this machine."""
    result = {}
    for version in TARGET:
        for folder in _folders():
            candidate = os.path.join(folder, f"python{version}")
            if os.access(candidate, os.X_OK) and not os.path.exists(os.path.join(folder, "..", "pyvenv.cfg")):
                result[version] = candidate
                break
    return result


def missing():
    """The interpreters of TARGET that this machine lacks."""
    return [version for version in TARGET if version not in list_pythons()]


def path(first=()):
    """A PATH on which every interpreter of list_pythons() is, without shims; `first` go in front."""
    own = [os.path.dirname(list_pythons()[version]) for version in reversed(TARGET) if version in list_pythons()]
    on_path = [entry for entry in os.environ.get("PATH", "").split(":") if entry and not entry.endswith("/shims")]
    managed = [folder for folder in own if folder not in (*on_path, *SYSTEM)]
    return ":".join(dict.fromkeys([*map(str, first), *on_path, *SYSTEM, *managed]))
