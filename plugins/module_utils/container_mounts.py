# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What several rules ask of a container's evidence about its mounts. Pure."""

import re
from functools import wraps
from typing import Callable, Dict, Iterable, List, Mapping, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils import bind_sources, kernel_view
from ansible_collections.containment.docker.plugins.module_utils.host_path import below, clean, sensitive
from ansible_collections.containment.docker.plugins.module_utils.mounts import host_paths, root_mount
from ansible_collections.containment.docker.plugins.module_utils.procfs import Mount
from ansible_collections.containment.docker.plugins.module_utils.rule import Absent, Evidence, Verdict, readable
from ansible_collections.containment.docker.plugins.module_utils.run_change import RunChange

# What the engine itself puts into each container from its data root (moby: daemon/container/container_unix.go)
_OWN_FILE = re.compile(r"/containers/[0-9a-f]{64}/(resolv\.conf$|hostname$|hosts$|mounts/)")
_VOLUME = re.compile(r"/volumes/[^/]+/_data(/|$)")
# Bound from the host's /dev where the runtime may not make devices: in a user namespace
_DEVICES = frozenset("/dev/" + name for name in ("null", "zero", "full", "random", "urandom", "tty"))
_INIT = "/sbin/docker-init"
WORKED_OUT = "worked_out"  # where the evidence keeps what is worked out of the rest of it


def _once(work):
    """A function of the evidence that several rules ask, worked out for the first of them."""

    @wraps(work)
    def known(evidence):
        results = evidence.setdefault(WORKED_OUT, {})
        if work not in results:
            results[work] = work(evidence)
        return results[work]

    return known


@_once
def configured(evidence):
    # type: (Evidence) -> List[bind_sources.HostMount]
    """The host paths that HostConfig asks for."""
    return bind_sources.requested(evidence["inspect"]["HostConfig"], volumes(evidence))


@_once
def effective(evidence):
    # type: (Evidence) -> Optional[List[bind_sources.HostMount]]
    """The host paths that the engine mounts, those of VolumesFrom too; None in a create request."""
    mounts = evidence["inspect"].get("Mounts")
    return None if mounts is None else bind_sources.resolved(mounts, volumes(evidence))


def asked(evidence):
    # type: (Evidence) -> List[bind_sources.HostMount]
    """Both: what HostConfig asks for, and what the engine made of it."""
    return configured(evidence) + (effective(evidence) or [])


def borrowed(evidence):
    # type: (Evidence) -> Optional[Verdict]
    """Unknown where a create request takes over mounts that only the engine knows."""
    others = evidence["inspect"]["HostConfig"].get("VolumesFrom")
    if others and evidence["inspect"].get("Mounts") is None:
        return Verdict(None, "VolumesFrom %r: what these containers have mounted is not in the request" % others)
    return None


def by_configuration(evidence, judge):
    # type: (Evidence, Callable[[List[bind_sources.HostMount]], Verdict]) -> Verdict
    """The Verdict over what HostConfig asks for; what is borrowed may fail, too."""
    verdict = judge(configured(evidence))
    return verdict if verdict.ok is False else borrowed(evidence) or verdict


def by_engine(evidence, judge):
    # type: (Evidence, Callable[[List[bind_sources.HostMount]], Verdict]) -> Optional[Verdict]
    """The Verdict over what the engine made of it."""
    mounts = effective(evidence)
    return None if mounts is None else judge(mounts)


def sources(mounts):
    # type: (Iterable[bind_sources.HostMount]) -> List[Tuple[str, str]]
    """(path of the host, where the container has it) of each."""
    return [(mount.source, mount.target) for mount in mounts]


def judged(mounts, wrong, fine):
    # type: (Iterable[Tuple[str, str]], Callable[[str], Optional[str]], str) -> Verdict
    """The Verdict over (path of the host, where the container has it): `wrong` says why a path must not be mounted.

    What lies below a mount that is named already is not named again.
    """
    found = {}  # type: Dict[str, str]
    for source, target in mounts:
        why = wrong(source)
        if why and not any(below(target, other) for other in found):
            found[target] = why
            if len(found) == 5:
                break
    if found:
        return Verdict(False, "; ".join("%s is mounted at %r" % (why, target) for target, why in found.items()))
    return Verdict(True, fine)


