# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What userns-remap needs of this host: users, subordinate ids, the kernel's limit. I/O; what to decide is in subordinate_ids."""

import grp
import pwd
import re
import shutil
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common import programs
from ansible_collections.containment.docker.plugins.module_utils.linux import replaceable, subordinate_ids
from ansible_collections.containment.docker.plugins.module_utils.transaction import config_file, exclusive

SUBUID, SUBGID = "/etc/subuid", "/etc/subgid"
LOCK_SECONDS = 30

# shadow: libmisc/chkname.c; a colon or a newline would make another line of /etc/subuid
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}\$?\Z")


def unready(remap: str, assume: Sequence[str] = ()) -> List[str]:
    """Why this host can't remap to that user. assume: what a check run takes for prepared, "user_namespaces" or
    "subordinate_ids"."""
    reasons: List[str] = []
    if subordinate_ids.turns_off(remap):
        return reasons
    if "user_namespaces" not in assume and read_most_user_namespaces() == 0:
        reasons.append("user.max_user_namespaces is 0, so userns-remap can't work")
    if "subordinate_ids" not in assume:
        reasons += _id_problems(remap)
    return reasons


def read_most_user_namespaces() -> Optional[int]:
    """Return user.max_user_namespaces, None where the kernel has no such limit or it can't be read."""
    try:
        with open("/proc/sys/user/max_user_namespaces", "r") as stream:
            return int(stream.read())
    except (OSError, ValueError):
        return None


class Side(NamedTuple):
    """One of the two files. names: how it may call the user (none if user or group don't exist); ids: all real ones.

    missing: the user or group that doesn't exist, or "".
    """

    path: str
    name: str
    names: List[str]
    ids: List[int]
    missing: str


def sides(user: str, group: str) -> List[Side]:
    """Both sides. The ids of groups, too, belong to the user: the group must only exist.

    moby: from 20.10.3, pkg/idtools LoadIdentityMapping (later internal/usergroup), which is given only the user.
    """
    users = _names(user, pwd.getpwnam, pwd.getpwuid, "pw_name", "pw_uid")
    groups = _names(group, grp.getgrnam, grp.getgrgid, "gr_name", "gr_gid")
    name = users[0] if users else user
    return [
        Side(SUBUID, name, users, [p.pw_uid for p in pwd.getpwall()], "" if users else user),
        Side(SUBGID, name, users if groups else [], [g.gr_gid for g in grp.getgrall()], "" if groups else group),
    ]


def provide(user: str, group: str, count: int, check: bool) -> Dict[str, Any]:
    """The result of the module subordinate_ids. ValueError or ConfigError with one sentence."""
    for name in (user, group):
        if not _NAME.match(name):
            raise ValueError(f"{name!r} is not a name that a user or group can have")
    both = sides(user, group)
    if check:
        return _provide(both, count, check)
    with exclusive.lock(both[0].path, LOCK_SECONDS):
        return _provide(both, count, check)


def _provide(both: Sequence[Side], count: int, check: bool) -> Dict[str, Any]:
    files = [config_file.look(side.path) for side in both]
    texts = [(file.data or b"").decode("utf-8", "surrogateescape") for file in files]
    ranges = [subordinate_ids.parse(text, side.path) for text, side in zip(texts, both)]
    result: Dict[str, Any] = {"changed": False, "diff": []}
    first = None
    for side, file, text, known, key in zip(both, files, texts, ranges, ("subuid", "subgid")):
        if side.missing and not check:
            raise ValueError(f"{side.missing} does not exist, so it can't have ids in {side.path}")
        own = [item for item in subordinate_ids.of(known, side.names or [side.name]) if item.count]
        why = subordinate_ids.overlap(known, side.names or [side.name], side.ids)
        if why:
            raise ValueError(f"{side.path}: {side.name} has a range already, but {why}")
        if own:
            result[key] = [own[0].first, own[0].count]
            continue
        if first is None:
            first = subordinate_ids.free(ranges[0] + ranges[1], both[0].ids + both[1].ids, count)
        after = subordinate_ids.added(text, side.name, first, count)
        reason = replaceable.obstacle(side.path) if check else ""
        if reason:
            raise config_file.ConfigError(f"{side.path} cannot be written: {reason}")
        if not check:
            config_file.write(side.path, after.encode("utf-8", "surrogateescape"), expected=file)
        result[key] = [first, count]
        result["changed"] = True
        result["diff"].append({"before_header": side.path, "after_header": side.path, "before": text, "after": after})
    return result


def _id_problems(remap: str) -> List[str]:
    made_by_dockerd = remap == "default" and _dockerd_makes_users()
    for side in sides(*subordinate_ids.split_user(remap)):
        if side.missing and not made_by_dockerd:
            return [f"userns-remap names {side.missing}, which does not exist"]
        try:
            ranges = subordinate_ids.parse(read_text(side.path), side.path)
        except ValueError as error:
            return [str(error)]
        names = side.names or [side.name]
        if not made_by_dockerd and not any(item.count for item in subordinate_ids.of(ranges, names)):
            return [f"{side.name} has no subordinate ids in {side.path}"]
        why = subordinate_ids.overlap(ranges, names, side.ids)
        if why:
            return [f"{side.name} can't be used for userns-remap: {why} ({side.path})"]
    return []


def _dockerd_makes_users() -> bool:
    """For "default" dockerd makes user and ranges itself where it finds these (moby: pkg/idtools/usergroupadd_linux.go)."""
    installed = {name for name in ("useradd", "adduser", "usermod") if shutil.which(name, path=programs.PATH)}
    return "usermod" in installed and len(installed) > 1


def _names(
    name: str, by_name: Callable[..., Any], by_id: Callable[..., Any], name_field: str, id_field: str
) -> List[str]:
    try:
        entry = by_id(int(name)) if name.isdigit() else by_name(name)
    except KeyError:
        return []
    return [getattr(entry, name_field), str(getattr(entry, id_field))]


def read_text(path: str) -> str:
    """Return what one of the two files says, "" where there is none. Raise ValueError."""
    try:
        with open(path, "r", encoding="utf-8", errors="surrogateescape") as stream:
            return stream.read(1 << 20)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}")


def remapped(remap: str) -> List[str]:
    """The last component that the data root may have with that remapping, none where no range is known yet."""
    if subordinate_ids.turns_off(remap):
        return []
    try:
        uids, gids = (
            subordinate_ids.of(subordinate_ids.parse(read_text(side.path), side.path), side.names)
            for side in sides(*subordinate_ids.split_user(remap))
        )
    except ValueError:
        return []
    return [f"{int(uid.first)}.{int(gid.first)}" for uid in uids for gid in gids]
