# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of a remediation. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.plugin_utils import result as results
from ansible_collections.containment.docker.plugins.plugin_utils.plain import plain
from ansible_collections.containment.docker.plugins.plugin_utils.remediation import lines as remediation_lines
from ansible_collections.containment.docker.plugins.plugin_utils.remediation.outcomes import (
    CURED,
    HELD_UNTIL_RESTART,
    PENDING,
    REFUSED,
    Done,
    outcome,
)
from ansible_collections.containment.docker.plugins.plugin_utils.remediation.ways import (
    KERNEL_FILESYSTEMS,
    POLICY,
    RECREATE,
    RESTART,
)

Item = Mapping[str, Any]


def remediation_summary(
    plan: Item,
    daemon: Item | None = None,
    kernel: Sequence[Item] = (),
    steps: Sequence[Item] = (),
    errors: Mapping[str, str] | None = None,
    after: Item | Sequence[Item] = (),
    containers: Sequence[Item] = (),
    check: bool = False,
) -> dict[str, Any]:
    """The result of a remediation, as data and as lines. after: what posture_info returned then, or its findings alone.

    ValueError for what is no result.
    """
    try:
        now = results.read(after)
        done = Done(
            daemon or {},
            {result["id"]: result for result in kernel},
            steps,
            {what: inert(why, 2000) for what, why in (errors or {}).items()},
            None if check else _by_rule_and_subject(now),
            frozenset(container["id"] for container in containers),
        )
        result = _summed_up(plan, done, () if check else now.findings)
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"no result of this collection: {error!r}") from error
    return plain(result)


def _by_rule_and_subject(now: results.Result) -> dict[tuple[str, str], Item]:
    """Each status that the audit afterwards gave; where it is no finding there is nothing to quote."""
    statuses: dict[tuple[str, str], Item] = {(f["rule"], f["subject"]): f for f in now.findings}
    for key, status in results.statuses(now).items():
        statuses.setdefault(key, {"status": status, "seen": ""})
    return statuses


def _summed_up(plan: Item, done: Done, after: Sequence[Item]) -> dict[str, Any]:
    items = [_with_outcome(item, done) for item in plan["found"]]
    failed = {(f["rule"], f["subject"]) for f in plan["found"] if f["status"] == "fail"}
    failing = [f for f in after if f["status"] == "fail"]
    result = {
        "check": done.after is None,
        "found": items,
        "cured": _of(items, CURED),
        "held_until_restart": _of(items, HELD_UNTIL_RESTART),
        "pending": _of(items, PENDING),
        "refused": _of(items, REFUSED),
        "acted": [_acted(number, step, items) for number, step in enumerate(done.steps) if not step["refused"]],
        "needs_restart": _by_container(items, RESTART),
        "needs_recreation": _by_container(items, RECREATE),
        "still_failing": [_short(f) for f in failing],
        "new_since": [_short(f) for f in failing if (f["rule"], f["subject"]) not in failed],
        "failures": [f"{what}: {why}" for what, why in done.errors.items()],
    }
    result["lines"] = remediation_lines.lines(result) + [f"{'note':<18} {note}" for note in plan.get("notes", ())]
    return result


def _with_outcome(item: Item, done: Done) -> dict[str, Any]:
    came = outcome(item, done)
    return {**item, "outcome": came.outcome, "why": came.reason}


def _of(items: Sequence[Item], wanted: str) -> list[dict[str, Any]]:
    return [{**_short(item), "why": item["why"]} for item in items if item["outcome"] == wanted]


def _short(item: Item) -> dict[str, Any]:
    return {key: item[key] for key in ("rule", "subject", "severity")}


def _acted(number: int, step: Item, items: Sequence[Item]) -> dict[str, Any]:
    """A step that was taken, with the rules that it was taken for."""
    rules = [item["rule"] for item in items if item["step"] == number]
    return {**{key: step[key] for key in ("name", "container", "action", "changed", "undo", "notes")}, "rules": rules}


def _by_container(items: Sequence[Item], cure: str) -> list[dict[str, Any]]:
    """The containers that only this cures, with the rules that say so and what has to change in how each is run."""
    grouped: dict[str, dict[str, Any]] = {}
    for item in items:
        if item["way"] == cure or item["way"].startswith((POLICY, KERNEL_FILESYSTEMS)) and item["cure"] == cure:
            own = grouped.setdefault(item["subject"], {"subject": item["subject"], "rules": [], "run": []})
            own["rules"].append(item["rule"])
            own["run"] += [change for change in item.get("run", ()) if change not in own["run"]]
    return list(grouped.values())
