# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""userns-remap: ids of the containers' ranges that somebody else on the host has, or may get. Pure.

Such a container's processes could read what belongs to that user, and signal its processes; and the other way round.
"""

from typing import Any, FrozenSet, Iterable, List, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.subject import bound_subject
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.forecast.host_ids import HostIds, OwnedFiles
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import (
    CERTAIN,
    HOST,
    LIKELY,
    POSSIBLE,
    Item,
)
from ansible_collections.containment.docker.plugins.module_utils.linux import domain_ids
from ansible_collections.containment.docker.plugins.module_utils.linux.subordinate_ids import Range

NAME = "userns-remap"
_REMEDY = "give the user another range in /etc/subuid and /etc/subgid before anything is remapped"


def note(_name: str, evidence: Evidence) -> FrozenSet[str]:
    """Keep what a container mounts of the host: files there may have been given to the new ids on purpose."""
    mounts = evidence["inspect"].get("Mounts") or ()
    return frozenset(str(mount.get("Source") or "").rstrip("/") for mount in mounts if mount.get("Type") == "bind") - {
        ""
    }


def of_all(shared: Evidence, notes: Sequence[Tuple[str, Any]]) -> Iterable[Item]:
    """Say who else has these ids. Raise Unreadable, after all others, for what could not be looked at."""
    remapping = shared["remapping"]
    if remapping.turned_off or remapping.mapping is None:
        return
    ids: HostIds = shared["host_ids"]
    mounted = frozenset(source for _name, sources in notes for source in sources or ())
    yield from _of_names(ids)
    yield from _of_processes(ids)
    for owned in ids.files:
        yield from _of_files(owned, mounted)
    for own, other in ids.domains:
        yield _of_range("ids-of-domain", own, other, LIKELY, f"the {other.owner} gives its users")
    for own, other in ids.systemd:
        sure = LIKELY if other == domain_ids.DYNAMIC else POSSIBLE
        yield _of_range("ids-of-systemd", own, other, sure, f"{other.owner} takes")
    if ids.unknown:
        raise Unreadable("; ".join(ids.unknown[:5]))


def _of_names(ids: HostIds) -> Iterable[Item]:
    for kind, number, name in ids.names:
        yield Item(
            NAME,
            f"ids-of-{kind}",
            bound_subject(f"{HOST}:{name}"),
            CERTAIN,
            f"the {kind} {inert(name, 100)} has the id {number}, which containers would get as well: each can reach what is the "
            "other's",
            _REMEDY,
            {"id": number},
        )


def _of_processes(ids: HostIds) -> Iterable[Item]:
    if not ids.processes:
        return
    first, count = ids.processes[0], len(ids.processes)
    who = f"{count} process{'es' if count > 1 else ''} outside of containers"
    yield Item(
        NAME,
        "ids-of-processes",
        HOST,
        LIKELY,
        f"{who}, as {inert(first.program, 60)} with uid {first.uid} and gid {first.gid}, "
        f"{'have' if count > 1 else 'has'} ids that containers would get as well",
        _REMEDY,
        {"processes": count, "pid": first.pid, "uid": first.uid, "gid": first.gid},
    )


def _of_files(owned: OwnedFiles, mounted: FrozenSet[str]) -> Iterable[Item]:
    files = [file for file in owned.files if not _is_mounted(file.path, mounted)]
    if not files:
        return
    first, count = files[0], len(files)
    what = inert(first.path, 200) + (f" and {count - 1} more" if count > 1 else "")
    yield Item(
        NAME,
        "ids-of-files",
        bound_subject(f"{HOST}:{owned.place}"),
        LIKELY if owned.of_user else POSSIBLE,
        f"{what} in {owned.place} belongs to {first.uid}:{first.gid}, which containers would get as well: they could use it as "
        "their own",
        f"{_REMEDY}, or give the files to another owner",
        {"path": inert(first.path, 300), "uid": first.uid, "gid": first.gid, "files": count},
    )


def _is_mounted(path: str, mounted: FrozenSet[str]) -> bool:
    """Whether a container mounts it, or something on the way to it or below it."""
    parts: List[str] = path.split("/")
    ways = {"/".join(parts[:count]) for count in range(2, len(parts) + 1)}
    return not ways.isdisjoint(mounted) or any(source.startswith(path + "/") for source in mounted)


def _of_range(kind: str, own: Range, other: Range, sure: str, who: str) -> Item:
    return Item(
        NAME,
        kind,
        bound_subject(f"{HOST}:{other.owner}"),
        sure,
        f"{inert(who, 200)} ids from {other.first} to {other.end - 1}, and containers would get {own.first} to {own.end - 1}",
        _REMEDY,
        {"first": other.first, "last": other.end - 1, "own first": own.first, "own last": own.end - 1},
    )
