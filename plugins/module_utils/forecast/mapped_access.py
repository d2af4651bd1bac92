# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may read and write a file, now and with remapped ids. Pure.

linux: fs/namei.c, generic_permission; kernel/capability.c, capable_wrt_inode_uidgid: a capability of a user namespace
counts for a file only where owner and group are both mapped into it.
"""

from typing import FrozenSet, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux.subordinate_ids import Range

READ, WRITE, EXECUTE = 4, 2, 1
# What an id becomes that no range of the mapping has: it can't be used at all.
UNMAPPED = -1
# An id that only the image can tell: whatever files of ordinary users are granted counts for it now.
UNKNOWN = -2


class Mapping(NamedTuple):
    """The ranges of the host's ids that the ids of a container become, in their order."""

    uids: Tuple[Range, ...]
    gids: Tuple[Range, ...]


class Identity(NamedTuple):
    """Who a process is, by ids of its container. overrides: it has CAP_DAC_OVERRIDE in effect; reads: CAP_DAC_READ_SEARCH.

    program: its name, "" for what would be started.
    """

    uid: int
    gid: int
    groups: FrozenSet[int] = frozenset()
    overrides: bool = False
    reads: bool = False
    program: str = ""


class File(NamedTuple):
    """A file of the host. kind: as places.Place has it; uid, gid: the host's; mode: its permissions."""

    path: str
    kind: str
    uid: int
    gid: int
    mode: int


def to_host(number: int, ranges: Sequence[Range]) -> int:
    """Map an id of a container to the host's, UNMAPPED where no range has it."""
    for item in ranges if number >= 0 else ():
        if number < item.count:
            return item.first + number
        number -= item.count
    return UNMAPPED


def is_mapped(number: int, ranges: Sequence[Range]) -> bool:
    """Tell whether an id of the host is one that a container can have."""
    return any(item.first <= number < item.end for item in ranges)


def remapped(identity: Identity, mapping: Mapping) -> Identity:
    """Give a process the ids that it has on the host with this mapping."""
    return identity._replace(
        uid=to_host(identity.uid, mapping.uids),
        gid=to_host(identity.gid, mapping.gids),
        groups=frozenset(to_host(group, mapping.gids) for group in identity.groups),
    )


def may(identity: Identity, file: File, wanted: int, mapping: Optional[Mapping] = None) -> bool:
    """Tell whether a process may do all of `wanted` with a file. identity: by the host's ids.

    mapping: that of its user namespace, None for the host's own. ACLs are not looked at.
    """
    if file.uid == identity.uid:
        bits = file.mode >> 6
    elif file.gid == identity.gid or file.gid in identity.groups:
        bits = file.mode >> 3
    else:
        bits = file.mode
    if identity.uid == UNKNOWN and file.uid:
        bits |= file.mode >> 6
    if identity.gid == UNKNOWN and file.gid:
        bits |= file.mode >> 3
    if bits & wanted == wanted:
        return True
    if mapping is not None and not (is_mapped(file.uid, mapping.uids) and is_mapped(file.gid, mapping.gids)):
        return False
    if identity.overrides:
        return file.kind == "dir" or not wanted & EXECUTE or bool(file.mode & 0o111)
    reading = READ | EXECUTE if file.kind == "dir" else READ
    return identity.reads and not wanted & ~reading


def lost(identities: Sequence[Identity], file: File, mapping: Mapping, writable: bool) -> str:
    """Say what some of these processes can do with a file now and could not do with remapped ids: "", "read" or "write"."""
    through = EXECUTE if file.kind == "dir" else 0
    losses: List[str] = []
    for identity in identities:
        then = remapped(identity, mapping)
        for word, bits, counts in (("read", READ, True), ("write", WRITE, writable)):
            if counts and may(identity, file, bits | through) and not may(then, file, bits | through, mapping):
                losses.append(word)
    return "read" if "read" in losses else "write" if losses else ""
