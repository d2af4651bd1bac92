# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copy a tree as it is, by cp; bring the copy up to date. I/O.

cp keeps modes, owners, times, hard links, holes, ACLs and extended attributes, shares blocks where the file system can,
and copies device files as such. Where change times prove what did not change since, `update` brings the copy up to date;
elsewhere rsync does, which is slower.
"""

import os
import shutil
from typing import Callable, Dict, Iterable, List, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.migration import (
    carriers,
    sandbox,
    tree,
    update,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap
from ansible_collections.containment.docker.plugins.module_utils.migration.identities import (
    Identities,
    oldest_change,
    read_clock,
)

# xattr: by itself --archive takes it for no failure where an attribute can't be written
_COPY = (
    "cp",
    "--archive",
    "--preserve=xattr",
    "--sparse=auto",
    "--reflink=auto",
    "--no-target-directory",
    "/from/.",
    "/to",
)
# Times are compared by nanoseconds: -1, from rsync 3.1.3 on; an earlier one takes all for changed. By itself it compares seconds.
_UPDATE = (
    "rsync --archive --hard-links --acls --xattrs --sparse --numeric-ids --devices --specials --delete --inplace "
    "--modify-window=-1"
).split()
# ns: what file systems with whole seconds may lose
_SECOND = 10**9
# How long one sync is good for several volumes: what is written meanwhile is copied again by the last copy.
_SETTLED = 30 * _SECOND
# How much earlier than a first copy a change must be to be in it for certain: a write that goes to the disk directly is noted
# when it begins.
_IN_FLIGHT = 10 * _SECOND
# linux: include/uapi/linux/binfmts.h, MAX_ARG_STRLEN is 32 pages; a container may use each id of the range
_LONGEST = 32 * 4096 - 1
# rsync(1), EXIT VALUES: partial transfer, also where a file vanishes before its attributes are read; files vanished. A full disk
# is 11, but for what is made without content.
_INCOMPLETE = (23, 24)
_VANISHED = 24
_PLACE = "/usr/bin:/bin:/usr/local/bin"
# overlayfs: which lower file a copied-up one came from; it is another one in another data root
_OVERLAY = ("trusted.overlay.origin", "trusted.overlay.impure", "trusted.overlay.nlink", "trusted.overlay.uuid")


class Changed(Exception):
    """The source changed while nothing should write to it; the text says which."""


def can_update(source: str) -> bool:
    """Whether a first copy can be brought up to date, without which the whole copy waits until containers are stopped."""
    return update.is_exact(source) or has_rsync()


def has_rsync() -> bool:
    return shutil.which("rsync", path=_PLACE) is not None


def copy(source: str, target: str, ids: IdMap) -> None:
    """Make target, an empty directory, a copy of source with the host's ids.

    Raises CommandError, OSError, Unshiftable.
    """
    sandbox.between(source, target, _COPY)
    tree.shift(target, ids)


def copy_live(source: str, target: str, ids: IdMap, earlier: Identities, settled: Dict[int, int]) -> int:
    """As `copy`, while containers may change the source: what vanishes meanwhile is no error.

    Returns the moment before it began, ns since the epoch; 0 where it may lack more than what changed since.

    cp is faster than rsync, but ends with an error where a file vanishes: rsync then goes on from what is there. What it leaves
    out, the last copy takes, which tolerates nothing. earlier: of source, so that rsync need not give most files away twice.

    A file that is written to while it is copied may have the size and the time of its copy for ever: where a tick of the clock
    had room for both, or where a program writes to memory that the kernel knows to be dirty already. After a sync it knows
    none, so whoever writes later leaves a later time; and copies of what has such a time lose theirs, so that rsync takes them.
    settled: by device, the moment before its last sync; is updated.
    """
    moment = _settle(source, settled)
    complete = True
    try:
        sandbox.between(source, target, _COPY)
    except sandbox.CommandError as first:
        complete = _continue(source, target, ids, earlier, first)
    tree.shift(target, ids, moment - _SECOND)
    return moment if complete else 0


def _continue(source: str, target: str, ids: IdMap, earlier: Identities, first: sandbox.CommandError) -> bool:
    """Go on by rsync where cp ended early; whether nothing but what vanished was left out. Raises CommandError."""
    full = not os.statvfs(target).f_bavail  # rsync's last words don't name a full disk
    if not has_rsync():
        if full or first.status != 1:
            raise first
        return False
    tree.shift(target, ids)
    try:
        _run_rsync(source, target, _maps(earlier.users, earlier.groups, ids) or ())
    except sandbox.CommandError as error:
        if error.status not in _INCOMPLETE or not os.statvfs(target).f_bavail:
            raise sandbox.CommandError(f"{first}; {error}", error.status)
        return error.status == _VANISHED
    return True


def _settle(source: str, settled: Dict[int, int]) -> int:
    """Have the kernel write what is dirty on source's file system, unless it did a short time ago; the moment before."""
    device, now = os.lstat(source).st_dev, read_clock()
    if not settled.get(device, 0) <= now < settled.get(device, 0) + _SETTLED:
        sandbox.run(["sync", "-f", source])  # not all file systems: one of another host may not answer
        settled[device] = now
    return settled[device]


