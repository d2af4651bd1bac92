# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Closes the kernel's filesystems in containers that run: look, plan, change, look again.

One container's trouble is its own: the others are still handled.
"""

import datetime
import os
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple, Union

from ansible_collections.containment.docker.plugins.module_utils.common import container_names
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver, list_expired, to_plain
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine
from ansible_collections.containment.docker.plugins.module_utils.docker_api.container_selection import (
    Listed,
    all_names,
    running,
    select,
)
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import (
    inspect,
    parent,
    report,
    verify,
    waivers,
)
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import plan as mount_plan
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.verify import Done
from ansible_collections.containment.docker.plugins.module_utils.linux import process_handle, process_table

CHILD_SECONDS = 10.0


class Options(NamedTuple):
    """What to do. containers, images (names or ids): None for all.

    timeout: seconds that all answers of the engine may take; today: the day that waivers are held against.
    """

    address: str
    unit: str
    containers: Optional[Sequence[str]]
    images: Optional[Sequence[str]]
    waivers: Sequence[Waiver]
    timeout: float
    today: datetime.date


class EnforcementError(Exception):
    """Nothing was done; the text is the reason."""


def enforce(options: Options, check: bool) -> Dict[str, Any]:
    """Return changed, containers (a report each), missing (names that don't run), diff, warnings, summary, and waivers:
    expired_waivers, unused_waivers (of no use where all that run was looked at).

    Raise EnforcementError, EngineError.
    """
    engine = Engine(options.address, options.timeout)
    if not engine.address.local:
        raise EnforcementError(
            f"engine {options.address}: only on a local unix socket are its containers on this kernel"
        )
    try:
        in_common = inspect.shared(engine, options.unit)
        tools = parent.prepare()
    except (Unreadable, parent.Refused) as reason:
        raise EnforcementError(str(reason))
    try:
        containers = container_names.plain(options.containers) if options.containers is not None else None
        every = running(engine)
        listed, missing = select(every, containers, options.images)
        notes = _check_names(engine, containers, options.waivers)
        pids = _pids(engine, every)
        done = [_one(engine, tools, in_common, c, pids.get(c.id, []), options, check) for c in listed]
        if not check and any(isinstance(item, Done) and item.plan.changes for item in done):
            pids = _pids(engine, every)  # there may be others now, and all are looked at
        ends = [_end(engine, in_common, c, item, pids.get(c.id, []), check) for c, item in zip(listed, done)]
    finally:
        engine.close()
        os.close(tools.null)
    results = [result for result, _difference in ends]
    expired = list_expired(options.waivers, options.today)
    unused = _unused_waivers(options, listed, done)
    warnings = notes + [waivers.describe_expired(waiver) for waiver in expired]
    warnings += [f"no running container is called {inert(name, 255)!r}" for name in missing]
    for result in results:
        warnings += [f"{result['name']}: {text}" for text in result["warnings"]]
    return {
        "changed": any(result["changes"] for result in results),
        "containers": results,
        "missing": missing,
        "diff": [difference for _result, difference in ends if difference],
        "warnings": warnings,
        "summary": [line for result in results for line in report.summary(result["name"], result, check)]
        + [waivers.describe_expired(waiver) for waiver in expired]
        + [waivers.describe_unused(waiver) for waiver in unused],
        "expired_waivers": [to_plain(waiver) for waiver in expired],
        "unused_waivers": [to_plain(waiver) for waiver in unused],
    }


def _unused_waivers(options: Options, listed: Sequence[Listed], done: Sequence[Union[Done, Exception]]) -> List[Waiver]:
    """Return the waivers that cover nothing; none where containers were not, or could not be, looked at."""
    if options.containers is not None or options.images is not None:
        return []
    openings = []
    for container, item in zip(listed, done):
        if not isinstance(item, Done):
            return []
        openings += [(container.name, opening.path) for opening in item.before.openings]
    used = waivers.list_used(options.waivers, openings)
    return [waiver for waiver in options.waivers if waiver not in used]


def _check_names(engine: Engine, containers: Optional[Sequence[str]], leave: Sequence[Waiver]) -> List[str]:
    """Notes about names of no container; raises EnforcementError for what looks like a typing error."""
    waived = [name for waiver in leave for name in waiver.selector.containers]
    if not containers and not waived:
        return []
    known = all_names(engine)
    errors, notes = container_names.unknown(waivers.OPTION, waived, known)
    errors += container_names.unknown("containers", containers or (), known)[0]
    if errors:
        raise EnforcementError("; ".join(errors))
    return notes


def _pids(engine: Engine, every: Sequence[Listed]) -> Dict[str, List[int]]:
    """By what no container can choose, so that none is held responsible for a process of another."""
    known = frozenset(container.id for container in every)
    return process_table.census(known, engine.address.path).pids if known else {}


def _one(
    engine: Engine,
    tools: parent.Tools,
    in_common: Dict[str, Any],
    container: Listed,
    pids: List[int],
    options: Options,
    check: bool,
) -> Union[Done, Exception]:
    """What was done with a container, or why it could not be looked at. One that moves on meanwhile is looked at anew."""
    for _try in range(3):
        done = _once(engine, tools, in_common, container, pids, options, check)
        if not isinstance(done, process_handle.Gone):
            break
    return done


def _once(
    engine: Engine,
    tools: parent.Tools,
    in_common: Dict[str, Any],
    container: Listed,
    pids: List[int],
    options: Options,
    check: bool,
) -> Union[Done, Exception]:
    try:
        look = inspect.look(engine, in_common, container.id, pids)
        mounts = look.evidence["mounts"]
        counting = waivers.count_today(waivers.select_waivers(container.name, options.waivers), options.today)
        plan = mount_plan.plan(mounts, look.openings, counting)
        done = Done(container.id, look, plan, {}, None)
        if check:
            refused = parent.is_hosts(tools, look.evidence["namespaces"]["mnt"])
            return done._replace(refusal=parent.HOST_NAMESPACE if refused else None)
        if not plan.changes:
            return done
        pid = look.evidence["inspect"]["State"]["Pid"]
    except inspect.trouble() as reason:
        return reason
    try:
        answers = parent.apply(tools, container.id, pid, mounts, plan.changes, CHILD_SECONDS)
    except process_handle.Gone as reason:
        return reason
    except parent.Refused as reason:
        return done._replace(refusal=str(reason))
    except OSError as error:  # no memory, no processes or no descriptors any more
        return done._replace(refusal=f"no child process for it: {error.strerror}")
    return done._replace(failures={change: why for change, why in zip(plan.changes, answers) if why is not None})


def _end(
    engine: Engine,
    in_common: Dict[str, Any],
    container: Listed,
    done: Union[Done, Exception],
    pids: List[int],
    check: bool,
) -> Tuple[Dict[str, Any], Any]:
    """(the container's report, its diff or None)"""
    result = {"name": container.name, "id": container.id, "image": inert(container.image, 255), "warnings": []}
    changes: List[mount_plan.Change] = []
    try:
        if isinstance(done, Exception):
            raise done
        tried = bool(done.plan.changes) and not check and not done.refusal
        changes = [change for change in done.plan.changes if tried and change not in done.failures]
        after = inspect.look(engine, in_common, container.id, pids) if tried else done.before
        if _first_process(after) != _first_process(done.before):
            raise process_handle.Gone("it was restarted after that; run again")
        aftermath = verify.summarise(done, after, pids, check)
        processes_ = after.evidence["processes"] if aftermath.changes else ()
        names = verify.names(container.id, pids if aftermath.changes else ())
        result["warnings"] = report.warnings(processes_, names, aftermath.changes)
    except inspect.trouble() as reason:
        gone = inspect.gone(engine, container.id)
        result.update(report.report(report.Aftermath(changes, [], [], None), check))
        result["state"] = "gone" if gone else "unknown"
        words = "it ended meanwhile" if gone else "what holds now is not known"
        result["reasons"] = [inert(f"{words}: {reason}")]
        return result, None
    result.update(report.report(aftermath, check))
    if not aftermath.changes:
        return result, None
    before = done.before.evidence["mounts"]
    expected = report.expected_lines(before, aftermath.changes)
    lines = expected if check else report.lines(after.evidence["mounts"])
    return result, report.diff(container.name, report.lines(before), lines)


def _first_process(look: inspect.Look) -> Tuple[int, int]:
    """Its pid and start: another one has other mounts."""
    return look.evidence["inspect"]["State"]["Pid"], look.evidence["stat"][1]
