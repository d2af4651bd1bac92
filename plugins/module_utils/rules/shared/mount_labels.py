# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judge the labels of what a container has mounted. Pure, but for the questions that it is given."""

from typing import Any, Callable, FrozenSet, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux.paths import clean
from ansible_collections.containment.docker.plugins.module_utils.linux.places import is_slow
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount
from ansible_collections.containment.docker.plugins.module_utils.selinux import (
    access,
    filesystems,
    listeners,
    mount_access,
    path_label,
    relabelling,
    remedies,
    socket_access,
    types,
)

_RELABELLED = ("dir", "file")
_FILE_OF_ALL = "system_u:object_r:container_file_t:s0"  # what `:z` gives; `:Z` gives the container's own categories
_AT_START = "is labelled at its next start"
_HOSTS_OWN = "a type of the host's own that the policy lets each container use"


class Judged(NamedTuple):
    """point: where the container has it; ok, seen: as a Verdict's; source and kind: what it is on the host.

    works: what the container may do with it though it fails: "all", "read", or "" where it may not even read; theirs:
    whether it is labelled for a program of the host.
    """

    point: str
    ok: Optional[bool]
    seen: str
    source: str
    kind: str
    works: str = ""
    theirs: bool = False


class Questions(NamedTuple):
    """The questions to the host, as its evidence has them: label_at, selinux_access, listeners_at and filesystem_at."""

    label_at: Callable[..., path_label.Labelled]
    ask: Callable[..., access.Decision]
    listeners_at: Callable[[str], FrozenSet[listeners.Listener]]
    filesystem_at: Callable[[str], path_label.Located]


class _Mounted(NamedTuple):
    """What is mounted: its label, its kind (as file_contexts.KINDS), its path on the host, whether it is read-only."""

    label: Optional[str]
    kind: str
    source: str
    read_only: bool


def judge_running(mounts: Sequence[Tuple[Mount, List[str]]], process_label: str, host: Questions) -> List[Judged]:
    """Judge what the kernel has mounted. mounts: as rules.shared.mounts.used."""
    judged = []
    for mount, paths in mounts[: mount_access.LIMIT]:
        works, theirs = "", False
        try:
            label, kind = _of_mount(mount, paths[0], host.label_at)
            theirs = bool(label) and not remedies.is_nobodys(label)
            ok, sentence, works = _judge(process_label, _Mounted(label, kind, paths[0], "ro" in mount.options), host)
        except path_label.NotLooked as reason:
            ok, sentence, kind = None, str(reason), ""
        judged.append(
            Judged(mount.point, ok, f"the mount at {mount.point!r} {sentence}", paths[0], kind, works, theirs)
        )
    if len(mounts) > mount_access.LIMIT:
        judged.append(Judged("/", None, f"more than {int(mount_access.LIMIT)} mounts; not all were looked at", "/", ""))
    return judged


def judge_stopped(
    sources: Iterable[Tuple[str, Mapping[str, Any]]], process_label: str, host: Questions
) -> List[Judged]:
    """Judge what the engine will mount. sources: as mount_access.sources."""
    judged = []
    for source, mount in sources:
        try:
            one = _stopped(source, mount, process_label, host)
        except path_label.NotLooked as reason:
            one = Judged("", None, str(reason), source, "")
        target = mount["Destination"]
        judged.append(one._replace(point=target, seen=f"the mount at {target!r} {one.seen}"))
    return judged


def _stopped(source: str, mount: Mapping[str, Any], process_label: str, host: Questions) -> Judged:
    """Judge one. What is relabelled at each start is right then, but for a socket, whose server keeps its label."""
    relabels = mount_access.relabel_option(mount)
    if not source:
        if relabels:
            return Judged("", True, _AT_START, source, "")
        return Judged("", None, "is of a volume driver that names no path", source, "")
    located = host.filesystem_at(source)
    label: Optional[str] = None
    kind = ""
    try:
        label, kind = host.label_at(source, None)[:2]
    except path_label.Missing:
        if not relabels:
            raise  # else the engine makes it
    except path_label.NotLooked:
        label, kind = filesystems.label_of_all(located.mount) if located.mount else None, "dir"
        if label is None:
            raise
    if relabels:
        keeps = located.mount is None or filesystems.keeps_labels(located.mount)
        answer = mount_access.decide_use(process_label, label, kind, not mount["RW"], host.ask)
        effect = relabelling.effect(located.path, located.mount, keeps, answer.denied == ())
        if not effect.starts:
            return Judged("", False, f"can't be relabelled: {effect.reason}", source, kind)
        if effect.relabelled and kind != "socket":
            return Judged("", True, _AT_START, source, kind)
        label = _FILE_OF_ALL if effect.relabelled else label
    ok, sentence, works = _judge(process_label, _Mounted(label, kind, source, not mount["RW"]), host)
    return Judged("", ok, sentence, source, kind, works, bool(label and not remedies.is_nobodys(label)))


def is_enforced(process_label: str, mode: str, ask: Callable[..., access.Decision]) -> bool:
    """Say whether what the policy denies this process is really denied: not on a permissive host, nor in a permissive
    domain. mode: as state.read_mode."""
    try:
        return mode == "enforcing" and not ask(process_label, process_label, "process", ("fork",)).permissive
    except access.Unanswered:
        return False


