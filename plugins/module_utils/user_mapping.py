# Copyright: (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether this host can remap users for userns-remap: users, subordinate ids, the kernel's limit. Reads only."""

import grp
import pwd
import shutil
from typing import List, Sequence

from ansible_collections.containment.docker.plugins.module_utils import subordinate_ids

SUBUID, SUBGID = "/etc/subuid", "/etc/subgid"


def unready(remap, assume=()):
    # type: (str, Sequence[str]) -> List[str]
    """Why this host can't remap to that user. assume: what a check run takes for prepared, "user_namespaces" or
    "subordinate_ids"."""
    reasons = []
    if "user_namespaces" not in assume and _most_user_namespaces() == 0:
        reasons.append("user.max_user_namespaces is 0, so userns-remap can't work")
    if "subordinate_ids" not in assume:
        reasons += _id_problems(remap)
    return reasons


def _most_user_namespaces():
    try:
        with open("/proc/sys/user/max_user_namespaces", "r") as stream:
            return int(stream.read())
    except (OSError, ValueError):
        return None


def _id_problems(remap):
    user, group = subordinate_ids.split_user(remap)
    files = ((SUBUID, user, _names(user, pwd.getpwnam, pwd.getpwuid, "pw_uid", "pw_name"), [p.pw_uid for p in pwd.getpwall()]),
             (SUBGID, group, _names(group, grp.getgrnam, grp.getgrgid, "gr_gid", "gr_name"), [g.gr_gid for g in grp.getgrall()]))
    for path, name, names, ids in files:
        if not names and not (remap == "default" and _dockerd_makes_users()):
            return ["userns-remap names %s, which does not exist" % name]
        try:
            ranges = subordinate_ids.parse(_text(path), path)
        except ValueError as error:
            return [str(error)]
        own = [item for item in subordinate_ids.of(ranges, names or [name]) if item.count]
        if not own and not (remap == "default" and _dockerd_makes_users()):
            return ["%s has no subordinate ids in %s" % (name, path)]
        why = subordinate_ids.overlap(ranges, names or [name], ids)
        if why:
            return ["%s can't be used for userns-remap: %s (%s)" % (name, why, path)]
    return []


def _dockerd_makes_users():
    """For "default" dockerd makes user and ranges itself where it finds these (moby: pkg/idtools/usergroupadd_linux.go)."""
    return bool(shutil.which("useradd") or shutil.which("adduser")) and bool(shutil.which("usermod"))


def _names(name, by_name, by_id, id_field, name_field):
    try:
        found = by_id(int(name)) if name.isdigit() else by_name(name)
    except KeyError:
        return []
    return [getattr(found, name_field), str(getattr(found, id_field))]


def _text(path):
    try:
        with open(path, "r", encoding="utf-8", errors="surrogateescape") as stream:
            return stream.read(1 << 20)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ValueError("%s: %s" % (path, error.strerror))


def remapped(remap):
    # type: (str) -> List[str]
    """The last component that the data root may have with that remapping, none where no range is known yet."""
    user, group = subordinate_ids.split_user(remap)
    try:
        uids = subordinate_ids.of(subordinate_ids.parse(_text(SUBUID), ""), _names(
            user, pwd.getpwnam, pwd.getpwuid, "pw_uid", "pw_name"))
        gids = subordinate_ids.of(subordinate_ids.parse(_text(SUBGID), ""), _names(
            group, grp.getgrnam, grp.getgrgid, "gr_gid", "gr_name"))
    except ValueError:
        return []
    return ["%d.%d" % (uid.first, gid.first) for uid in uids for gid in gids]
