# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the limits that the kernel holds a container's own control groups to. I/O only: decides nothing.

A container's group is found through what the kernel says of its first process, and named as the reader sees it: in a
control group namespace of the reader's, groups outside of it begin with `..` and can't be read.
"""

import os
import re
from functools import lru_cache
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.linux import procfs
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below

UNIFIED = "cgroup2"
CONTROLLERS = ("memory", "pids")
# (controller, whether it is in the unified hierarchy) -> (file of the limit, file of what is in use)
FILES = {
    ("memory", True): ("memory.max", "memory.current"),
    ("memory", False): ("memory.limit_in_bytes", "memory.usage_in_bytes"),
    ("pids", True): ("pids.max", "pids.current"),
    ("pids", False): ("pids.max", "pids.current"),
}
# linux: mm/memcontrol-v1.c shows no limit as PAGE_COUNTER_MAX in bytes, just below 2^63 rounded to the page
_UNLIMITED = 1 << 62
# The kernel rounds memory down to whole pages, and a page has 64 KiB at most where Docker runs.
_PAGE = 65536
# A path has 4 KiB at most, and there are a dozen hierarchies.
_READ_LIMIT = 65536
_OWN = re.compile(r"(?:.*-)?([0-9a-f]{64})(?:\.scope)?$")

# controller (or UNIFIED) -> [(root, point)] of the mounts that show its hierarchy
Hierarchies = Dict[str, List[Tuple[str, str]]]
# What the containers of one look have in common: the groups of those that differ in their ids alone, by controller and
# /proc/<pid>/cgroup; and what the groups above have, by the file's path.
Memory = Dict[Any, Any]
_NO_ID = "\0"


class Group(NamedTuple):
    """A container's own control group.

    directory: None where it has none of its own, and path is what it is in, "" where the kernel has no such controller.
    """

    path: str
    directory: Optional[str]
    unified: bool


class Limit(NamedTuple):
    """most: the limit, None where there is none; where: the file, or why there is none."""

    most: Optional[int]
    where: str


def parse_hierarchies(mountinfo: bytes) -> Hierarchies:
    """Where the control groups are mounted, by /proc/<pid>/mountinfo. ValueError for what the kernel does not write."""
    lines = b"\n".join(line for line in mountinfo.split(b"\n") if b" - cgroup" in line)
    hierarchies: Hierarchies = {}
    for mount in procfs.parse_mountinfo(lines):
        if not below(mount.point, "/sys/fs/cgroup"):
            continue  # a container may get to mount some elsewhere
        names = [UNIFIED] if mount.fstype == "cgroup2" else mount.super_options.split(",")
        for name in names:
            hierarchies.setdefault(name, []).append((mount.root, mount.point))
    return hierarchies


def find(
    cgroup: bytes, controller: str, container: str, hierarchies: Hierarchies, memory: Optional[Memory] = None
) -> Group:
    """The container's group for a controller, by /proc/<pid>/cgroup of its process. Raises Unreadable."""
    if memory is None:
        return _find(cgroup, controller, container, hierarchies)
    key = (controller, _without_id(cgroup, container))
    if key not in memory:
        group = _find(cgroup, controller, container, hierarchies)
        memory[key] = _replace_id(group, container, _NO_ID)
    return _replace_id(memory[key], _NO_ID, container)


@lru_cache(maxsize=1)  # all controllers of a container are asked for in turn
def _without_id(cgroup: bytes, container: str) -> bytes:
    """What the same groups of all containers have: a null byte, which no path has, in place of the id."""
    return cgroup.replace(container.encode("ascii"), _NO_ID.encode("ascii"))


def _replace_id(group: Group, old: str, new: str) -> Group:
    directory = group.directory and group.directory.replace(old, new)
    return Group(group.path.replace(old, new), directory, group.unified)


def _find(cgroup: bytes, controller: str, container: str, hierarchies: Hierarchies) -> Group:
    paths = _paths(cgroup)
    hierarchy = controller if controller in paths else UNIFIED
    path = paths.get(hierarchy, "")
    own = _own(path, container)
    directory = None
    if own is not None:
        directory = _directory(own, hierarchies.get(hierarchy, ()))
        if directory is None:
            raise Unreadable(f"the {controller} control group {path} is not to be seen here")
    elif hierarchy == UNIFIED and not _offers(controller, hierarchies):
        path = ""
    return Group(path, directory, hierarchy == UNIFIED)


