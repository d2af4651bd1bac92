# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask which of a container's bind mounts and volumes the loaded policy denies its processes, or would deny them.

Reads labels and asks the kernel; changes nothing. What a container wrote into a mount is not looked at.
"""

from typing import (
    Any,
    Callable,
    Dict,
    FrozenSet,
    Iterable,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
)

from ansible_collections.containment.docker.plugins.module_utils.docker_api import binds
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import clean
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount
from ansible_collections.containment.docker.plugins.module_utils.selinux import (
    access,
    file_contexts,
    filesystems,
    listeners,
    path_label,
    relabelling,
    socket_access,
    types,
)

LIMIT = 256  # mounts of one container that are looked at
_READ, _WRITE = ("getattr", "open", "read"), ("write",)
# kind -> (class, what a process needs that reads there, what one that writes there needs beside it)
_NEEDS = {
    "dir": ("dir", _READ + ("search",), _WRITE + ("add_name", "remove_name")),
    "file": ("file", _READ, _WRITE),
    "char": ("chr_file", _READ, _WRITE),
    "block": ("blk_file", _READ, _WRITE),
    "pipe": ("fifo_file", _READ, _WRITE),
    # Who connects to a socket writes to it, also on a read-only mount.
    "socket": ("sock_file", ("getattr", "write"), ()),
}
# A container that the daemon labels anew gets a pair of its own. Nothing is labelled with this one, so categories
# allow it only what is shared (:z). c1022,c1023 would be what dockerd gives the files of containers without labels.
FORECAST_LABEL = f"system_u:system_r:{types.DEFAULT}:s0:c1019,c1021"
STARTING = ("start",)  # what is denied where the engine itself fails


class MountForecast(NamedTuple):
    """One bind mount or volume, as it is on the host now.

    label: of its source, or by file contexts where no policy is loaded; kind: as file_contexts.KINDS, "" where it
    couldn't be looked at; denied: what the policy denies of what its use needs, None where that can't be told, and
    reason then why; silent: what of it no log tells (a dontaudit rule), as "dir read"; process: the label that was asked
    for; listener: of who listens on a socket; by_mount: whether a --mount asks for it; labels: whether its filesystem
    keeps labels; missing: whether nothing is there.
    """

    source: str
    target: str
    read_only: bool
    label: Optional[str]
    kind: str
    reason: str
    denied: Optional[Tuple[str, ...]]
    silent: Tuple[str, ...] = ()
    process: str = ""
    listener: str = ""
    by_mount: bool = False
    labels: bool = True
    missing: bool = False


class Answer(NamedTuple):
    """denied, reason, silent: as Looked has them."""

    denied: Optional[Tuple[str, ...]]
    reason: str = ""
    silent: Tuple[str, ...] = ()


class _Host(NamedTuple):
    """mounts: of the host; slow: those that aren't waited for; ask, listeners_at, contexts: as forecast has them."""

    root: str
    mounts: Sequence[Mount]
    slow: FrozenSet[str]
    ask: Callable[..., access.Decision]
    listeners_at: Callable[[str], Iterable[listeners.Listener]]
    contexts: Optional[file_contexts.FileContexts]


def forecast_mounts(
    inspect: Mapping[str, Any],
    volumes: Mapping[str, Optional[Mapping[str, str]]],
    root: str = "/",
    contexts: Optional[file_contexts.FileContexts] = None,
    ask: Callable[..., access.Decision] = access.decide,
    listeners_at: Callable[[str], Iterable[listeners.Listener]] = listeners.list_listeners,
    mounts: Optional[Sequence[Mount]] = None,
) -> List[MountForecast]:
    """Forecast the mounts of an inspect: as they are once labels are on, and after what dockerd relabels.

    volumes: the options of each local volume, by name; contexts: the installed policy's, for a host without a loaded
    one: label is then what they give the path; ask: as access.decide; listeners_at: as listeners.at; mounts: as
    path_label.mounts, where they are read already. OSError, ValueError where they can't be read.
    """
    stored = inspect.get("ProcessLabel") or ""
    label = stored if types.explain_weakness(stored) is None else FORECAST_LABEL
    mounts = path_label.read_mounts(root) if mounts is None else mounts
    host = _Host(root, mounts, path_label.find_slow_points(mounts), ask, listeners_at, contexts)
    requested = (inspect.get("HostConfig") or {}).get("Mounts") or ()
    targets = {clean(mount["Target"]) for mount in requested if mount.get("Type") == "bind"}
    forecasts = []
    for source, mount in list_sources(inspect.get("Mounts") or (), volumes):
        looked = _looked(source, mount, label, host)
        if relabel_option(mount):
            looked = _relabelled(looked, host)
        elif contexts is not None and looked.denied is None and looked.kind:
            looked = looked._replace(label=contexts.lookup(source, looked.kind))
        forecasts.append(looked._replace(by_mount=clean(looked.target) in targets))
    return forecasts


