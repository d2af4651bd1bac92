# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""no-new-privileges true: what executes setuid and setgid files or files with capabilities gains nothing by it any more. Pure.

The daemon's default is frozen when a container is created, so each of these breaks once the container is created again.
linux: fs/exec.c (bprm_fill_uid), security/commoncap.c; moby: daemon/daemon_unix.go, parseSecurityOpt
"""

from typing import Any, Dict, FrozenSet, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of
from ansible_collections.containment.docker.plugins.module_utils.docker_api import security_opt
from ansible_collections.containment.docker.plugins.module_utils.docker_api.user import uid_of
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import CERTAIN, LIKELY, POSSIBLE, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.program_names import names
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Status

NAME = "no-new-privileges"
# Who runs one of these as root may run others as somebody else behind it.
_SWITCHES = frozenset(
    "chpst chroot doas gosu runuser s6-setuidgid setpriv setuidgid start-stop-daemon su su-exec sudo".split()
)
# moby gives each container with a network of its own net.ipv4.ip_unprivileged_port_start=0 and a ping_group_range of all
# groups from 20.10 on (daemon/oci_linux.go, WithSysctls), so that these two are mostly not needed.
_DISPENSABLE = {"NET_BIND_SERVICE": "net.ipv4.ip_unprivileged_port_start", "NET_RAW": "net.ipv4.ping_group_range"}
_REMEDY = (
    "start it as the user and with the capabilities that it needs (--user, --cap-add), or create it with "
    "--security-opt no-new-privileges=false"
)
_LISTED = 12


class _Start(NamedTuple):
    """As whom the container starts. uid: in the container, None where not known; first: pid of its first process."""

    uid: Optional[int]
    first: int

    @property
    def is_unprivileged(self) -> bool:
        return self.uid not in (None, 0)


def of_container(name: str, evidence: Evidence) -> Iterable[Item]:
    """Say which processes have gained privileges, which programs are named that do, and which others the container has."""
    if not _changes(evidence):
        return
    files = evidence["privileged_files"]
    start = _Start(_start_uid(evidence["inspect"]["Config"].get("User"), files.users), _pid(evidence))
    if start.first:
        yield from _gained(name, evidence, files, start)
    named = _named(files, start, _map(evidence))
    for path, (file, where) in sorted(named.items()):
        only_capabilities = file.capabilities and not file.setuid and not file.setgid
        dispensable = only_capabilities and file.capabilities <= _dispensable(evidence)
        yield Item(
            NAME,
            "named-program",
            subject_of(name, path),
            POSSIBLE if dispensable else LIKELY,
            f"{where} names {path}, which {_what(file)}: without that it fails or does less",
            _REMEDY,
            {"file": path, "named_by": where},
        )
    rest = sorted(file.path for file in files.privileged if file.path not in named)
    if rest:
        yield Item(
            NAME,
            "privileged-files",
            subject_of(name),
            POSSIBLE,
            f"{_several(len(rest), 'file gives', 'files give')} who executes them other ids or capabilities: {_listed(rest)}",
            f"nothing, where no process of it executes them; otherwise {_REMEDY}",
            {"files": len(rest)},
        )
    if files.obstacle:
        raise Unreadable(files.obstacle)


def _dispensable(evidence: Evidence) -> FrozenSet[str]:
    """The capabilities that moby's sysctls make needless, but on the host's network or with other values."""
    config = evidence["inspect"]["HostConfig"]
    own = config.get("Sysctls") or {}
    names = () if config.get("NetworkMode") == "host" else _DISPENSABLE.items()
    return frozenset(capability for capability, sysctl in names if sysctl not in own)


def _changes(evidence: Evidence) -> bool:
    """Whether the daemon's default decides, and has not decided so already when the container was created."""
    if security_opt.parse(evidence["inspect"]["HostConfig"].get("SecurityOpt")).no_new_privileges is not None:
        return False
    try:
        return evidence["made"].get("NoNewPrivileges") is not True
    except (Absent, Unreadable):
        return True


def _pid(evidence: Evidence) -> int:
    return evidence["inspect"]["State"].get("Pid") or 0


def _start_uid(user: Optional[str], users: Mapping[str, int]) -> Optional[int]:
    uid = uid_of(user)
    return users.get((user or "").partition(":")[0]) if uid is None else uid


