# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What several rules ask of a container's evidence about its mounts. Pure."""

from typing import Callable, Dict, FrozenSet, Iterable, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import (
    Absent,
    Evidence,
    computed_once,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api import binds
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Verdict, readable
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below, clean, sensitive
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import (
    engine_mounts,
    on_host,
    plugin_directories,
)


@computed_once
def configured(evidence: Evidence) -> List[binds.HostMount]:
    """The host paths that HostConfig asks for."""
    return binds.requested(evidence["inspect"]["HostConfig"], volumes(evidence))


@computed_once
def effective(evidence: Evidence) -> Optional[List[binds.HostMount]]:
    """The host paths that the engine mounts, those of VolumesFrom too; None in a create request."""
    mounts = evidence["inspect"].get("Mounts")
    return None if mounts is None else binds.resolved(mounts, volumes(evidence))


def requested(evidence: Evidence) -> List[binds.HostMount]:
    """Both: what HostConfig asks for, and what the engine made of it."""
    return configured(evidence) + (effective(evidence) or [])


@computed_once
def configured_on_host(evidence: Evidence) -> on_host.OnHost:
    """What HostConfig asks for, as its host has it now."""
    return _looked_up(evidence, configured(evidence))


@computed_once
def effective_on_host(evidence: Evidence) -> Optional[on_host.OnHost]:
    """What the engine made of it, as its host has it now; None in a create request."""
    mounts = effective(evidence)
    return None if mounts is None else _looked_up(evidence, mounts)


def _looked_up(evidence: Evidence, mounts: Sequence[binds.HostMount]) -> on_host.OnHost:
    root_dir = data_root(evidence) or "/var/lib/docker"
    return on_host.looked_up(evidence, mounts, lambda path: engine_mounts.is_volume(path, root_dir))


def asked_on_host(evidence: Evidence) -> List[binds.HostMount]:
    """Both, once for each path of the host that a mount shows."""
    mounts = effective_on_host(evidence)
    return configured_on_host(evidence).mounts + (mounts.mounts if mounts else [])


def borrowed(evidence: Evidence) -> Optional[Verdict]:
    """Unknown where a create request takes over mounts that only the engine knows."""
    others = evidence["inspect"]["HostConfig"].get("VolumesFrom")
    if others and evidence["inspect"].get("Mounts") is None:
        return Verdict(None, f"VolumesFrom {others!r}: what these containers have mounted is not in the request")
    return None


def by_configuration(evidence: Evidence, judge: Callable[[List[binds.HostMount]], Verdict]) -> Verdict:
    """The Verdict over what HostConfig asks for; what is borrowed may fail, too."""
    mounts = configured_on_host(evidence)
    verdict = judge(mounts.mounts)
    return verdict if verdict.ok is False else borrowed(evidence) or not_told(mounts) or verdict


def by_engine(evidence: Evidence, judge: Callable[[List[binds.HostMount]], Verdict]) -> Optional[Verdict]:
    """The Verdict over what the engine made of it."""
    mounts = effective_on_host(evidence)
    if mounts is None:
        return None
    verdict = judge(mounts.mounts)
    return verdict if verdict.ok is False else not_told(mounts) or verdict


def not_told(mounts: on_host.OnHost) -> Optional[Verdict]:
    """Unknown where the host couldn't tell what a source is."""
    if not mounts.reasons:
        return None
    return Verdict(None, "what a mount will show can't be told: " + "; ".join(mounts.reasons[:3]))


def sources(mounts: Iterable[binds.HostMount]) -> List[Tuple[str, str, bool]]:
    """(path of the host, where the container has it, whether it is read-only) of each."""
    return [(mount.source, mount.target, mount.read_only) for mount in mounts]


def judged(mounts: Iterable[Tuple[str, str, bool]], wrong: Callable[[str, bool], Optional[str]], fine: str) -> Verdict:
    """The Verdict over `sources`: `wrong` takes a path and whether it is read-only, and says why it must not be mounted.

    What lies below a mount that is named already is not named again.
    """
    reasons: Dict[str, str] = {}
    for source, target, read_only in mounts:
        why = wrong(source, read_only)
        if why and not any(below(target, other) for other in reasons):
            reasons[target] = why
            if len(reasons) == 5:
                break
    if reasons:
        # a clause as ", which contains /run/docker.sock" ends with a comma, too
        named = ((target, f"{why}," if ", wh" in why else why) for target, why in reasons.items())
        return Verdict(False, "; ".join(f"{why} is mounted at {target!r}" for target, why in named))
    return Verdict(True, fine)


@computed_once
def sensitivity(evidence: Evidence) -> Callable[..., Optional[str]]:
    """Tells of a path of the host (and read_only) why the site doesn't allow to mount it, or None."""
    root_dir = data_root(evidence)
    allowed = tuple(clean(path) for path in evidence["policy"]["allowed_mounts"])
    directories = plugin_directories.list_directories(evidence)

    def why(path: str, read_only: bool = False) -> Optional[str]:
        return sensitive(path, root_dir, allowed, read_only) or plugin_directories.sensitive(path, directories, allowed)

    return why


def points(evidence: Evidence, wrong: Callable[[str, bool], Optional[str]]) -> List[str]:
    """Where the container has, by any layer that can be read, a path of the host that must not be mounted."""
    targets = [mount.target for mount in asked_on_host(evidence) if wrong(mount.source, mount.read_only)]
    kernel = readable(list_shown, evidence)
    return targets + [mount.point for mount, path in kernel if wrong(path, "ro" in mount.options)]


def without(evidence: Evidence, wrong_points: Iterable[str]) -> List[RunChange]:
    """The container without what put something on these points, or on a directory above: as it was asked for.

    What was taken over by VolumesFrom goes with all of that: the engine doesn't say which of several it came from.
    """
    entries = _entries(evidence)
    wrong = {_entry_of(point, entries) for point in map(clean, wrong_points)}
    return [change for target, changes in entries.items() if target in wrong for change in changes]


def blamed(evidence: Evidence, wrong_points: Iterable[str]) -> FrozenSet[str]:
    """These points, each as the target of the mount that was asked for and put it there; itself where none was.

    Nothing for a container with threads that have mounts of their own, which nobody asked for.
    """
    if readable(lambda container: container["views"], evidence):
        return frozenset()
    entries = _entries(evidence)
    return frozenset(_entry_of(point, entries) or point for point in map(clean, wrong_points))


@computed_once
def _entries(evidence: Evidence) -> Dict[str, List[RunChange]]:
    """Where something was asked to be mounted -> the changes that take it out."""
    host_config = evidence["inspect"]["HostConfig"]
    entries: Dict[str, List[RunChange]] = {}
    for bind in host_config.get("Binds") or ():
        entries[clean(bind.split(":")[1 if ":" in bind else 0])] = [RunChange("remove", "Binds", bind)]
    for mount in host_config.get("Mounts") or ():
        entries[clean(mount.get("Target") or "")] = [RunChange("remove", "Mounts", mount)]
    others = [RunChange("remove", "VolumesFrom", name) for name in host_config.get("VolumesFrom") or ()]
    for mount in evidence["inspect"].get("Mounts") or ():
        entries.setdefault(clean(mount["Destination"]), others)
    return entries


def _entry_of(point: str, entries: Iterable[str]) -> str:
    """The innermost of these targets that the point is, or is below of; "" where there is none."""
    return max((target for target in entries if below(point, target)), key=len, default="")


def data_root(evidence: Evidence) -> Optional[str]:
    """The engine's DockerRootDir, None where no engine is asked."""
    try:
        return clean(engine_info.field(evidence["daemon"]["info"], "DockerRootDir"))
    except Absent:
        return None


@computed_once
def list_shown(evidence: Evidence) -> List[Tuple[Mount, str]]:
    """[(mount, path of the host that it shows)] for what `used` has, without volumes, and what is bound from inside."""
    pairs = []
    for item in _of_host(evidence):
        paths = [path for path in item.paths if path not in item.own]
        if item.volume and not paths and item.own_filesystem:
            paths = engine_mounts.of_volume(item.mount)
        pairs += [(item.mount, path) for path in paths + list(item.bound)]
    return pairs


@computed_once
def used(evidence: Evidence) -> List[Tuple[Mount, List[str]]]:
    """[(mount, paths of the host that it shows)] for what the kernel has mounted in the container from the host.

    Left out: what each container has from its engine (its root, hosts, hostname, resolv.conf, init).
    """
    pairs = []
    for item in _of_host(evidence):
        paths = [path for path in item.paths if item.volume or path not in item.own]
        if paths:
            pairs.append((item.mount, paths))
    return pairs


@computed_once
def from_host(evidence: Evidence) -> List[Tuple[Mount, List[str]]]:
    """[(mount, paths of the host that it shows)] for each mount of a filesystem that the host has, too.

    Left out: the kernel's own filesystems, which kernel-filesystems judges.
    """
    return [(item.mount, item.paths + list(item.bound)) for item in _of_host(evidence)]


@computed_once
def _of_host(evidence: Evidence) -> List[engine_mounts.MountPaths]:
    return engine_mounts.list_shown(evidence, data_root(evidence) or "/var/lib/docker")


def volumes(evidence: Evidence) -> Mapping[str, Optional[Mapping[str, str]]]:
    """Options by name of the volumes that exist, asked for only where the container has one; {} where none is known."""
    config = evidence["inspect"]["HostConfig"]
    named = any(not bind.startswith("/") for bind in config.get("Binds") or ())
    named = named or any(mount.get("Type") == "volume" for mount in config.get("Mounts") or ())
    named = named or any(mount.get("Type") == "volume" for mount in evidence["inspect"].get("Mounts") or ())
    if not named:
        return {}
    try:
        return evidence["daemon"]["volumes"]
    except Absent:
        return {}
