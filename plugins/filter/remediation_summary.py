# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of a remediation."""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.containment.docker.plugins.module_utils.rule import inert
from ansible_collections.containment.docker.plugins.plugin_utils import remediation_lines
from ansible_collections.containment.docker.plugins.plugin_utils.remediation_outcomes import (
    CURED,
    HELD,
    PENDING,
    REFUSED,
    Done,
    outcome,
    sentences,
)
from ansible_collections.containment.docker.plugins.plugin_utils.remediation_ways import POLICY, RECREATE, RESTART

Item = Mapping[str, Any]


def remediation_summary(
    plan: Item,
    daemon: Item | None = None,
    kernel: Sequence[Item] = (),
    steps: Sequence[Item] = (),
    errors: Mapping[str, str] | None = None,
    after: Sequence[Item] | None = None,
    containers: Sequence[Item] = (),
) -> dict[str, Any]:
    """The result of a remediation, as data and as lines; after is None in check mode."""
    try:
        done = Done(
            daemon or {},
            {result["id"]: result for result in kernel},
            {(step["container"], step["action"]): step for step in steps},
            {what: inert(why, 2000) for what, why in (errors or {}).items()},
            None if after is None else {(f["rule"], f["subject"]): f for f in after},
            frozenset(container["id"] for container in containers),
        )
        result = _summed_up(plan, done, steps, after)
    except (LookupError, TypeError, AttributeError) as error:
        raise AnsibleFilterError(f"remediation_summary: no result of this collection: {error!r}") from error
    return wrap_var(result)


def _summed_up(plan: Item, done: Done, steps: Sequence[Item], after: Sequence[Item] | None) -> dict[str, Any]:
    found = [_with_outcome(item, done) for item in plan["found"]]
    failed = {(f["rule"], f["subject"]) for f in plan["found"] if f["status"] == "fail"}
    failing = [f for f in after or () if f["status"] == "fail"]
    result = {
        "check": after is None,
        "found": found,
        "cured": _of(found, CURED),
        "held_until_restart": _of(found, HELD),
        "pending": _of(found, PENDING),
        "refused": _of(found, REFUSED),
        "acted": [_acted(step, found) for step in steps if step["action"] != "update" and not step["refused"]],
        "needs_restart": _by_container(found, RESTART),
        "needs_recreation": _by_container(found, RECREATE),
        "still_failing": [_short(f) for f in failing],
        "new_since": [_short(f) for f in failing if (f["rule"], f["subject"]) not in failed],
        "failures": sentences(found, done.errors),
    }
    result["lines"] = remediation_lines.lines(result)
    return result


def _with_outcome(item: Item, done: Done) -> dict[str, Any]:
    came = outcome(item, done)
    return {**item, "outcome": came.outcome, "why": came.reason, "failed": came.failed}


def _of(found: Sequence[Item], wanted: str) -> list[dict[str, Any]]:
    return [{**_short(item), "why": item["why"]} for item in found if item["outcome"] == wanted]


def _short(item: Item) -> dict[str, Any]:
    return {key: item[key] for key in ("rule", "subject", "severity")}


def _acted(step: Item, found: Sequence[Item]) -> dict[str, Any]:
    rules = [f["rule"] for f in found if f["container"] == step["container"] and f["way"] == POLICY + step["action"]]
    shown = {key: step[key] for key in ("name", "container", "action", "changed", "undo")}
    return {**shown, "rules": rules}


def _by_container(found: Sequence[Item], cure: str) -> list[dict[str, Any]]:
    """The containers that only this cures, with the rules that say so and what has to change in how each is run."""
    grouped: dict[str, dict[str, Any]] = {}
    for item in found:
        if item["way"] == cure or item["way"].startswith(POLICY) and item["cure"] == cure:
            own = grouped.setdefault(item["subject"], {"subject": item["subject"], "rules": [], "run": []})
            own["rules"].append(item["rule"])
            own["run"] += [change for change in item.get("run", ()) if change not in own["run"]]
    return list(grouped.values())


class FilterModule:
    """Ansible's entry."""

    def filters(self):
        """The filters of this file by name."""
        return {"remediation_summary": remediation_summary}