def relabel_option(mount: Mapping[str, Any]) -> Optional[str]:
    """Return Z (for this container alone) or z (shared) where dockerd relabels one of inspect's Mounts at each start.

    moby: daemon/volume/mounts/mounts.go, Setup; volumes of the local driver have "z" by themselves.
    """
    chosen = (mount.get("Mode") or "").split(",")
    return next((option for option in ("Z", "z") if option in chosen), None)


def list_permissions(kind: str, read_only: bool) -> Tuple[str, Tuple[str, ...]]:
    """Return the class and the permissions that the use of a mount of this kind needs. KeyError for no kind at all."""
    tclass, read, write = _NEEDS[kind]
    return tclass, read if read_only else read + write


def list_needs(kind: str, read_only: bool) -> List[Tuple[str, Tuple[str, ...]]]:
    """List (class, permissions) of the use of a mount of this kind, of a directory also of the files in it.

    Policies let containers list directories of the host whose files they may not read (var_t, say). KeyError.
    """
    return [list_permissions(one, read_only) for one in (("dir", "file") if kind == "dir" else (kind,))]


def list_sources(mounts: Any, volumes: Mapping[str, Any]) -> Iterator[Tuple[str, Mapping[str, Any]]]:
    """List (path of the host, the item of inspect's Mounts) for each bind and volume."""
    for mount in list(mounts)[:LIMIT]:
        if mount["Type"] == "bind":
            yield clean(mount["Source"]), mount
        elif mount["Type"] == "volume":
            options = volumes.get(mount.get("Name")) or {}
            bound = next(binds.volume_sources(options), "")  # mounted at its Source only while it is in use
            yield bound or (clean(mount["Source"]) if mount.get("Source") else ""), mount


def _looked(source: str, mount: Mapping[str, Any], process_label: str, host: _Host) -> MountForecast:
    known: Dict[str, Any] = dict(source=source, target=mount["Destination"], read_only=not mount["RW"])
    if not source:
        return MountForecast(label=None, kind="", reason="its volume driver names no path", denied=None, **known)
    filesystem = path_label.locate(source, host.mounts, host.slow, host.root).mount
    try:
        at = path_label.read_label(source, host.slow, True, host.root)
    except path_label.Missing as reason:
        return MountForecast(label=None, kind="", reason=str(reason), denied=None, missing=True, **known)
    except path_label.NotLooked as reason:
        label = filesystems.label_of_all(filesystem) if filesystem and filesystem.point in host.slow else None
        if label is None:
            return MountForecast(label=None, kind="", reason=str(reason), denied=None, **known)
        at = path_label.Labelled(label, "dir", "")  # one label for all of it, so nothing needs to be looked at
    answer = decide_use(process_label, at.label, at.kind, known["read_only"], host.ask)
    looked = MountForecast(label=at.label, kind=at.kind, process=process_label, **dict(known, **answer._asdict()))
    if filesystem:
        keeps = filesystems.keeps_labels if host.contexts is None else _kept
        looked = looked._replace(labels=keeps(filesystem))
    return _connected(looked, host) if at.kind == "socket" else looked


def _kept(filesystem: Mount) -> bool:
    return not filesystems.never_keeps_labels(filesystem)


def _connected(looked: MountForecast, host: _Host) -> MountForecast:
    """Add what the policy says of a connection to who listens, which the label of the socket's file doesn't tell."""
    denied = looked.denied
    if denied is None:
        return looked
    connection = socket_access.decide(looked.process, host.listeners_at(looked.source), host.ask)
    looked = looked._replace(listener=connection.label)
    if connection.denied is None:
        return looked if denied else looked._replace(denied=None, reason=connection.reason)
    return looked._replace(denied=denied + connection.denied, silent=looked.silent + connection.silent)


def _relabelled(looked: MountForecast, host: _Host) -> MountForecast:
    """Tell what is so after dockerd has relabelled the source, at the container's next start.

    What isn't there is made and labelled then; of what couldn't be looked at nothing is known then either.
    """
    if not looked.kind and not looked.missing:
        return looked
    located = path_label.locate(looked.source, host.mounts, host.slow, host.root)
    effect = relabelling.effect(located.path, located.mount, looked.labels, looked.denied == ())
    if not effect.starts:
        return looked._replace(denied=STARTING, reason=effect.reason, silent=())
    if not effect.relabelled:
        return looked  # it stays as it is, and dockerd says nothing
    looked = looked._replace(denied=(), reason="", silent=())
    return _connected(looked, host) if looked.kind == "socket" else looked


def decide_use(
    process_label: str, label: Optional[str], kind: str, read_only: bool, ask: Callable[..., access.Decision]
) -> Answer:
    """Ask what the policy denies of the use of what has this label; see list_needs."""
    if not label:
        return Answer(None, "it has no label")
    if kind not in _NEEDS:
        return Answer(None, "it is neither a directory nor a file")
    denied: List[str] = []
    silent: List[str] = []
    try:
        for tclass, wanted in list_needs(kind, read_only):
            decision = ask(process_label, label, tclass, wanted)
            denied += [permission for permission in decision.denied if permission not in denied]
            silent += [f"{tclass} {permission}" for permission in decision.silent]
    except access.Unanswered as reason:
        return Answer(None, str(reason))
    return Answer(tuple(denied), "", tuple(silent))
