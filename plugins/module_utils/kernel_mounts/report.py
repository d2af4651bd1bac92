# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run over a container's kernel filesystems may claim, and how it is shown. Pure."""

from collections import OrderedDict
from typing import (
    AbstractSet,
    Any,
    Collection,
    Dict,
    FrozenSet,
    Iterable,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Set,
    Tuple,
)

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.plan import (
    BIND,
    MASK,
    READ_ONLY,
    Change,
    OpenPath,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.kernel_view import FILESYSTEMS
from ansible_collections.containment.docker.plugins.module_utils.linux.members import Process
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount

# Programs that write what would be read-only. By name, so only good for a warning.
KNOWN_WRITERS = frozenset(
    (
        "calico-node",
        "charon",
        "cilium-agent",
        "conmon",
        "containerd",
        "crio",
        "dockerd",
        "flanneld",
        "frr",
        "ipsec",
        "k3s-server",
        "keepalived",
        "kube-proxy",
        "kubelet",
        "libvirtd",
        "lxcfs",
        "openvpn",
        "podman",
        "pluto",
        "sysctl",
        "tailscaled",
        "tuned",
        "wg-quick",
        "zebra",
    )
)
SYSTEMD = frozenset(("systemd", "init"))
_EFFECTS = {
    "SYS_ADMIN": "SYS_ADMIN in its bounding set and can mount and remount",
    "SYS_MODULE": "SYS_MODULE in its bounding set and can load code into the kernel",
    "SYS_PTRACE": "SYS_PTRACE and sees the host's processes: it can enter them",
}
DIFF_LIMIT = 400
PATH_LIMIT = 300


class Aftermath(NamedTuple):
    """What is known of a container at the end.

    changes: made, or in check mode to be made; left: what stays open; undo: how the container could open again what
    is closed; reopens: whether the next start opens it again, None if that is not known.
    """

    changes: Sequence[Change]
    left: Sequence[OpenPath]
    undo: Sequence[str]
    reopens: Optional[bool]


def report(aftermath: Aftermath, check: bool) -> Dict[str, Any]:
    """state, changes, left, held_until_restart, needs_recreation and reasons of one container."""
    still_open = [item for item in aftermath.left if item.cure != "waived"]
    touched = bool(aftermath.changes) or aftermath.reopens is not False
    recreate = bool(aftermath.undo) and touched or any(item.cure == "recreate" for item in still_open)
    reasons = list(aftermath.undo) if touched else []
    reasons += [f"{item.path}: {item.reason}" for item in still_open]
    return OrderedDict(
        state=_state(aftermath, still_open, recreate, check),
        changes=[
            OrderedDict(path=inert(c.path, PATH_LIMIT), shows=inert(c.shows, PATH_LIMIT), action=c.action)
            for c in aftermath.changes
        ],
        left=[
            OrderedDict(path=inert(item.path, PATH_LIMIT), reason=inert(item.reason), cure=item.cure)
            for item in aftermath.left
        ],
        held_until_restart=bool(aftermath.changes or (aftermath.reopens and not still_open))
        and not (check and aftermath.changes),
        needs_recreation=recreate,
        reasons=[inert(reason) for reason in reasons],
    )


def _state(aftermath: Aftermath, still_open: Sequence[OpenPath], recreate: bool, check: bool) -> str:
    if check and aftermath.changes:
        return "open"
    if recreate:
        return "needs recreation"
    if still_open:
        return "restart needed" if any(item.cure == "restart" for item in still_open) else "open"
    if aftermath.changes or aftermath.reopens:
        return "held until restart"
    if aftermath.left:
        return "waived"
    return "unknown" if aftermath.reopens is None else "closed"


def ways_to_undo(processes: Iterable[Process], owners: FrozenSet[str], shares_pids: bool) -> List[str]:
    """How the container's processes could take back what is done.

    owners: the user namespaces whose SYS_ADMIN counts for its mounts; shares_pids: whether it sees the host's
    processes. A process in a user namespace of its own below those has its capabilities only there.
    """
    first: Dict[str, int] = OrderedDict()  # what it can do, and the first process that can
    for process in processes:
        if process.user_namespace is not None and process.user_namespace not in owners:
            continue
        for capability, effect in _EFFECTS.items():
            if capability in process.status.bounding and (shares_pids or capability != "SYS_PTRACE"):
                first.setdefault(effect, process.pid)
    return [f"process {pid} has {effect}" for effect, pid in first.items()]


def warnings(processes: Sequence[Process], names: Mapping[int, str], changes: Sequence[Change]) -> List[str]:
    """What may stop working. names: pid -> comm, which each process chooses itself."""
    if not changes:
        return []
    sentences = []
    shows = [change.shows for change in changes]
    if len({process.user_namespace for process in processes if process.user_namespace}) > 1:
        sentences.append("it has user namespaces of its own; new ones can't mount a proc of their own any more")
    cgroups = any(s in ("cgroup", "cgroup2") or s.startswith("/sys") for s in shows)
    if cgroups and any(name in SYSTEMD for name in names.values()):
        sentences.append("systemd seems to run inside; it can't manage services in a read-only control group tree")
    writers = sorted({name for name in names.values() if name in KNOWN_WRITERS})
    if writers and any(change.action != MASK for change in changes):
        sentences.append(
            f"{', '.join((inert(name) for name in writers[:5]))} inside is known to write what becomes read-only"
        )
    return sentences


def lines(mounts: Sequence[Mount]) -> List[str]:
    """The kernel's filesystems in these mounts, and what covers parts of them, one line each, sorted."""
    return sorted(_lines(mounts, _kernel_ids(mounts)))


def _kernel_ids(mounts: Sequence[Mount]) -> Set[int]:
    return {mount.id for mount in mounts if mount.fstype in FILESYSTEMS}


def _lines(mounts: Sequence[Mount], kernel: AbstractSet[int]) -> Iterator[str]:
    for mount in mounts:
        if mount.fstype in FILESYSTEMS:
            mode = "read-only" if "ro" in mount.options else "writable"
            yield _line(mount.point, f"{mount.fstype} {inert(mount.root, PATH_LIMIT)}", mode)
        elif mount.parent in kernel:
            yield _line(mount.point, "covered", "")


def expected_lines(mounts: Sequence[Mount], changes: Sequence[Change]) -> List[str]:
    """What `lines` will be once the changes are made."""
    protected = {change.mount.id for change in changes if change.action == READ_ONLY}
    after = [
        mount._replace(options=mount.options - {"rw"} | {"ro"}) if mount.id in protected else mount for mount in mounts
    ]
    kernel: Set[int] = _kernel_ids(mounts)
    added: List[str] = []
    for change in changes:
        if change.action == MASK:
            added.append(_line(change.path, "covered", ""))
        elif change.action == BIND:
            root = ("" if change.mount.root == "/" else change.mount.root) + change.below
            added.append(_line(change.path, f"{change.mount.fstype} {inert(root, PATH_LIMIT)}", "read-only"))
            beneath = [m for m in after if m.point != change.path and below(m.point, change.path)]
            added.extend(_lines(beneath, kernel))  # a bind takes them along
    return sorted(lines(after) + added)


def _line(point: str, what: str, mode: str) -> str:
    return " ".join(word for word in (inert(point, PATH_LIMIT), what, mode) if word)


def diff(name: str, before: Sequence[str], after: Sequence[str]) -> Dict[str, str]:
    """What --diff shows of one container."""
    return {
        "before_header": f"{name} (mounts of the kernel's filesystems)",
        "after_header": name,
        "before": _text(before),
        "after": _text(after),
    }


def _text(mounts: Collection[str]) -> str:
    more = [f"and {len(mounts) - DIFF_LIMIT} more"] if len(mounts) > DIFF_LIMIT else []
    return "".join(line + "\n" for line in list(mounts)[:DIFF_LIMIT] + more)


def summary(name: str, result: Mapping[str, Any], check: bool) -> List[str]:
    """One container's result in a few lines; none where all is closed and stays so."""
    if result["state"] == "closed":
        return []
    lines = [f"{name}: {result['state']}"]
    verb = "would be" if check else "now"
    for word, actions in (("read-only", (READ_ONLY, BIND)), ("masked", (MASK,))):
        paths = [change["path"] for change in result["changes"] if change["action"] in actions]
        if paths:
            more = f" and {len(paths) - 10} more" if len(paths) > 10 else ""
            lines.append(f"  {verb} {word}: {', '.join(paths[:10])}{more}")
    return lines + ["  " + reason for reason in result["reasons"][:10]]


def covered_parts(mounts: Sequence[Mount], wanted: Iterable[Tuple[str, Collection[str]]]) -> List[Tuple[Mount, str]]:
    """(mount, part) for what of proc and sysfs mounts is covered by another mount, "" for all of one.

    wanted: for each filesystem type ("proc", "sysfs") the parts that matter, /sys/kernel say, relative to its root.
    """
    parts = dict(wanted)
    points = {(mount.parent, mount.point) for mount in mounts}
    covered = []
    for mount in mounts:
        if mount.fstype not in FILESYSTEMS or mount.point == "/":
            continue
        if (mount.id, mount.point) in points:
            covered.append((mount, ""))
        elif mount.root == "/":
            covered += [
                (mount, part) for part in parts.get(mount.fstype, ()) if (mount.id, mount.point + part) in points
            ]
    return covered
