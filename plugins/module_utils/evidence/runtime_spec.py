# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what a running container was started with: the runtime's own specification, below its shim. I/O only."""

import json
import os
from functools import lru_cache
from typing import Any, Dict, Iterator, Mapping, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file, foreign_json
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.device_list import Device, permission

_LIMIT = 16 * 1024 * 1024
# moby and containerd write the specification by Go's encoder, without spaces
_LINUX = b',"linux":{'
_REMEMBERED = 256 * 1024


class Specification:
    """Of config.json (opencontainers/runtime-spec: config.md). linux: its part for Linux.

    devices: what it was given, nodes and permissions.
    """

    def __init__(self, linux: Dict[str, Any]) -> None:
        self.linux = linux
        self.devices: Tuple[Device, ...] = tuple(devices_of(linux))
        self._seccomp = ""

    @property
    def seccomp(self) -> str:
        """The seccomp filter as JSON, `{}` if there is none."""
        if not self._seccomp:
            self._seccomp = json.dumps(self.linux.get("seccomp") or {})
        return self._seccomp


def read(container: str, shim: int) -> Specification:
    """Read what the container was started with. Raise Unreadable.

    shim: the parent of the container's first process; containerd starts it in the container's own directory.
    """
    try:
        directory = os.open(f"/proc/{int(shim)}/cwd", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            if os.path.basename(os.readlink(f"/proc/self/fd/{int(directory)}")) != container:
                raise Unreadable(f"process {int(shim)}, its first process's parent, is no shim of the container")
            data = bounded_file.read("config.json", _LIMIT, directory, os.O_NOFOLLOW)
        finally:
            os.close(directory)
        return decode(data, container)
    except OSError as error:
        raise Unreadable(f"the container's specification: {error.strerror}")
    except ValueError as error:
        raise Unreadable(f"the container's specification: {error}")


def decode(data: bytes, container: str) -> Specification:
    """Decode the part for Linux alone, and once for all that differ in their own ids alone. Raise ValueError.

    Such an id stands as question marks in the result. Whoever starts containers can put the mark into a text of it, but
    there each quote follows a backslash.
    """
    _before, mark, linux = data.partition(_LINUX)
    if not mark or _LINUX in linux or b"\0" in linux or len(linux) > _REMEMBERED:
        return _specification(foreign_json.decode(data))
    return _decode_alike(linux.replace(container.encode("ascii"), b"\0"))


@lru_cache(maxsize=16)
def _decode_alike(linux: bytes) -> Specification:
    """Of the part for Linux, with a null byte, which no JSON has, in place of the id."""
    return _specification(foreign_json.decode(b'{"linux":{' + linux.replace(b"\0", b"?" * 64)))


def _specification(document: Any) -> Specification:
    if not isinstance(document, dict) or not isinstance(document.get("linux"), dict):
        raise ValueError("it has no part for Linux")
    try:
        return Specification(document["linux"])
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"its devices are of another shape ({type(error).__name__}: {error})")


def devices_of(linux: Mapping[str, Any]) -> Iterator[Device]:
    """linux.devices and linux.resources.devices (opencontainers/runtime-spec: config-linux.md)."""
    for node in linux.get("devices") or ():
        kind = {"c": "char", "u": "char", "b": "block"}.get(node["type"])
        if kind:
            yield Device(
                f"{node['path']} ({node['type']} {int(node['major'])}:{int(node['minor'])})", kind, _pair(node)
            )
    for rule in (linux.get("resources") or {}).get("devices") or ():
        if rule.get("allow"):
            major, minor = ("*" if part is None or part < 0 else str(part) for part in _pair(rule))
            yield permission(rule.get("type") or "a", major, minor, rule.get("access") or "rwm")


def _pair(item: Mapping[str, Any]) -> Tuple[Any, Any]:
    return item.get("major"), item.get("minor")
