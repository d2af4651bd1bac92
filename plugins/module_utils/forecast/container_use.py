# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the processes of a container are and hold open, for what the forecast asks of them. I/O only: decides nothing.

Nothing is opened by a path of the container: /proc/<pid>/fd says what is open, and only descriptors on a mount that the
host has, too, and whose filesystem keeps nobody waiting, are looked at.
"""

import os
import stat
from typing import Any, Dict, FrozenSet, Iterable, List, Mapping, NamedTuple, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.forecast.mapped_access import File, Identity
from ansible_collections.containment.docker.plugins.module_utils.linux import places, procfs
from ansible_collections.containment.docker.plugins.module_utils.linux.process_handle import (
    Gone,
    ProcessHandle,
    open_member,
)

PROCESS_LIMIT = 200  # of one container; the rest is an obstacle
DESCRIPTOR_LIMIT = 2000  # of one process
_WRITING = os.O_WRONLY | os.O_RDWR


class OpenFile(NamedTuple):
    """An open file on a mount. point: where the container has the mount; writes: whether it is open for writing."""

    identity: Identity
    point: str
    file: File
    writes: bool
    number: Tuple[int, int] = (0, 0)


class Use(NamedTuple):
    """identities: of its processes, each once; open: what they hold open on mounts; incomplete: what was not looked at, or "";
    descriptors: how many files the process with the most of them holds open; personalities: of its processes, see personality(2).
    """

    identities: Tuple[Identity, ...]
    open: Tuple[OpenFile, ...]
    incomplete: str = ""
    descriptors: int = 0
    personalities: FrozenSet[int] = frozenset()


def look(container: str, pids: Iterable[int], mounts: Sequence[procfs.Mount], points: FrozenSet[str]) -> Use:
    """Look at the processes. mounts: their mountinfo; points: where the container has what is looked at. Raise Unreadable."""
    by_id = {
        str(mount.id): mount.point for mount in mounts if mount.point in points and not places.is_slow(mount.fstype)
    }
    identities: Dict[Identity, None] = {}
    files: List[OpenFile] = []
    incomplete, most = "", 0
    personalities = set()
    for count, pid in enumerate(sorted(set(pids))):
        if count == PROCESS_LIMIT:
            incomplete = f"it has more than {PROCESS_LIMIT} processes"
            break
        try:
            with open_member(container, pid) as process:
                identity = parse_identity(process.read("status"))
                identities[identity] = None
                most = max(most, _count_descriptors(process))
                personalities.add(_personality(process))
                if by_id:
                    files += _open_files(process, identity, by_id)
        except Gone:
            continue
        except (OSError, ValueError) as error:
            incomplete = f"process {int(pid)}: {getattr(error, 'strerror', None) or error}"
    if not identities:
        raise Unreadable(incomplete or "all of its processes ended while they were looked at")
    return Use(tuple(identities), tuple(files), incomplete, most, frozenset(personalities))


def parse_identity(status: bytes) -> Identity:
    """Parse /proc/<pid>/status. Raise ValueError. Files are opened with the ids of the filesystem."""
    pairs = (line.partition(b":\t") for line in status.split(b"\n"))
    fields: Mapping[bytes, bytes] = {key: value for key, _tab, value in pairs}
    try:
        effective = procfs.capabilities(int(fields[b"CapEff"], 16))
        return Identity(
            uid=procfs.numbers(fields[b"Uid"], 4)[3],
            gid=procfs.numbers(fields[b"Gid"], 4)[3],
            groups=frozenset(int(group) for group in fields[b"Groups"].split()),
            overrides="DAC_OVERRIDE" in effective,
            reads="DAC_READ_SEARCH" in effective,
            program=fields[b"Name"].decode("utf-8", "backslashreplace"),
        )
    except KeyError as key:
        raise ValueError(f"status has no {key}")


def _personality(process: ProcessHandle) -> int:
    try:
        return int(process.read("personality"), 16)
    except PermissionError:
        return 0  # Yama may keep even root from it: such a one was never changed, as far as is known


def _count_descriptors(process: ProcessHandle) -> int:
    directory = os.open("fd", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=process.directory)
    try:
        return len(os.listdir(directory))
    finally:
        os.close(directory)


def _open_files(process: ProcessHandle, identity: Identity, points: Mapping[str, str]) -> List[OpenFile]:
    files: List[OpenFile] = []
    directory = os.open("fd", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=process.directory)
    try:
        for name in os.listdir(directory)[:DESCRIPTOR_LIMIT]:
            try:
                info = _info(process.read(f"fdinfo/{int(name)}"))
                point = points.get(info.get("mnt_id", ""))
                if point is None:
                    continue
                path = os.readlink(name, dir_fd=directory)
                status = os.stat(name, dir_fd=directory)
            except (OSError, ValueError):
                continue  # closed meanwhile
            writes = bool(int(info.get("flags", "0"), 8) & _WRITING)
            files.append(OpenFile(identity, point, file_of(path, status), writes, _number(status)))
    finally:
        os.close(directory)
    return files


def file_of(path: str, status: Any) -> File:
    """Make a File of what os.stat said."""
    kind = next((name for is_one, name in places.KINDS if is_one(status.st_mode)), "")
    return File(path, kind, status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode))


def _number(status: Any) -> Tuple[int, int]:
    return (os.major(status.st_rdev), os.minor(status.st_rdev))


def _info(data: bytes) -> Dict[str, str]:
    pairs = (line.partition(":\t") for line in data.decode("ascii", "replace").split("\n"))
    return {key: value.strip() for key, _tab, value in pairs}
