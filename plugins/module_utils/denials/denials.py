# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say which container was denied what, and what cures it. Pure.

What stands in a denial is chosen by the container that was denied: it is shown inert, and says nothing about others but
by the labels and process numbers that the kernel put there.
"""

import datetime
from collections import OrderedDict
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.subject import bound_subject
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver
from ansible_collections.containment.docker.plugins.module_utils.denials import remedies as denial_cures
from ansible_collections.containment.docker.plugins.module_utils.denials import waivers as denial_waivers
from ansible_collections.containment.docker.plugins.module_utils.denials.avc import Avc
from ansible_collections.containment.docker.plugins.module_utils.denials.groups import Group
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below, clean
from ansible_collections.containment.docker.plugins.module_utils.selinux import remedies, types

# container-selinux: domains that begin as containers' do, and are not; and the one of containers without labels
_NOT_CONTAINERS = frozenset(
    ("container_runtime_t", "container_runtime_domain_t", "container_auth_t", "container_unit_t", "container_user_t")
)
_FREE = frozenset(("spc_t", "spc_user_t"))
_SHOWN_LIMIT = 300
# Setting and kind of the forecast's items of denials.
FORECAST_RULE = "selinux/denial"
# Takes a denial and sources, gives the source and the path that it is about; see paths.locate.
Locate = Callable[[Avc, Sequence[str]], Optional[Tuple[str, str]]]
_CLOCK = 1.0  # the kernel tells its start in whole seconds


class Mounted(NamedTuple):
    """One bind mount or volume of a container. relabel: "z", "Z" or ""; by_mount: whether a --mount asks for it."""

    source: str
    target: str
    relabel: str
    by_mount: bool = False


class Known(NamedTuple):
    """A container of the engine. label: of its processes, "" without one; pids: of those that run, with when each
    started in seconds since the epoch."""

    id: str
    name: str
    label: str
    pids: Mapping[int, float]
    mounts: Sequence[Mounted]


def choose_containers(known: Sequence[Known]) -> Callable[[Avc], bool]:
    """Return a predicate: whether a denied process was a container's, by its domain."""
    own = frozenset(types.type_of(container.label) for container in known if container.label)

    def chosen(denial: Avc) -> bool:
        domain = types.type_of(denial.source)
        if domain in own or domain in _FREE or domain in types.CONTAINERS:
            return True
        return domain.startswith("container_") and domain.endswith("_t") and domain not in _NOT_CONTAINERS

    return chosen


def describe_denials(
    groups: Sequence[Group],
    known: Sequence[Known],
    policy: remedies.Policy,
    waivers: Sequence[Waiver],
    today: datetime.date,
    locate: Optional[Locate] = None,
) -> List[Dict[str, Any]]:
    """Describe each denial as selinux_info returns it, the newest first. locate: see paths.locate, None to look nowhere."""
    merged: Dict[Tuple[str, ...], Dict[str, Any]] = OrderedDict()
    for group in sorted(groups, key=lambda group: -group.last):
        item = _describe(group, known, policy, waivers, today, locate)
        key = tuple(str(item[name]) for name in ("label", "id", "path", "target", "tclass", "port"))
        merged[key] = _merge(merged[key], item) if key in merged else item
    return list(merged.values())


def _merge(one: Mapping[str, Any], other: Mapping[str, Any]) -> Dict[str, Any]:
    """Merge two denials of one access: reading is denied by the inode, opening by the path."""
    wanted = one["wanted"] + [word for word in other["wanted"] if word not in one["wanted"]]
    return dict(
        one,
        wanted=wanted,
        permissive=one["permissive"] and other["permissive"],
        count=one["count"] + other["count"],
        first=min(one["first"], other["first"]),
        last=max(one["last"], other["last"]),
    )


def _describe(
    group: Group,
    known: Sequence[Known],
    policy: remedies.Policy,
    waivers: Sequence[Waiver],
    today: datetime.date,
    locate: Optional[Locate],
) -> Dict[str, Any]:
    denial = group.like
    container, why = _find_container(group, known)
    mount = _find_mount_by_path(denial, container) or _find_mount_by_inode(denial, container, locate)
    path = mount.path if mount else denial.path or denial.name
    item: Dict[str, Any] = {
        "container": container.name if container else "",
        "id": container.id if container else "",
        "label": denial.source,
        "program": inert(denial.program, 64),
        "path": inert(path, _SHOWN_LIMIT),
        "target": denial.target,
        "tclass": denial.tclass,
        "port": denial.port,
        "wanted": list(group.wanted),
        "permissive": denial.permissive,
        "count": group.count,
        "first": format_time(group.first),
        "last": format_time(group.last),
        "cure": denial_cures.describe_cure(denial, mount, policy, group.wanted),
        "harmless": denial_cures.is_harmless(denial),
        "why": why,
    }
    item["forecast_id"] = f"{FORECAST_RULE}/{subject_of_denial(item)}"
    item["waived"] = denial_waivers.describe_waiver(waivers, container_of(item), path, today)
    return item


