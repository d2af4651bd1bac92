# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what a new rule needs, to be filled in: `make rule ID=read-only-root`, with KIND=daemon or host for another subject.

See docs/adding-a-rule.md. What it writes fails the unit tests wherever it says FILL IN. It overwrites nothing.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("container", "daemon", "host")
_RULE_ID = re.compile(r"[a-z]+(-[a-z]+)*")
_LICENCE = Path(__file__).read_text(encoding="utf-8").partition('"""')[0].rstrip() + "\n"
_PREFIX = "from ansible_collections.containment.docker.plugins.module_utils."
_KEYS = {"container": "inspect", "daemon": "configured", "host": "selinux"}
_RULE = (
    _LICENCE
    + '''
"""FILL IN: what holds, in one sentence."""

{prefix}common.evidence import Evidence
{prefix}judge.rule import Rule, Verdict


def _configured(evidence: Evidence) -> Verdict:
    evidence["{key}"]
    return Verdict(None, "FILL IN: what was seen")


RULE = Rule(
    id="{id}",
    title="FILL IN: what holds, without a full stop",
    severity="low",  # FILL IN: low, medium, high or critical
    weakness={{"{kind}": "FILL IN: what is wrong where it fails, to stand behind because"}},
    rationale="FILL IN: what somebody can do where it does not hold.",
    remediation="FILL IN: what to change, with the exact flags or keys.",
    references={{"CIS 1.6": ("FILL IN",)}},
    reads=("{kind}.{key}",),
    {kind}={{"configured": _configured}},
)
'''
)
_CASES = (
    _LICENCE
    + '''
"""Cases of the rule {id}."""

from ..subjects import Case

CASES = (
    Case("{kind}", "pass", "FILL IN: what is good about it", {{}}, "FILL IN: what the finding shows"),
    Case("{kind}", "fail", "FILL IN: what is wrong", {{("{key}",): "FILL IN"}}, "FILL IN"),
    Case("{kind}", "unknown", "FILL IN: what can't be read", {{("{key}",): "FILL IN"}}, "FILL IN"),
)
'''
)
_WEAKNESS = """\
  - name: {id}
    run: FILL IN  # flags of docker run, added to those of hardened
    rules: [{id}]
    probe: >-
      docker exec $C FILL IN
    shows: FILL IN
"""
_DAEMON = """\
  - rule: {id}
    probe: >-
      FILL IN
    shows: FILL IN
"""
_MARKS = {
    "container": "  # make rule adds a container's entry above this line\n",
    "daemon": "  # make rule adds a daemon's entry above this line\n",
}


def files_of(root: Path, rule_id: str) -> tuple[Path, Path, Path]:
    """The three files of a rule: itself, its cases, and the table of the scenario, which all rules share."""
    name = rule_id.replace("-", "_") + ".py"
    return (
        root / "plugins" / "module_utils" / "rules" / name,
        root / "tests" / "unit" / "plugins" / "module_utils" / "rules" / "cases" / name,
        root / "extensions" / "molecule" / "audit" / "vars" / "weaknesses.yml",
    )


def write(root: Path, rule_id: str, kind: str) -> list[Path]:
    """Write the template; returns what was written. ValueError for what can't be a rule, or is there already."""
    if not _RULE_ID.fullmatch(rule_id):
        raise ValueError(f"{rule_id!r} is no id of a rule: give words of small letters with hyphens, as read-only-root")
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is none of {', '.join(KINDS)}")
    rule, cases, scenario = files_of(root, rule_id)
    for path in (rule, cases):
        if path.exists():
            raise ValueError(f"{path} is there already: choose another id, or edit it")
    words = {"id": rule_id, "kind": kind, "key": _KEYS[kind], "prefix": _PREFIX}
    rule.write_text(_RULE.format(**words), encoding="utf-8")
    cases.write_text(_CASES.format(**words), encoding="utf-8")
    table = scenario.read_text(encoding="utf-8")
    if kind == "host":
        # no weakness of a host can be made on hosts that share this machine's kernel
        before, mark, rest = table.partition("elsewhere:\n")
        table = f"{before}{mark}  {rule_id}: 'FILL IN: the scenario that shows it'\n{rest}"
    else:
        entry = (_WEAKNESS if kind == "container" else _DAEMON).format(**words)
        table = table.replace(_MARKS[kind], entry + _MARKS[kind])
    scenario.write_text(table, encoding="utf-8")
    return [rule, cases, scenario]


if __name__ == "__main__":
    try:
        for written in write(ROOT, sys.argv[1] if sys.argv[1:] else "", (sys.argv[2:] or ["container"])[0]):
            print(f"fill in {written.relative_to(ROOT)}")
        print("then run: make rules, and the unit tests (see docs/adding-a-rule.md)")
    except ValueError as error:
        sys.exit(str(error))