def _gained(name: str, evidence: Evidence, files: Any, start: _Start) -> Iterator[Item]:
    processes = {process.pid: process for process in evidence["processes"] if not process.thread}
    parents, uid_map = evidence["parents"], evidence["uid_map"]
    namespace = evidence["namespaces"]["user"]
    privileged = {file.path for file in files.privileged}
    for pid, process in sorted(processes.items()):
        if process.status.zombie or process.status.no_new_privs == 1:
            continue
        if process.user_namespace not in (None, namespace):
            continue  # it has all capabilities in a user namespace that it made itself
        parent = processes.get(parents.get(pid))
        before = parent.status if parent else None
        own = _descends(pid, start.first, parents) and start.is_unprivileged
        if own:
            changed = _differs(process.status, start.uid, uid_map)
        else:
            changed = _surpasses(process.status, before, uid_map)
        if not changed:
            continue
        program = files.program_of(pid) or f"process {pid}"
        sure = CERTAIN if own or program in privileged else LIKELY
        if changed == _capabilities(process.status) and process.status.permitted <= _dispensable(evidence):
            sure = POSSIBLE
        yield Item(
            NAME,
            "gained-privileges",
            subject_of(name, program),
            sure,
            f"{program} runs with {changed}, which it was not started with: it comes from a setuid or setgid file or one with "
            f"capabilities, and is gone once the container is created again",
            _REMEDY,
            {"program": program},
        )


def _descends(pid: int, first: int, parents: Dict[int, Optional[int]]) -> bool:
    """Whether a process is the container's first or comes from it; one from exec, or whose parent has ended, may not."""
    for _step in range(len(parents) + 1):
        if pid == first:
            return True
        next_pid = parents.get(pid)
        if next_pid is None:
            return False
        pid = next_pid
    return False


def _differs(status: Status, uid: Optional[int], uid_map: List[Any]) -> str:
    """What a process has that no process has which began as an ordinary user; "" if nothing."""
    for number in status.uids:
        if _inside(number, uid_map) != uid:
            return f"user id {_inside(number, uid_map)}"
    return _capabilities(status) or _other_group(status)


def _surpasses(status: Status, before: Optional[Status], uid_map: List[Any]) -> str:
    """What a process has that its parent, an ordinary user's, could not give it; "" if nothing, or if that isn't known."""
    if before is not None:
        if before.permitted or len(set(before.uids)) > 1 or _inside(before.uids[0], uid_map) == 0:
            return ""
        return _differs(status, _inside(before.uids[0], uid_map), uid_map)
    real, effective, saved = status.uids[:3]
    if _inside(real, uid_map) != 0 and 0 in (_inside(effective, uid_map), _inside(saved, uid_map)):
        return "user id 0"
    return ""


def _capabilities(status: Status) -> str:
    return f"capabilities {', '.join(sorted(status.permitted))}" if status.permitted else ""


def _other_group(status: Status) -> str:
    return "another group id" if len(set(status.gids)) > 1 else ""


def _inside(number: int, uid_map: List[Any]) -> int:
    """An id of the host as the container sees it; -1 where it has none."""
    for inside, outside, count in uid_map:
        if outside <= number < outside + count:
            return inside + number - outside
    return -1


def _map(evidence: Evidence) -> List[Any]:
    """Its uid_map; the host's own where nothing runs, so that a file of root's of a remapped container counts as another's."""
    return evidence["uid_map"] if evidence.get("uid_map") else [(0, 0, 1 << 32)]


def _named(files: Any, start: _Start, uid_map: List[Any]) -> Dict[str, Any]:
    """{path: (file, what names it)} of those files that somebody executes who is not root already."""
    named: Dict[str, Any] = {}
    for file in files.privileged:
        for source in files.sources:
            if names(source, file.path, files.directories) and _matters(file, source, start, files.sources, uid_map):
                named.setdefault(file.path, (file, source.where))
    return named


def _matters(file: Any, source: Any, start: _Start, sources: Sequence[Any], uid_map: List[Any]) -> bool:
    """Whether the file gives anything to who runs the source: root has all that a file of root's would give."""
    if file.setuid and _inside(file.owner, uid_map) != 0:
        return True
    if source.user is not None:
        return source.user != "root"
    words = frozenset(word.rpartition("/")[2] for one in sources if one.user is None for word in one.words)
    switches = words & _SWITCHES
    return start.uid != 0 or bool(switches - {file.path.rpartition("/")[2]})


def _what(file: Any) -> str:
    parts = ["runs as its owner (setuid)"] if file.setuid else []
    parts += ["runs as its group (setgid)"] if file.setgid else []
    parts += [f"has the capabilities {', '.join(sorted(file.capabilities))}"] if file.capabilities else []
    return " and ".join(parts)


def _several(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _listed(paths: Sequence[str]) -> str:
    more = len(paths) - _LISTED
    return ", ".join(paths[:_LISTED]) + (f" and {more} more" if more > 0 else "")


SETTING = Setting(NAME, of_container=of_container)