def add_label(field: str, value: Any) -> Tuple[Optional[str], bool]:
    """Write an item of HostConfig as one of Binds that asks for the label, None where none can; and whether it asks already."""
    if field == "Binds":
        parts = value.split(":")
        if len(parts) < 2:
            return None, True  # a volume without a name: labelled for all by itself, as one with a name and no options
        options = parts[2].split(",") if len(parts) > 2 and parts[2] else []
        asks = "z" in options or "Z" in options or (not options and not value.startswith("/"))
        return ":".join((parts[0], parts[1], ",".join(options + ["z"]))), asks
    if field == "Mounts" and value.get("Type") == "bind" and ":" not in value["Source"] + value["Target"]:
        chosen = ["ro"] if value.get("ReadOnly") else []
        propagation = (value.get("BindOptions") or {}).get("Propagation")
        chosen += [propagation] if propagation else []
        return ":".join((value["Source"], value["Target"], ",".join(chosen + ["z"]))), False
    return None, False


def least_use(bind: str, wrong: Sequence[Judged]) -> str:
    """Return what a container may do with the mount that this bind asks for, the least of what is wrong there."""
    target = clean(bind.split(":")[1])
    uses = [mount.works for mount in wrong if clean(mount.point) == target]
    return min(uses, key=("", "read", "all").index) if uses else ""


def make_read_only(bind: str) -> str:
    """Write the same item of Binds, for reading only."""
    source, target = bind.split(":")[:2]
    options = bind.split(":")[2].split(",") if bind.count(":") > 1 else []
    return ":".join(
        (source, target, ",".join(["ro"] + [option for option in options if option not in ("rw", "ro", "z")]))
    )


def may_relabel(bind: str, wrong: Sequence[Judged], sensitive: Callable[[str], Optional[str]]) -> bool:
    """Say whether to relabel what this bind shows cures one of what is wrong, and harms nothing of the host's own."""
    source, target = bind.split(":")[:2]
    sources = [clean(source)] if source.startswith("/") else []
    kinds = set()
    for mount in wrong:
        if clean(mount.point) == clean(target):
            if mount.theirs:
                return False
            kinds.add(mount.kind)
            sources += [mount.source] if sources else []
    if any(sensitive(path) or path in relabelling.NEVER_RELABELLED for path in sources):
        return False
    return not kinds.isdisjoint(_RELABELLED)


def _of_mount(mount: Mount, path: str, label_at: Callable[..., Any]) -> Tuple[str, str]:
    """Read (label, kind) of what the mount shows; of a network's or a process's filesystem by its options alone."""
    if not is_slow(mount.fstype):
        labelled = label_at(path, "" if mount.fstype == "btrfs" else mount.device)
        return labelled.label, labelled.kind
    label = filesystems.label_of_all(mount)
    if label:
        return label, "dir"
    raise path_label.NotLooked(f"is on a filesystem of type {mount.fstype}, which isn't waited for")


def _judge(process_label: str, mounted: _Mounted, host: Questions) -> Tuple[Optional[bool], str, str]:
    """Judge what is mounted: (ok, seen, works) of a Judged."""
    label, kind, read_only = mounted.label, mounted.kind, mounted.read_only
    denied, reason, _silent = mount_access.decide_use(process_label, label, kind, read_only, host.ask)
    if denied:
        reads = not read_only and mount_access.decide_use(process_label, label, kind, True, host.ask).denied == ()
        sentence = f"is {label}, and {process_label} may not {', '.join(denied)} there"
        return False, sentence, "read" if reads else ""
    of_type, domain = types.type_of(label or ""), types.type_of(process_label)
    if denied is None and of_type in types.FILES and not _within(label or "", process_label):
        return False, f"is {label}, which has categories that {process_label} lacks", ""
    if of_type in types.FILES and kind != "socket":
        return True, f"is {label}", "all"
    if denied is None:
        return None, f"is {label}: {reason}", ""
    if kind == "socket":
        return _judge_socket(process_label, mounted, host)
    if read_only and of_type in types.READ_BY_ALL:
        return True, f"is {label}, which the policy lets all containers read on purpose", "all"
    if domain in types.UNASKED and of_type not in types.WHOLE_FILESYSTEMS:
        return False, f"is {label}, {_HOSTS_OWN}", "all"
    return True, f"is {label}, which {domain} may use", "all"


def _judge_socket(process_label: str, mounted: _Mounted, host: Questions) -> Tuple[Optional[bool], str, str]:
    """Judge a socket to whose file it may write: whether it may connect to who serves it, and who that is.

    A domain of the distribution's is no answer to who may use a program of the host: many containers run in it.
    """
    connection = socket_access.decide(process_label, host.listeners_at(mounted.source), host.ask)
    is_socket, domain = f"is a socket, {mounted.label}", types.type_of(process_label)
    server = f"{connection.label}, which serves it" if connection.label else "those who serve it"
    if connection.denied:
        return False, f"{is_socket}, and {process_label} may not {', '.join(connection.denied)} {server}", ""
    of_container = types.type_of(connection.label) in types.CONTAINERS
    if connection.denied is not None and domain in types.CONTAINERS and not of_container:
        return False, f"{is_socket}, and the policy lets each {domain} connect to {server}", "all"
    of_type = types.type_of(mounted.label or "")
    if domain in types.UNASKED and of_type not in types.FILES and of_type not in types.WHOLE_FILESYSTEMS:
        return False, f"{is_socket}, {_HOSTS_OWN}", "all"
    if connection.denied is None:
        return None, f"{is_socket}: {connection.reason}", ""
    return True, f"{is_socket}, and {domain} may connect to {server}", "all"


def _within(label: str, process_label: str) -> bool:
    """Compare the categories alone, where the kernel can't be asked."""
    try:
        own = types.parse_categories(types.level_of(process_label))
        return types.parse_categories(types.level_of(label)) <= own
    except ValueError:
        return False