def copy_last(
    source: str,
    target: str,
    ids: IdMap,
    earlier: Optional[Identities],
    since: int = 0,
    go_on: Callable[[], None] = lambda: None,
) -> None:
    """The last copy, while nothing writes.

    earlier: of source, from before its first copy to target; None where it has none. since: what `copy_live` returned. go_on: is
    called now and then, to raise what stops the copy. Raises Changed where something wrote nevertheless, and what `copy` raises.
    """
    begin = read_clock()
    if earlier is not None and since and update.is_exact(source):
        base = update.Base(oldest_change(earlier._replace(moment=since), _IN_FLIGHT), earlier.directories)
        try:
            update.update(source, target, ids, base, go_on)
        except update.Moved:
            raise _changed(source)
    elif earlier is not None and has_rsync() and _update(source, target, ids, earlier, begin):
        return
    else:
        empty(target)
        copy(source, target, ids)
    require_rest(source, begin)


def require_rest(source: str, moment: int) -> None:
    """Raises Changed where anything in source changed at that moment (ns since the epoch) or later."""
    if tree.changed_since(source, moment):
        raise _changed(source)


def _update(source: str, target: str, ids: IdMap, earlier: Identities, begin: int) -> bool:
    """Make target, a copy of ours, the same as source again. Only what changed is written. False where rsync can't be told
    about so many ids.

    rsync maps owners, and writes ACLs and capabilities as the source has them: these are written anew afterwards. One walk
    afterwards reads what they are now, whether anything changed meanwhile, and whether ids came since the earlier one,
    of which rsync did not know.
    """
    users, groups = earlier.users, earlier.groups
    while True:
        maps = _maps(users, groups, ids)
        if maps is None:
            return False
        _run_rsync(source, target, maps)
        content = carriers.read(source, earlier)
        if content.latest >= begin:
            raise _changed(source)
        if content.users <= users and content.groups <= groups:
            break
        users, groups = users | content.users, groups | content.groups
    carriers.write(target, content.carriers, ids)
    return True


def _changed(source: str) -> Changed:
    return Changed(f"{source} is written to by something that is no container")


def _run_rsync(source: str, target: str, maps: Sequence[str]) -> None:
    sandbox.between(source, target, [*_UPDATE, *maps, "/from/", "/to/"])


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


def _maps(users: Iterable[int], groups: Iterable[int], ids: IdMap) -> Optional[List[str]]:
    """rsync's options that map these owners; None where they are too long for a program. Raises Unshiftable."""
    pairs = (("--usermap=", _pairs(users, ids.user)), ("--groupmap=", _pairs(groups, ids.group)))
    maps = [option + text for option, text in pairs if text]
    return None if any(len(text) > _LONGEST for text in maps) else maps


def _pairs(numbers: Iterable[int], mapping: Callable[[int], Optional[int]]) -> str:
    pairs = []
    for number in sorted(numbers):
        mapped = mapping(number)
        if mapped is None:
            raise tree.Unshiftable(f"something belongs to id {number}, for which the range has no room")
        pairs.append(f"{number}:{mapped}")
    return ",".join(pairs)
