# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of each finding that a remediation planned something for. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID
from ansible_collections.containment.docker.plugins.plugin_utils.remediation.ways import (
    DAEMON,
    KERNEL_FILESYSTEMS,
    NONE,
    POLICY,
    RECREATE,
    RESTART,
    SELINUX,
    UPDATE,
    WAIVED,
)

CURED, HELD_UNTIL_RESTART, PENDING, ACTED, REFUSED, GONE = (
    "cured",
    "held until restart",
    "pending",
    "acted",
    "refused",
    "gone",
)
NEEDS_RESTART, NEEDS_RECREATION = "needs restart", "needs recreation"
CONTAINER_REMEDY = "container_remedy"
OUTCOMES = (CURED, HELD_UNTIL_RESTART, PENDING, ACTED, NEEDS_RESTART, NEEDS_RECREATION, REFUSED, GONE, WAIVED)


class Done(NamedTuple):
    """What was done, or in check mode would be.

    daemon: what docker_daemon returned; kernel: by container id what kernel_filesystems said last; steps: what
    container_remedy said of each step; errors: why all of it was refused, by the name of the module, or DAEMON, or SELINUX.
    after: the statuses that the audit afterwards gave, by (rule, subject), None in check mode; alive: the ids it saw.
    """

    daemon: Mapping[str, Any]
    kernel: Mapping[str, Mapping[str, Any]]
    steps: Sequence[Mapping[str, Any]]
    errors: Mapping[str, str]
    after: Mapping[tuple[str, str], Mapping[str, Any]] | None
    alive: frozenset[str]


class Outcome(NamedTuple):
    """What came of it, and why."""

    outcome: str
    reason: str = ""


def outcome(item: Mapping[str, Any], done: Done) -> Outcome:
    """Of one finding of the plan."""
    chosen = item["way"]
    if chosen == WAIVED:
        return Outcome(WAIVED, item["reason"])
    if chosen == NONE:
        return Outcome(REFUSED, item["reason"])
    if chosen == DAEMON:
        return _of_daemon(item, done)
    if chosen == SELINUX:
        return Outcome(REFUSED, done.errors[SELINUX]) if SELINUX in done.errors else _seen_after(item, done)
    if done.daemon.get("left_behind"):
        return Outcome(GONE, f"it is left behind in {done.daemon['left_behind']}")
    if done.after is not None and item["container"] not in done.alive:
        return Outcome(GONE, "it was removed meanwhile")
    if chosen == KERNEL_FILESYSTEMS:
        return _of_kernel(item, done)
    if chosen == UPDATE:
        return _of_update(item, done)
    if chosen.startswith(POLICY):
        return _of_action(item, chosen[len(POLICY) :], done)
    return Outcome({RESTART: NEEDS_RESTART, RECREATE: NEEDS_RECREATION}[chosen], item["reason"])


def _of_daemon(item: Mapping[str, Any], done: Done) -> Outcome:
    if DAEMON in done.errors:
        return Outcome(REFUSED, done.errors[DAEMON])
    waiting = [wait for wait in done.daemon.get("pending", ()) if wait["key"] in BY_ID[item["rule"]].settings]
    return Outcome(PENDING, f"{waiting[0]['key']}: {waiting[0]['reason']}") if waiting else _seen_after(item, done)


def _of_kernel(item: Mapping[str, Any], done: Done) -> Outcome:
    if KERNEL_FILESYSTEMS in done.errors:
        return Outcome(REFUSED, done.errors[KERNEL_FILESYSTEMS])
    result = done.kernel[item["container"]]
    if result["state"] == "gone":
        return Outcome(GONE, "it ended meanwhile")
    if result["state"] == "held until restart" or done.after is None:
        return Outcome(HELD_UNTIL_RESTART, item["reason"])
    return Outcome(REFUSED, "; ".join([result["state"], *result["reasons"]]))


def _of_update(item: Mapping[str, Any], done: Done) -> Outcome:
    refused = _refused(item, done)
    return Outcome(REFUSED, refused) if refused else _seen_after(item, done)


def _of_action(item: Mapping[str, Any], action: str, done: Done) -> Outcome:
    refused = _refused(item, done)
    return Outcome(REFUSED, f"{action}: {refused}") if refused else Outcome(ACTED, action)


def _refused(item: Mapping[str, Any], done: Done) -> str:
    """Why a step was refused; "" also for one of a plan alone, of which no step was tried."""
    if done.after is None and not done.steps:
        return done.errors.get(CONTAINER_REMEDY, "")
    return done.errors.get(CONTAINER_REMEDY) or done.steps[item["step"]]["refused"]


def _seen_after(item: Mapping[str, Any], done: Done) -> Outcome:
    """Cured only if the audit afterwards says so; what it doesn't say is not."""
    if done.after is None:
        return Outcome(CURED)
    now = done.after.get((item["rule"], item["subject"]), {"status": "unknown", "seen": "it was not judged again"})
    if now["status"] in ("pass", "not_applicable"):
        return Outcome(CURED)
    return Outcome(REFUSED, f"afterwards it is still {now['status']}: {now['seen']}")
