# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of a container's bind mounts and volumes the loaded policy denies its processes, or would deny them.

Reads labels and asks the kernel; changes nothing. What a container wrote into a mount is not looked at.
"""

from typing import Any, Callable, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils import (
    bind_sources,
    file_contexts,
    labelled_path,
    selinux_access,
    selinux_types,
)
from ansible_collections.containment.docker.plugins.module_utils.host_path import clean, sensitive

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
FORECAST_LABEL = "system_u:system_r:%s:s0:c1019,c1021" % selinux_types.DEFAULT
# opencontainers/selinux: go-selinux/label/label_linux.go, Relabel: there `:z` is an error, and the start fails
NEVER_RELABELLED = frozenset(
    "/ /bin /boot /dev /etc /etc/passwd /etc/pki /etc/shadow /home /lib /lib64 /media /opt /proc /root /run /sbin /srv"
    " /sys /tmp /usr /var /var/lib /var/log".split()
)
# container-selinux: container.te
_BOOLEANS = {
    "nfs_t": "virt_use_nfs",
    "cifs_t": "virt_use_samba",
    "cephfs_t": "container_use_cephfs",
    "ecryptfs_t": "container_use_ecryptfs",
}


class Looked(NamedTuple):
    """One bind mount or volume, as it is on the host now.

    label: of its source, or by file contexts where no policy is loaded; kind: as file_contexts.KINDS, "" where it
    couldn't be looked at; denied: what the policy denies of what its use needs, None where that can't be told, and
    reason then why; silent: what of it no log tells (a dontaudit rule), as "dir read".
    """

    source: str
    target: str
    read_only: bool
    label: Optional[str]
    kind: str
    reason: str
    denied: Optional[Tuple[str, ...]]
    silent: Tuple[str, ...] = ()


class Answer(NamedTuple):
    """denied, reason, silent: as Looked has them."""

    denied: Optional[Tuple[str, ...]]
    reason: str = ""
    silent: Tuple[str, ...] = ()


def forecast(inspect, volumes, root="/", contexts=None, ask=selinux_access.decide):
    # type: (Mapping[str, Any], Mapping[str, Any], str, Optional[file_contexts.FileContexts], Callable[..., selinux_access.Decision]) -> List[Looked]
    """The mounts of an inspect as they would be found once labels are on: what dockerd relabels is not denied.

    volumes: the options of each local volume, by name; contexts: the installed policy's, for a host without a loaded
    one: label is then what they give the path; ask: as selinux_access.decide. OSError, ValueError where this process's
    own mounts can't be read.
    """
    stored = inspect.get("ProcessLabel") or ""
    label = stored if selinux_types.weak(stored) is None else FORECAST_LABEL
    slow, found = labelled_path.slow_points(root), []
    for source, mount in sources(inspect.get("Mounts") or (), volumes):
        looked = _looked(source, mount, label, slow, root, ask)
        if relabels(mount):
            looked = looked._replace(denied=(), reason="", silent=())
        elif contexts is not None and looked.denied is None and looked.kind:
            looked = looked._replace(label=contexts.lookup(source, looked.kind))
        found.append(looked)
    return found


def relabels(mount):
    # type: (Mapping[str, Any]) -> Optional[str]
    """Z (for this container alone) or z (shared) where dockerd relabels one of inspect's Mounts at each start.

    moby: daemon/volume/mounts/mounts.go, Setup; volumes of the local driver have "z" by themselves.
    """
    chosen = (mount.get("Mode") or "").split(",")
    return next((option for option in ("Z", "z") if option in chosen), None)


def question(kind, read_only):
    # type: (str, bool) -> Tuple[str, Tuple[str, ...]]
    """The class and the permissions that the use of a mount of this kind needs. KeyError for no kind at all."""
    tclass, read, write = _NEEDS[kind]
    return tclass, read if read_only else read + write


def cure(looked):
    # type: (Looked) -> str
    """What makes a denied mount usable, in one sentence; "" where nothing is denied."""
    if not looked.denied:
        return ""
    if looked.kind == "socket":
        return "take the socket out: a label of its file alone lets nobody connect to who serves it"
    if looked.kind in ("char", "block"):
        return "give the device with --device, and set the boolean container_use_devices if its type needs it"
    if looked.source in NEVER_RELABELLED or sensitive(looked.source, None, ()):
        return "mount a directory made for it: this one is the host's own, and :z would relabel it for all of the host"
    of_type = selinux_types.type_of(looked.label or "")
    if of_type in _BOOLEANS:
        return "set the boolean %s, or mount the filesystem with a context that containers may use" % _BOOLEANS[of_type]
    if of_type in selinux_types.FILES:
        return "it has another container's categories: mount it with :z in each of them, if they are to share it"
    return "mount it with :Z, or with :z if other containers use it, too"


def sources(mounts, volumes):
    # type: (Any, Mapping[str, Any]) -> Iterator[Tuple[str, Mapping[str, Any]]]
    """(path of the host, the item of inspect's Mounts) for each bind and volume."""
    for mount in list(mounts)[:LIMIT]:
        if mount["Type"] == "bind":
            yield clean(mount["Source"]), mount
        elif mount["Type"] == "volume":
            options = volumes.get(mount.get("Name")) or {}
            shown = next(bind_sources.volume_sources(options), "")  # mounted at its Source only while it is in use
            yield shown or (clean(mount["Source"]) if mount.get("Source") else ""), mount


def _looked(source, mount, process_label, slow, root, ask):
    known = dict(source=source, target=mount["Destination"], read_only=not mount["RW"])  # type: Dict[str, Any]
    if not source:
        return Looked(label=None, kind="", reason="its volume driver names no path", denied=None, **known)
    try:
        at = labelled_path.look(source, slow, True, root)
    except labelled_path.NotLooked as reason:
        return Looked(label=None, kind="", reason=str(reason), denied=None, **known)
    answer = decided(process_label, at.label, at.kind, known["read_only"], ask)
    return Looked(label=at.label, kind=at.kind, **dict(known, **answer._asdict()))


def decided(process_label, label, kind, read_only, ask):
    # type: (str, Optional[str], str, bool, Callable[..., selinux_access.Decision]) -> Answer
    """What the policy denies of the use of what has this label. Of a directory also for files with its label.

    Policies let containers list directories of the host whose files they may not read (var_t, say).
    """
    if not label:
        return Answer(None, "it has no label")
    if kind not in _NEEDS:
        return Answer(None, "it is neither a directory nor a file")
    denied, silent = [], []  # type: List[str], List[str]
    try:
        for one in ("dir", "file") if kind == "dir" else (kind,):
            tclass, wanted = question(one, read_only)
            decision = ask(process_label, label, tclass, wanted)
            denied += [permission for permission in decision.denied if permission not in denied]
            silent += ["%s %s" % (tclass, permission) for permission in decision.silent]
    except selinux_access.Unanswered as reason:
        return Answer(None, str(reason))
    return Answer(tuple(denied), "", tuple(silent))
