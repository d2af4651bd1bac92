# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show rules at work for docs/rules.md: what they say of their own test cases."""

from typing import Any

from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import KINDS, Rule
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.rules import recorded, subjects

SUBJECTS = {"host": "host", "daemon": "daemon", "container": "container:web"}
STATES = {True: "holds", False: "fails", None: "unknown"}
UNKNOWN_SHOWN = 3
SEEN_SHOWN = 160
WAIVER = """\
docker_audit_waivers:
  - rule: {rule}
    selector: {selector}
    reason: why it is accepted
    owner: who answers for it
    expires: YYYY-MM-DD # the last day on which it counts"""


class Unfinished(Exception):
    """A rule's cases don't show what its page needs; the text says which, and what to do."""


def first_failure(rule: Rule) -> tuple[Any, dict[str, Any]]:
    """The first failing case of the rule, of a container if it judges any, and the finding that comes of it."""
    of_kind = [case for kind in KINDS[::-1] for case in recorded.cases_module(rule).CASES if case.kind == kind]
    failing = [case for case in of_kind if case.status == "fail"]
    if not failing:
        raise Unfinished(f"{rule.id} has no case that fails, to show as its example: add one to its cases")
    return failing[0], finding_of(rule, failing[0])


def finding_of(rule: Rule, case: Any) -> dict[str, Any]:
    """What the rule says of a case; Unfinished where that is not what the case says."""
    finding = judge(rule, case.kind, SUBJECTS[case.kind], subjects.changed(case))
    if finding is None or finding["status"] != case.status:
        status = finding["status"] if finding else "not applicable"
        raise Unfinished(
            f"{rule.id}: its case {case.why!r} is {status}, not {case.status}: mend the rule or the case, and render again"
        )
    return finding


def example(rule: Rule) -> str:
    """A failing finding as the audit words it, with what each layer says and what would have to change."""
    case, finding = first_failure(rule)
    lines = [f"fail {finding['severity']} {finding['rule']} {finding['subject']}: {finding['message']}"]
    lines += [
        f"  {name:10} {STATES[layer['ok']]:7} {shorten(layer['seen'])}" for name, layer in finding["layers"].items()
    ]
    if "run" in finding:
        lines.append(f"  to change: {describe_run(finding['run'])}")
    return f"Example ({case.why}):\n\n```text\n" + "\n".join(lines) + "\n```"


def describe_run(run: list[dict[str, str]]) -> str:
    """The flags of docker run that a finding says to remove and to add, and what the same is in a compose file."""
    words = {"remove": "without", "add": "with"}
    return ", ".join(f"{words[change['change']]} {change['flag']} (compose: {change['compose']})" for change in run)


def unknowns(rule: Rule) -> str:
    """What `unknown` means for the rule: which evidence was lacking, by its own cases, each reason once."""
    reasons = {}
    for case in recorded.cases_module(rule).CASES:
        if case.status == "unknown":
            reasons.setdefault(shorten(finding_of(rule, case)["seen"]), case.why)
    lines = [f"- {why}: `{reason.replace('`', chr(39))}`" for reason, why in list(reasons.items())[:UNKNOWN_SHOWN]]
    return "**Unknown**, and so never a pass, for example:\n\n" + "\n".join(lines)


def waiver(rule: Rule) -> str:
    """A waiver for the subject of the example, to copy."""
    _case, finding = first_failure(rule)
    return f"To waive it:\n\n```yaml\n{WAIVER.format(rule=rule.id, selector=finding['subject'])}\n```"


def shorten(text: str) -> str:
    """The text on one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= SEEN_SHOWN else line[: SEEN_SHOWN - 1] + "…"