def container_of(item: Mapping[str, Any]) -> str:
    """Return whose denial it is for a waiver: the container's name, or the domain where no container is known."""
    return item["container"] or types.type_of(item["label"])


def describe_object(item: Mapping[str, Any]) -> str:
    """Name what was denied: its path, or else its port or class."""
    return str(item["path"] or (f"port {item['port']}" if item["port"] else item["tclass"]))


def subject_of_denial(item: Mapping[str, Any]) -> str:
    """Name the denial as the forecast names its subject: of its container, or of the host's domain where none is known."""
    whose = f"container:{item['container']}" if item["container"] else f"host:{container_of(item)}"
    return bound_subject(f"{whose}:{describe_object(item)}")


def _find_container(group: Group, known: Sequence[Known]) -> Tuple[Optional[Known], str]:
    """Find the one container that it can be, and how that is known or why not."""
    same = [container for container in known if container.label == group.like.source]
    if len(same) == 1 and _has_categories(group.like.source):
        return same[0], "by its label"
    running = [container for container in same or known if _has_process(container, group)]
    if len(running) == 1:
        return running[0], "by its process"
    if same:
        return None, f"its label is that of {', '.join((container.name for container in same[:8]))}"
    return None, "no container that is there has this label"


def _has_categories(label: str) -> bool:
    """Say whether a label has categories, which dockerd gives to one container only."""
    return label.count(":") > 3


def _has_process(container: Known, group: Group) -> bool:
    return any(pid in container.pids and container.pids[pid] <= group.first + _CLOCK for pid in group.pids)


def _find_mount_by_path(denial: Avc, container: Optional[Known]) -> Optional[denial_cures.Mount]:
    """Find the innermost mount of the container that holds the path, as the process names it."""
    if container is None or not denial.path.startswith("/"):
        return None
    parts = denial.path.split("/")
    if "." in parts or ".." in parts:
        return None
    inside = [mount for mount in container.mounts if below(denial.path, mount.target)]
    if not inside:
        return None
    mount = max(inside, key=lambda mount: len(mount.target))
    path = mount.source.rstrip("/") + denial.path[len(mount.target.rstrip("/")) :]
    return denial_cures.Mount(mount.source, mount.target, path or "/", mount.relabel, mount.by_mount)


def _find_mount_by_inode(
    denial: Avc, container: Optional[Known], locate: Optional[Locate]
) -> Optional[denial_cures.Mount]:
    if container is None or locate is None or denial.path:
        return None
    sources = {clean(mount.source): mount for mount in container.mounts}
    located = locate(denial, sorted(sources))
    if located is None:
        return None
    mount, path = sources[located[0]], located[1]
    return denial_cures.Mount(mount.source, mount.target, path, mount.relabel, mount.by_mount)


def format_lines(items: Sequence[Mapping[str, Any]]) -> List[str]:
    """Write a line for each denial: its id of the forecast (with container and path), what it wanted, the cure."""
    return [_format_line(item) for item in items]


def _format_line(item: Mapping[str, Any]) -> str:
    times = f" ({item['count']} times)" if item["count"] > 1 else ""
    end = f"waived {inert(item['waived'], _SHOWN_LIMIT)}" if item["waived"] else item["cure"]
    return f"{item['forecast_id']}: {', '.join(item['wanted'])}{times}: {end}"


def format_summary(
    items: Sequence[Mapping[str, Any]], since: str, reason: str, hides: bool, hidden: Sequence[str] = ()
) -> str:
    """Write one sentence, which always says what could not be seen.

    hides: whether the policy's dontaudit rules are in force; hidden: what of the containers' mounts they hide.
    """
    missing = f"; not all can be known: {reason}" if reason else ""
    if hides:
        missing += "; can't be seen: what the policy's dontaudit rules hide"
        missing += f", as {'; '.join(hidden)}" if hidden else " (listing and looking at much of the host)"
    else:
        missing += "; can't be seen: what no container did since then (dontaudit rules are off)"
    if not items:
        return f"none seen since {since}{missing}"
    waived = sum(1 for item in items if item["waived"])
    return f"{len(items)} seen since {since}, {int(waived)} of them waived{missing}"


def format_time(seconds: float) -> str:
    """Write a time as 2026-08-01T04:00:00Z."""
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=int(seconds))).strftime("%Y-%m-%dT%H:%M:%SZ")
