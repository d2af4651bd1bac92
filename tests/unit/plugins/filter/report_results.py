# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of audits for the tests of report formats, and what no report may let through."""

HOSTILE = (
    "|",
    "``",
    "<script>alert(1)</script>",
    "]]><failure/>",
    "&lt;b&gt; &amp; &#x0;",
    "\x1b[2J\x1b[31m\x9b1m",
    "a\nb\r\n# HELP c",
    "[x](javascript:alert(1))",
    "@root",
    "\u202etxt.exe",
    "\u2066\u2069\u200b\ufeff",
    "{{ lookup('pipe', 'id') }}{% if 1 %}{# x #}",
    "{0} {1}",
    "\x00\x08\x0b\x1f\x7f\x85",
    "\ud800\udfff",
    "\ufffe\uffff",
    "=cmd|' /C calc'!A0",
    "+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\uff1d1",
    'a","b\n=1',
    "a;=1",
    'x"} 1\nup{a="b',
    "\\",
    "%s %(x)s %00 ../../etc",
    "a" * 5000,
    "",
)


def finding(status="fail", **changes):
    """A finding as posture_info returns it."""
    fields = {
        "rule": "privileged",
        "subject": "container:web",
        "status": status,
        "severity": "critical",
        "seen": "Privileged",
        "layers": {"configured": {"ok": status != "fail", "seen": "Privileged"}},
        "drift": False,
    }
    fields.update(changes)
    return fields


def waiver(**changes):
    """What a finding says of the waiver that selects it."""
    return dict({"reason": "reads counters", "owner": "ops", "expires": "2027-01-31", "expired": False}, **changes)


def result(*findings, **changes):
    """A whole result with these findings."""
    fields = {
        "schema": 1,
        "collected_at": "2026-11-27T04:00:00Z",
        "findings": list(findings),
        "containers": [{"name": "web", "id": "4f66", "state": "running"}],
        "unused_waivers": [],
        "obstacles": [],
        "last": {"at": "2026-11-26T04:00:00Z", "new": 1},
    }
    fields.update(changes)
    return fields


def hostile_result(text):
    """A result in which this text stands wherever a container or a target may choose one."""
    return result(
        finding(
            subject="container:" + text,
            seen=text,
            message=text,
            remediation=text,
            cause={"rule": text, "subject": text},
            disagreement=text,
            layers={text: {"ok": False, "seen": text}},
            waiver=waiver(reason=text, owner=text, expires="2020-01-31", expired=True, ticket=text),
            waiver_request={"reason": text},
        ),
        finding("unknown", subject=text, seen=text, message=text + " in plain words"),
        finding(
            "waived", rule="seccomp", severity="high", seen=text, waiver=waiver(reason=text, owner=text, ticket=text)
        ),
        finding("not_applicable", rule="apparmor", severity="medium", seen=text),
        containers=[{"name": text, "id": text, "state": text}],
        passed={"capabilities": 1},
        not_applicable={"selinux": text},
    )
