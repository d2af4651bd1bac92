# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sentence of each action. Pure. Names and flags are bounded, and safe to show."""

import json
from collections import Counter
from typing import Any, Mapping, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.dockerd.engine_place import PLACES

NAMES_LIMIT = 5
FLAGS_LIMIT = 6
FLAG_WIDTH = 60
VARIOUS = (("various", ""),)  # in place of changes: each container has its own
Finding = Mapping[str, Any]


def of_action(
    kind: str,
    findings: Sequence[Finding],
    subjects: Sequence[str],
    changes: Sequence[Tuple[str, str]],
    settings: Mapping[str, Any],
) -> str:
    """What to do, and how many findings that ends. kind: see `actions.KINDS`; subjects: of the findings, each once."""
    rules = _listed(sorted({finding["rule"] for finding in findings}), 8)
    ends = f"ends {_count(len(findings), 'finding')}"
    names = [_short(subject.partition(":")[2] or subject, 40) for subject in subjects]
    containers = f"{_count(len(subjects), 'container')} ({_listed(names, NAMES_LIMIT)})"
    if kind in ("restart_daemon", "reload_daemon"):
        verb = "Restart" if kind == "restart_daemon" else "Reload"
        if not settings:
            return f"{verb} dockerd once, as it makes anew at its start what is missing ({rules}): {ends}"
        keys = _listed([f"{key}: {json.dumps(settings[key])}" for key in sorted(settings)], 20)
        return f"{verb} dockerd once with {keys} in daemon.json{_after(findings, settings)}: {ends}"
    if kind == "recreate_containers":
        return f"Recreate {containers}{_with(changes)}: {ends}"
    if kind == "restart_containers":
        return f"Restart {containers}: {ends}"
    if kind == "update_live":
        return f"Update {containers} while they run{_with(changes)}: {ends}"
    if kind == "host":
        return f"Change the host itself ({rules}){_after(findings, settings={})}: {ends}"
    if kind == "find_out":
        reason, _number = Counter(finding["seen"] for finding in findings).most_common(1)[0]
        return f"Find out: {_count(len(findings), 'finding')} unknown, most often because: {_short(reason, 160)}"
    obstacles = sorted({finding["obstacle"] for finding in findings if "obstacle" in finding})
    first = "".join(f"; {obstacle}" for obstacle in obstacles)
    return f"Nobody can do it on the spot: {_count(len(findings), 'finding')} ({rules}){first}"


def _after(findings: Sequence[Finding], settings: Mapping[str, Any]) -> str:
    """What has to follow for the containers that have the old default, and what it costs."""
    cures: dict = {}
    for finding in findings:
        if "cure" in finding:
            cures.setdefault(finding["cure"], set()).add(finding["subject"])
    recreated = cures.get("recreate", set())
    restarted = cures.get("restart", set()) - recreated
    parts = [
        f"{verb} {_count(len(which), 'container')}"
        for verb, which in (("recreate", recreated), ("restart", restarted))
        if which
    ]
    moving = [key for key in sorted(settings) if key in PLACES]
    cost = f" ({moving[0]} moves the engine's data: images, containers and volumes are made anew)" if moving else ""
    return cost + (f", then {' and '.join(parts)} from before it" if parts else "")


def _with(changes: Sequence[Tuple[str, str]]) -> str:
    if not changes:
        return ""
    if changes == VARIOUS:
        return ", each with changes of its own"
    words = {"remove": "without", "add": "with"}
    parts = []
    for change, word in words.items():
        flags = [_short(flag, FLAG_WIDTH) for kind, flag in changes if kind == change]
        if flags:
            parts.append(f"{word} {_listed(flags, FLAGS_LIMIT)}")
    return " " + " and ".join(parts)


def _short(text: str, limit: int) -> str:
    """Inert, and no longer than the limit though an escape is ten characters."""
    return inert(inert(text), limit)


def _listed(names: Sequence[str], limit: int) -> str:
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more} more" if more > 0 else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
