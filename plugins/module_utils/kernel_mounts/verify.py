# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is left of a container's open kernel filesystems at the end: who holds them, where else they are open, who could
open them again. What is said is what the kernel shows then, never what was tried.
"""

import time
from typing import Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import ask
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import child, open_files, parent, report
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import plan as mount_plan
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.inspect import Look
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.open_files import Reach
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.plan import (
    MASK,
    READ_ONLY,
    Change,
    OpenPath,
)
from ansible_collections.containment.docker.plugins.module_utils.linux import (
    kernel_view,
    process_handle,
    processes,
    procfs,
)
from ansible_collections.containment.docker.plugins.module_utils.rules import kernel_filesystems

_HOMES = (("proc", "/proc"), ("sysfs", "/sys"))
SEARCH_SECONDS = 10.0


class Done(NamedTuple):
    """What was done with a container. failures: of changes that were tried in vain; refusal: why none was tried."""

    id: str
    before: Look
    plan: mount_plan.Plan
    failures: Mapping[Change, parent.Failure]
    refusal: Optional[str]


def summarise(done: Done, after: Look, pids: Sequence[int], check: bool) -> report.Aftermath:
    """What is known at the end. after: the look after the changes, in check mode the one before. Raises as inspect.look."""
    evidence = after.evidence
    changes, still_open = list(done.plan.changes), list(done.plan.left)
    if done.refusal:
        still_open, changes = still_open + [OpenPath(c.path, done.refusal, "recreate") for c in changes], []
    is_open = {_key(opening.mount.id, opening.below, opening.readable) for opening in after.openings}
    untouched = changes if check else [c for c in changes if _key(c.mount.id, c.below, c.action == MASK) in is_open]
    writers = {Reach(c.mount.id, c.mount.point, "", True): c for c in untouched if c.action == READ_ONLY}
    old = _covered(evidence["mounts"], after.wanted)
    if check:
        old += [Reach(c.mount.id, c.mount.point, c.below) for c in changes if c.action != READ_ONLY]
    reopens = _reopens(evidence)
    if not changes and not still_open and reopens is False:
        old = []  # as the engine made it: nothing was ever open
    holders = open_files.search(
        done.id, sorted({_first(evidence)}.union(pids)), old + list(writers), time.monotonic() + SEARCH_SECONDS
    )
    still_open += _list_held_open(holders, old)
    busy = {
        writers[holder.reach]: _busy(writers[holder.reach], holder)
        for holder in holders.holders
        if holder.reach.writing
    }
    still_open += busy.values()
    if not check:
        still_open += [_failed(c, done.failures.get(c)) for c in untouched if c not in busy]
        still_open += _appeared(done, after)
        changes = [c for c in changes if c not in untouched and _may_be_ours(done.failures.get(c))]
    else:
        changes = [c for c in changes if c not in busy]
    still_open += _elsewhere(done.id, evidence, holders.namespaces, after)
    return report.Aftermath(changes, still_open, _undo(done.id, evidence), reopens)


def _key(mount: int, below: str, masked: bool) -> Tuple[int, str, bool]:
    return mount, below, masked


def _may_be_ours(failure: Optional[parent.Failure]) -> bool:
    """A child that had to be killed may have made a change; otherwise its answer counts."""
    return failure is None or failure.stage == child.CRASHED


def _first(evidence: Evidence) -> int:
    return evidence["inspect"]["State"]["Pid"]


def _reopens(evidence: Evidence) -> Optional[bool]:
    """Whether the next start makes the mounts open again; None if that is not known."""
    verdict = ask(kernel_filesystems.RULE.container["configured"], evidence)
    return None if verdict is None or verdict.ok is None else not verdict.ok


def _covered(mounts: List[procfs.Mount], wanted: Tuple[List[str], List[str]]) -> List[Reach]:
    homes = [
        (fstype, [p[len(home) :] for paths in wanted for p in paths if p.startswith(home)]) for fstype, home in _HOMES
    ]
    return [Reach(mount.id, mount.point, part) for mount, part in report.covered_parts(mounts, homes)]


def _list_held_open(holders: open_files.OpenFiles, old: Sequence[Reach]) -> Iterator[OpenPath]:
    for holder in holders.holders:
        if not holder.reach.writing:
            yield OpenPath(
                holder.reach.point + holder.reach.below,
                f"what is now covered is held open by process {int(holder.pid)} ({holder.what}): restart needed",
                "restart",
            )
    if old and holders.reason:
        yield OpenPath("", f"who holds what is covered is not fully known: {holders.reason}", "restart")


def _busy(change: Change, holder: open_files.Holder) -> OpenPath:
    return OpenPath(
        change.path, f"held open for writing by process {int(holder.pid)} ({holder.what}): restart needed", "restart"
    )


def _failed(change: Change, failure: Optional[parent.Failure]) -> OpenPath:
    if failure is None:
        return OpenPath(change.path, "it was open again afterwards", "recreate")
    if failure.busy:
        return OpenPath(
            change.path, "held open for writing by a process that could not be found: restart needed", "restart"
        )
    return OpenPath(change.path, str(failure), "retry")


def _appeared(done: Done, after: Look) -> Iterator[OpenPath]:
    """What is open now and was not when the plan was made."""
    known = {_key(opening.mount.id, opening.below, opening.readable) for opening in done.before.openings}
    for opening in after.openings:
        if _key(opening.mount.id, opening.below, opening.readable) not in known:
            yield OpenPath(opening.path, "it was opened meanwhile", "retry")


def _elsewhere(container: str, evidence: Evidence, namespaces: Mapping[str, int], after: Look) -> Iterator[OpenPath]:
    """What is open in mount namespaces of the container's processes other than the first one's."""
    first, host = evidence["namespaces"]["mnt"], evidence["host"]["namespaces"]["mnt"]
    for name, pid in sorted(namespaces.items()):
        if name == first:
            continue
        if name == host:
            yield OpenPath("/", f"process {int(pid)} is in the host's mount namespace", "restart")
            continue
        try:
            mounts = _mounts_of(container, pid)
        except (OSError, ValueError, process_handle.Gone) as error:
            yield OpenPath("", f"the mount namespace of process {int(pid)} can't be looked at: {error}", "retry")
            continue
        opening = next(kernel_view.find(mounts, after.wanted[0], after.wanted[1], after.owns_cgroups), None)
        if opening is not None:
            verb = "seen" if opening.readable else "written"
            yield OpenPath(
                opening.path,
                f"{opening.shows} can be {verb} in the mount namespace of process {int(pid)}",
                "restart",
            )


def _mounts_of(container: str, pid: int) -> List[procfs.Mount]:
    with process_handle.open_member(container, pid) as process:
        return procfs.parse_mountinfo(process.read("mountinfo"))


def _undo(container: str, evidence: Evidence) -> List[str]:
    try:
        owners = open_files.owners(container, _first(evidence))
        shares_pids = evidence["namespaces"]["pid"] == evidence["host"]["namespaces"]["pid"]
        return report.ways_to_undo(evidence["processes"], owners, shares_pids)
    except Unreadable as reason:
        return [f"what its processes may do is not known: {reason}"]


def names(container: str, pids: Sequence[int]) -> Dict[int, str]:
    """pid -> the name that the process gives itself: good for warnings only."""
    commands: Dict[int, str] = {}
    for pid in sorted(pids)[: processes.PROCESS_LIMIT]:
        try:
            with process_handle.open_member(container, pid) as process:
                commands[pid] = process.read("comm").rstrip(b"\n").decode("utf-8", "backslashreplace")
        except (OSError, process_handle.Gone):
            continue
    return commands
