# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet that nobody has: results of the size and with the texts that the page must bear."""

import itertools
import random

from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.tests.unit.plugins.hostile import audits

SEVERITIES = ("low", "medium", "high", "critical")
HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "line\nbreak\ttab",
    "\x1b[31mred\x1b[0m\x07",
    "\u202egnp.exe\u2066",
    "&lt;b&gt; &amp; ]]> <!--",
    "=cmd|' /C calc'!A0",
    "\u0000\ufffe\udc80",
)


def finding(rule, subject, status="fail", severity="high", message="it is not so", **more):
    """A finding as posture_info returns it."""
    layers = {
        "configured": {"ok": True, "seen": "SecurityOpt has no-new-privileges"},
        "kernel": {"ok": status == "pass", "seen": message},
    }
    return {
        "rule": rule, "subject": subject, "status": status, "severity": severity, "message": message, "seen": message,
        "layers": layers, "drift": False, "disagreement": "", **more,
    }  # fmt: skip


def result(findings, containers=(), actions=(), **more):
    """A result of schema 1."""
    return {
        "schema": 1, "collected_at": "2026-11-20T03:04:05Z", "details": "open", "findings": findings, "actions": list(actions),
        "passed": {}, "not_applicable": {}, "remediations": {}, "unused_waivers": [], "obstacles": [],
        "containers": [{"name": name, "id": name, "state": "running"} for name in containers],
        "engine": {"address": "unix:///run/docker.sock", "state": "running", "version": "28.5.2", "reason": ""},
        **more,
    }  # fmt: skip


def restart(ends, rules):
    """An action of one host."""
    return {
        "kind": "restart_daemon", "ends": ends, "sentence": f"restart dockerd once with icc: ends {ends} findings",
        "rules": list(rules), "subjects": ["daemon"], "more_subjects": 0, "settings": {"icc": False, "no-new-privileges": True},
    }  # fmt: skip


def small_fleet():
    """Three hosts: one bad, one good, one that could not be audited."""
    waiver = {"reason": "the old shop needs it", "owner": "Ann", "expires": "2027-01-31", "expired": False}
    bad = [
        finding(
            "no-new-privileges", "container:web", since="new", cause={"rule": "no-new-privileges", "subject": "daemon"}
        ),
        finding("no-new-privileges", "daemon", severity="high", message="the daemon's default is off"),
        finding("privileged", "container:db", severity="critical", message="it was started with --privileged"),
        finding("icc", "daemon", status="unknown", severity="medium", message="iptables could not be read"),
        finding("seccomp", "container:old", status="waived", waiver=waiver),
        finding(
            "capabilities", "container:web", status="pass", drift=True, disagreement="configured and kernel differ"
        ),
    ]
    resolved = [{"rule": "live-restore", "subject": "daemon", "was": "fail", "why": "it passes now"}]
    last = {
        "at": "2026-11-19T03:04:05Z",
        "reason": "",
        "new": 1,
        "unchanged": 4,
        "resolved": resolved,
        "updated": [],
        "not_kept": "",
    }
    return {
        "bad.example": result(
            bad, ["web", "db", "old"], [restart(2, ["no-new-privileges", "icc"])], last=last, forecast=small_forecast()
        ),
        "good.example": result([], ["web"]),
        "gone.example": {"failed": True, "msg": "Failed to connect to the host via ssh: timed out"},
    }


def small_forecast():
    """What would break on one host, of each degree, and what could not be looked at."""
    item = {"setting": "userns-remap", "kind": "mount", "subject": "container:db:/data", "evidence": {}}
    return {
        "effects": [
            dict(item, id=f"{n}", sure=sure, message=f"its files belong to {n}", remedy="give them to 100000")
            for n, sure in enumerate(("certain", "likely", "possible"))
        ],
        "obstacles": [{"setting": "icc", "subject": "container:web", "reason": "its sockets could not be read"}],
    }


def hostile_fleet():
    """Each hostile text wherever a host or a container may choose one."""
    fleet = {}
    for number, text in enumerate(HOSTILE):
        waiver = {"reason": text, "owner": text, "expires": "2027-01-31", "expired": False}
        items = [
            finding("privileged", f"container:{text}", message=text, disagreement=text),
            finding("seccomp", f"container:{text}", status="waived", message=text, waiver=waiver),
        ]
        action = dict(restart(1, ["privileged"]), sentence=text, kind="host", settings={})
        fleet[f"h{number}{text}"] = result(items, [text], [action])
        fleet[f"x{number}{text}"] = {"failed": True, "msg": text}
    return fleet


def audited_fleet():
    """A host for each hostile text of the unit tests and each place in which a container may write it."""
    return {f"{kind} in {place}": audits.audit(kind, place) for kind in audits.TEXTS for place in audits.PLACES}


def large_fleet(hosts=500, rules=50, findings=20000):
    """So many hosts, rules and findings, the same in each run."""
    chance = random.Random(7)
    names = [rule.id for rule in RULES] + [f"made-up-{number}" for number in range(rules)]
    names = names[:rules]
    fleet = {f"host{number:03}.example": [] for number in range(hosts)}
    for number, host in zip(range(findings), itertools.cycle(fleet)):
        rule = chance.choice(names)
        fleet[host].append(
            finding(
                rule,
                f"container:service-{number % 37}-{chance.randrange(40)}",
                chance.choice(("fail", "fail", "fail", "unknown")),
                chance.choice(SEVERITIES),
                f"process {chance.randrange(32768)} of it has {chance.randrange(1 << 16):#x} where {rule} wants none of it",
            )
        )
    return {host: result(items, ["web"], [restart(len(items), names[:4])]) for host, items in fleet.items()}