def limits(container: str, cgroup: bytes, hierarchies: Hierarchies, memory: Optional[Memory] = None) -> Evidence:
    """The Limit of each controller on a running container, by /proc/<pid>/cgroup of its first process."""
    evidence = Evidence()
    for controller in CONTROLLERS:
        try:
            evidence[controller] = limit(find(cgroup, controller, container, hierarchies, memory), controller, memory)
        except Unreadable as reason:
            evidence[controller] = Unreadable(str(reason))
    return evidence


def limits_now(container: str, pid: int, hierarchies: Hierarchies) -> Evidence:
    """The same, read anew; its first process is pid. Raises Unreadable if that is none of its any more."""
    cgroup = _read(f"/proc/{int(pid)}/cgroup")
    if cgroup is None or procfs.container_in(cgroup, frozenset((container,))) != container:
        raise Unreadable(f"process {int(pid)} is none of the container's any more")
    return limits(container, cgroup, hierarchies)


def limit(group: Group, controller: str, memory: Optional[Memory] = None) -> Limit:
    """The limit of one control group. Raises Unreadable."""
    if group.directory is None and not group.path:
        return Limit(None, f"this kernel has no {controller} controller, or it is switched off: switch it on first")
    if group.directory is None:
        return Limit(None, f"it is in the {controller} control group {group.path}, which is not its own")
    name = FILES[controller, group.unified][0]
    value = _number(group.directory, name)
    if value is None:
        return Limit(None, f"its control group has no {name}: the {controller} controller is off")
    if value >= _UNLIMITED:
        return Limit(None, f"{name} shows no limit{_shared(group.directory, name, {} if memory is None else memory)}")
    return Limit(value, name)


def _shared(directory: str, name: str, memory: Dict[str, Any]) -> str:
    """What is said of the nearest group above that has a limit: all in it share that, so it is none of the container's."""
    parent = os.path.dirname(directory)
    while below(parent, "/sys/fs/cgroup") and parent.count("/") > 3:
        file = f"{parent}/{name}"
        if file not in memory:
            memory[file] = _number(parent, name)
        value = memory[file]
        if value is not None and value < _UNLIMITED:
            return f"; {inert(parent[len('/sys/fs/cgroup') :], 120)} above it has {int(value)}, which all in it share"
        parent = os.path.dirname(parent)
    return ""


def holds(limit_: Limit, controller: str, requested: int) -> bool:
    """Whether the kernel holds the group to what the engine was asked for; 0 or less asks for no limit."""
    if requested <= 0 or limit_.most is None:
        return requested <= 0 and limit_.most is None
    return 0 <= requested - limit_.most < (_PAGE if controller == "memory" else 1)


@lru_cache(maxsize=1)  # both controllers of a container are asked for in turn
def _paths(cgroup: bytes) -> Dict[str, str]:
    """Controller or UNIFIED -> path."""
    paths = {}
    for line in cgroup.decode("utf-8", "surrogateescape").rstrip("\n").split("\n"):
        _number, _colon, rest = line.partition(":")
        names, _colon, path = rest.partition(":")
        for name in names.split(",") if names else [UNIFIED]:
            paths[name] = path
    return paths


def _own(path: str, container: str) -> Optional[str]:
    """The part of a path that ends with the container's own group; what is below is made by the container."""
    parts = path.split("/")
    for index, part in enumerate(parts):
        match = _OWN.match(part)
        if match and match.group(1) == container:
            return "/".join(parts[: index + 1])
    return None


def _offers(controller: str, hierarchies: Hierarchies) -> bool:
    """Tell whether the unified hierarchy has a controller that no hierarchy of version 1 has."""
    for _root, point in hierarchies.get(UNIFIED, ()):
        controllers = _read(point + "/cgroup.controllers")
        if controllers is not None and controller.encode() in controllers.split():
            return True
    return False


def _directory(path: str, mounts: Sequence[Tuple[str, str]]) -> Optional[str]:
    for root, point in mounts:
        if below(path, root) and ".." not in path.split("/"):
            return point + (path if root == "/" else path[len(root) :])
    return None


def _number(directory: str, name: str) -> Optional[int]:
    """What a file of the group says, `max` as a number beyond all; None where the group has no such file."""
    data = _read(directory + "/" + name)
    if data is None:
        if not os.path.isdir(directory):
            raise Unreadable(f"{directory} is gone")
        return None
    try:
        return _UNLIMITED if data.strip() == b"max" else int(data)
    except ValueError:
        raise Unreadable(f"{directory}/{name}: {data[:40]!r} is no number")


def _read(path: str) -> Optional[bytes]:
    """A file of the kernel's, None where there is none."""
    try:
        return bounded_file.read(path, _READ_LIMIT, end=bounded_file.ONE_RECORD)
    except (FileNotFoundError, ProcessLookupError):
        return None
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}")
    except ValueError as error:
        raise Unreadable(str(error))