@_once
def sensitivity(evidence):
    # type: (Evidence) -> Callable[[str], Optional[str]]
    """Tells of a path of the host why the site doesn't allow to mount it, or None."""
    root_dir = data_root(evidence)
    allowed = [clean(path) for path in evidence["policy"]["allowed_mounts"]]
    return lambda path: sensitive(path, root_dir, allowed)


def points(evidence, wrong):
    # type: (Evidence, Callable[[str], Optional[str]]) -> List[str]
    """Where the container has, by any layer that can be read, a path of the host that must not be mounted."""
    found = [mount.target for mount in asked(evidence) if wrong(mount.source)]
    return found + [mount.point for mount, path in readable(shown, evidence) if wrong(path)]


def without(evidence, wrong_points):
    # type: (Evidence, Iterable[str]) -> List[RunChange]
    """The container without what put something on these points, or on a directory above: as it was asked for.

    What was taken over by VolumesFrom goes with all of that: the engine doesn't say which of several it came from.
    """
    host_config = evidence["inspect"]["HostConfig"]
    entries = {}  # type: Dict[str, List[RunChange]]
    for bind in host_config.get("Binds") or ():
        entries[clean(bind.split(":")[1 if ":" in bind else 0])] = [RunChange("remove", "Binds", bind)]
    for mount in host_config.get("Mounts") or ():
        entries[clean(mount.get("Target", ""))] = [RunChange("remove", "Mounts", mount)]
    others = [RunChange("remove", "VolumesFrom", name) for name in host_config.get("VolumesFrom") or ()]
    for mount in evidence["inspect"].get("Mounts") or ():
        entries.setdefault(clean(mount["Destination"]), others)
    wrong = set()
    for point in map(clean, wrong_points):
        above = [target for target in entries if below(point, target)]
        if above:
            wrong.add(max(above, key=len))
    return [change for target, changes in entries.items() if target in wrong for change in changes]


def data_root(evidence):
    # type: (Evidence) -> Optional[str]
    """The engine's DockerRootDir, None where no engine is asked."""
    try:
        return clean(evidence["daemon"]["info"]["DockerRootDir"])
    except Absent:
        return None


@_once
def shown(evidence):
    # type: (Evidence) -> List[Tuple[Mount, str]]
    """[(mount, path of the host that it shows)] for what `used` has, without volumes."""
    root_dir = data_root(evidence) or "/var/lib/docker"
    return [
        (mount, path)
        for mount, paths in used(evidence)
        for path in paths
        if not (below(path, root_dir) and _VOLUME.match(path[len(root_dir) :]))
    ]


@_once
def used(evidence):
    # type: (Evidence) -> List[Tuple[Mount, List[str]]]
    """[(mount, paths of the host that it shows)] for what the kernel has mounted in the container from the host.

    Left out: what each container has from its engine (its root, hosts, hostname, resolv.conf, init).
    """
    root_dir = data_root(evidence) or "/var/lib/docker"
    config = evidence["inspect"]["HostConfig"]
    own = root_mount(evidence["mounts"]).id
    devices = _DEVICES.union(device["PathOnHost"] for device in config.get("Devices") or ())
    points = {"/dev/shm"} if config.get("IpcMode") == "host" else set()
    points.update(m["Destination"] for m in evidence["inspect"].get("Mounts") or () if m["Type"] in ("image", "tmpfs"))
    found = []
    for mount, paths in from_host(evidence):
        if mount.id == own or mount.point in points or mount.fstype in ("mqueue", "nsfs"):
            continue
        if any(below(path, root_dir) and _OWN_FILE.match(path[len(root_dir) :]) for path in paths):
            continue
        if mount.point == _INIT and "ro" in mount.options:
            continue
        rest = [path for path in paths if path not in devices]
        if rest:
            found.append((mount, rest))
    return found


@_once
def from_host(evidence):
    # type: (Evidence) -> List[Tuple[Mount, List[str]]]
    """[(mount, paths of the host that it shows)] for each mount of a filesystem that the host has, too.

    Left out: the kernel's own filesystems, which kernel-filesystems judges.
    """
    host = evidence["host"]["mounts"]
    return [
        (mount, host_paths(host, mount))
        for mount in evidence["mounts"]
        if mount.device in host.places and mount.fstype not in kernel_view.FILESYSTEMS
    ]


def volumes(evidence):
    # type: (Evidence) -> Mapping[str, Optional[Mapping[str, str]]]
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
