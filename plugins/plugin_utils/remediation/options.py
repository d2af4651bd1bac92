# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a site lets a remediation do, read from what a person wrote. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.common import container_names
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import SEVERITIES

POLICIES = ("report", "pause", "disconnect", "stop")
_UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
LEAST_MEMORY = 6 << 20  # moby: daemon/daemon_unix.go, linuxMinMemory


class Options(NamedTuple):
    """The site's choices.

    policy: what is done with a container that can't be cured on the spot, from policy_severity on, unless spared by name.
    memory (bytes), pids_limit, restart_policy: what a container update sets; None where the site gives no value.
    daemon, kernel_filesystems, selinux: whether these are cured at all.
    daemon_settings: what role docker_daemon would enforce; daemon_declined: the keys that it is told to leave alone.
    """

    policy: str = "report"
    policy_severity: str = "critical"
    spare: frozenset[str] = frozenset()
    memory: int | None = None
    pids_limit: int | None = None
    restart_policy: str | None = None
    daemon: bool = True
    kernel_filesystems: bool = True
    selinux: bool = True
    daemon_settings: Mapping[str, Any] = {}
    daemon_declined: frozenset[str] = frozenset()
    accept_new_data_root: bool = False
    allowed_insecure_registries: Sequence[str] = ()


def parse(options: Mapping[str, Any]) -> Options:
    """The Options in a filter's arguments. ValueError names the option and what is wrong with it."""
    unknown = sorted(set(options) - set(Options._fields))
    if unknown:
        raise ValueError(f"unknown option {unknown[0]!r}")
    read = {name: _READERS[name](name, value) for name, value in options.items() if value is not None}
    return Options(**read)


def _choice(choices: Sequence[str]) -> Any:
    def read(name: str, value: Any) -> str:
        if value not in choices:
            raise ValueError(f"{name}: {value!r} is none of {', '.join(choices)}")
        return value

    return read


def _names(name: str, value: Any) -> frozenset[str]:
    if not _is_list(value) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{name}: {value!r} is not a list of strings")
    return frozenset(value)


def _containers(name: str, value: Any) -> frozenset[str]:
    return frozenset(container_names.plain(sorted(_names(name, value))))


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name}: {value!r} is neither true nor false")
    return value


def _settings(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{name}: {value!r} is not a dictionary")
    return value


def _memory(name: str, value: Any) -> int | None:
    """Bytes of 536870912, "512m" or "1g"; None for ""."""
    if value == "":
        return None
    match = re.fullmatch(r"([0-9]{1,15})([bkmg]?)", str(value).lower())
    if not match or isinstance(value, bool):
        raise ValueError(f"{name}: {value!r} is not a size like 512m")
    size = int(match[1]) * _UNITS[match[2]]
    if size < LEAST_MEMORY:
        raise ValueError(f"{name}: {value!r} is less than the 6 MiB that Docker takes")
    return size


def _pids_limit(name: str, value: Any) -> int | None:
    """None for 0."""
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,7}", str(value)):
        raise ValueError(f"{name}: {value!r} is not a number of processes")
    return int(value) or None


def _restart_policy(name: str, value: Any) -> str | None:
    """None for ""; YAML takes a bare no for false."""
    if value == "":
        return None
    value = "no" if value is False else value
    if not isinstance(value, str) or not re.fullmatch(r"no|on-failure:[1-9][0-9]{0,3}", value):
        raise ValueError(f"{name}: {value!r} is neither no nor like on-failure:5")
    return value


def _is_list(value: Any) -> bool:
    return isinstance(value, (Sequence, frozenset)) and not isinstance(value, (str, bytes))


_READERS = {
    "policy": _choice(POLICIES),
    "policy_severity": _choice(SEVERITIES),
    "spare": _containers,
    "memory": _memory,
    "pids_limit": _pids_limit,
    "restart_policy": _restart_policy,
    "daemon": _flag,
    "kernel_filesystems": _flag,
    "selinux": _flag,
    "daemon_settings": _settings,
    "daemon_declined": _names,
    "accept_new_data_root": _flag,
    "allowed_insecure_registries": _names,
}
