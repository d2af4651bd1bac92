# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copy a tree as it is, by cp; bring the copy up to date, by rsync. I/O.

cp keeps modes, owners, times, hard links, holes, ACLs and extended attributes, shares blocks where the file system can,
and copies device files as such.
"""

import itertools
import os
import shutil
import stat
import time
from typing import Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.migration import attributes, sandbox, tree
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap

_COPY = ("cp", "--archive", "--sparse=auto", "--reflink=auto", "--no-target-directory", "/from/.", "/to")
_UPDATE = "rsync --archive --hard-links --acls --xattrs --sparse --numeric-ids --devices --specials --delete --inplace".split()
# linux: include/uapi/linux/time.h, CLOCK_REALTIME_COARSE
_COARSE = 5
# rsync(1), EXIT VALUES: partial transfer, also where a file vanishes before its attributes are read; files vanished. A full disk
# is 11, but for what is made without content.
_INCOMPLETE = (23, 24)
_PLACE = "/usr/bin:/bin:/usr/local/bin"
# overlayfs: which lower file a copied-up one came from; it is another one in another data root
_OVERLAY = ("trusted.overlay.origin", "trusted.overlay.impure", "trusted.overlay.nlink", "trusted.overlay.uuid")


class Changed(Exception):
    """The source changed while nothing should write to it; the text says which."""


def can_update() -> bool:
    """Whether this host has rsync, without which the whole copy waits until containers are stopped."""
    return shutil.which("rsync", path=_PLACE) is not None


def copy(source: str, target: str, ids: IdMap) -> None:
    """Make target, an empty directory, a copy of source with the host's ids.

    Raises CommandError, OSError, Unshiftable.
    """
    sandbox.between(source, target, _COPY)
    tree.shift(target, ids)


def copy_live(source: str, target: str, ids: IdMap) -> None:
    """As `copy`, while containers may change the source: what vanishes meanwhile is no error. Needs rsync.

    cp is faster, but ends with an error where a file vanishes: rsync then goes on from what is there. What it leaves out, the
    last copy takes, which tolerates nothing.
    """
    try:
        sandbox.between(source, target, _COPY)
    except sandbox.CommandError as first:
        tree.shift(target, ids)
        try:
            update(source, target, ids)
        except sandbox.CommandError as error:
            if error.status not in _INCOMPLETE or not os.statvfs(target).f_bavail:
                # rsync's last words don't name a full disk
                raise sandbox.CommandError(f"{first}; {error}", error.status)
    tree.shift(target, ids)


def update(source: str, target: str, ids: IdMap) -> None:
    """Make target, a copy made by `copy`, the same as source again. Only what changed is written.

    rsync maps owners, and writes ACLs and capabilities as the source has them: these are written anew afterwards.
    Raises CommandError, OSError, Unshiftable.
    """
    users, groups, carriers = _identities(source)
    argv = list(_UPDATE)
    argv.append("--usermap=" + _pairs(users, ids.user))
    argv.append("--groupmap=" + _pairs(groups, ids.group))
    sandbox.between(source, target, [*argv, "/from/", "/to/"])
    _write_carriers(target, carriers, ids)


def _write_carriers(target: str, carriers: Mapping[str, Sequence[Tuple[str, bytes]]], ids: IdMap) -> None:
    """Write attributes that carry ids, anew. The target is walked, as a path of the source may lead elsewhere in it by now."""
    if not carriers:
        return
    for path, place in itertools.chain([("", target)], _places(target)):
        for name, value in carriers.get(path, ()):
            shifted = attributes.shift(name, value, ids)
            if shifted is None:
                raise tree.Unshiftable(f"{inert(path)} has {name} with an id for which the range has no room")
            os.setxattr(place, name, shifted, follow_symlinks=False)


def _places(root: str) -> Iterator[Tuple[str, str]]:
    """(path below root, place that no link leads away from) of each entry that is no link."""
    for handle, name, path, status in tree.walk(root):
        if not stat.S_ISLNK(status.st_mode):
            yield path, f"/proc/self/fd/{handle}/{name}"


def copy_last(source: str, target: str, ids: IdMap, has_copy: bool) -> None:
    """The last copy, while nothing writes: by rsync where an earlier one is there and rsync is installed.

    Raises Changed where something wrote nevertheless, and what `copy` raises.
    """
    begin = _now()
    if has_copy and can_update():
        update(source, target, ids)
    else:
        empty(target)
        copy(source, target, ids)
    if tree.changed_since(source, begin):
        raise Changed(f"{source} is written to by something that is no container")


def copy_layer(source: str, target: str, ids: IdMap) -> None:
    """Copy a stopped container's own layer of overlay2 over that of one that never ran. Raises what `copy` raises."""
    empty(target)
    sandbox.between(source, target, _COPY)
    for handle, name, _path, _status in tree.walk(target):
        _forget_origin(f"/proc/self/fd/{handle}/{name}")
    _forget_origin(target)
    tree.shift(target, ids)


def _forget_origin(path: str) -> None:
    try:
        names = os.listxattr(path, follow_symlinks=False)
    except OSError:
        return
    for name in names:
        if name in _OVERLAY:
            os.removexattr(path, name, follow_symlinks=False)


def empty(path: str) -> None:
    """Remove what is in a directory of ours. Raises OSError."""
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)


def _pairs(numbers: Set[int], mapping: Callable[[int], Optional[int]]) -> str:
    pairs = []
    for number in sorted(numbers):
        mapped = mapping(number)
        if mapped is None:
            raise tree.Unshiftable(f"something belongs to id {number}, for which the range has no room")
        pairs.append(f"{number}:{mapped}")
    return ",".join(pairs)


def _identities(root: str) -> Tuple[Set[int], Set[int], Dict[str, List[Tuple[str, bytes]]]]:
    """The owners, the groups, and by path below root (name, value) of each attribute that carries ids."""
    status = os.lstat(root)
    users, groups = {status.st_uid}, {status.st_gid}
    carriers = {"": _carriers(root)}
    for handle, name, path, status in tree.walk(root):
        users.add(status.st_uid)
        groups.add(status.st_gid)
        values = [] if stat.S_ISLNK(status.st_mode) else _carriers(f"/proc/self/fd/{handle}/{name}")
        if values:
            carriers[path] = values
    return users, groups, carriers


def _carriers(place: str) -> List[Tuple[str, bytes]]:
    try:
        names = os.listxattr(place, follow_symlinks=False)
        carriers = [name for name in names if name in attributes.ACLS or name == attributes.CAPABILITY]
        return [(name, os.getxattr(place, name, follow_symlinks=False)) for name in carriers]
    except OSError:
        return []


def _now() -> int:
    """The time by the clock that file systems take their times from: ns since the epoch."""
    return int(time.clock_gettime(_COARSE) * 1e9)
