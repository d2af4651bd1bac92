# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter findings_to_markdown: whole and inert."""

import re

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.containment.docker.plugins.filter.findings_to_markdown import FilterModule
from ansible_collections.containment.docker.plugins.plugin_utils.report.as_markdown import RUN_OTHERWISE

findings_to_markdown = FilterModule().filters()["findings_to_markdown"]
HOSTILE = (
    "|",
    "\\|",
    "\\\\|",
    "a\\",
    "`",
    "``",
    "`` | ``",
    "<script>alert(1)</script>",
    "\x1b[2J\x1b[31m",
    "a\nb\r\n# c",
    "[x](javascript:alert(1))",
    "![x](//x)",
    "@root",
    "&lt;b&gt;",
    "\u202etxt.exe",
    "{{ lookup('pipe', 'id') }}",
    "  ",
    "<!--",
    "~~x~~",
    "$x$",
    "www.example.org",
    "\x00",
    "\ud800",
)


def finding(status="fail", **changes):
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


def rows(text):
    """The cells of each table row, split where GFM splits: at a pipe without a backslash before it."""
    lines = [line for line in text.split("\n") if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_what_fails_is_shown_with_all_that_helps():
    text = findings_to_markdown(
        [
            finding(
                drift=True,
                cure="recreate",
                remediation="Recreate it without `--privileged`.",
                layers={
                    "configured": {"ok": False, "seen": "asked for"},
                    "kernel": {"ok": True, "seen": "no sign of it"},
                },
                waiver={"owner": "ops", "reason": "old", "expires": "2026-01-31", "expired": True},
            )
        ],
        title="web_1",
    )
    assert text.startswith("# web\\_1\n") and text.endswith("\n")
    assert "1 fail, 0 unknown" in text
    assert rows(text)[2] == [
        "critical",
        "`privileged`",
        "`container:web`",
        "`Privileged` (the waiver of `ops` expired `2026-01-31`)",
        "`configured` fails: `asked for`; `kernel` holds: `no sign of it`",
        "`recreate`",
    ]
    assert "- `privileged`: Recreate it without `--privileged`." in text


def test_a_waiver_is_shown_with_its_owner_and_end():
    waiver = {"owner": "ops", "reason": "needs the device", "expires": "2027-01-31", "expired": False}
    text = findings_to_markdown([finding("waived", waiver=waiver)])
    assert rows(text)[2][4:] == ["`needs the device`", "`ops`", "`2027-01-31`"]
    assert "1 waived" in text and "## Fails" not in text


def test_the_gravest_comes_first_and_every_status_has_its_place():
    text = findings_to_markdown(
        [
            finding(rule="log-level", severity="low"),
            finding(),
            finding("unknown", rule="seccomp", seen="not root"),
            finding("not_applicable", rule="selinux", seen="the kernel has none"),
            *[finding("pass", rule="apparmor", subject=f"container:c{i}") for i in range(10)],
        ]
    )
    assert [line for line in text.split("\n") if line.startswith("## ")] == [
        "## Fails",
        "## Unknown",
        "## Passes",
        "## Not applicable",
    ]
    assert text.index("`privileged`") < text.index("`log-level`")
    assert "`container:c7` and 2 more" in text and "c8" not in text


def test_layers_that_disagree_are_shown_for_a_pass_too():
    text = findings_to_markdown(
        [
            finding(
                "pass",
                drift=True,
                layers={"configured": {"ok": False, "seen": "edited"}, "effective": {"ok": True, "seen": "in force"}},
            )
        ]
    )
    assert "## Layers that disagree" in text
    assert rows(text)[2][3] == "`configured` fails: `edited`; `effective` holds: `in force`"


def test_what_has_to_change_in_how_a_container_is_run_is_one_table_with_each_change_once():
    privileged = {"change": "remove", "flag": "--privileged", "compose": "privileged: true"}
    user = {"change": "add", "flag": "--user=UID:GID", "compose": 'user: "UID:GID"'}
    text = findings_to_markdown(
        [
            finding(rule="seccomp", severity="high", run=[privileged]),
            finding(run=[privileged]),
            finding(rule="non-root-user", subject="container:db", run=[user], run_more=3),
            finding(rule="selinux", subject="container:old"),
        ]
    )
    table = rows(text.partition("## To run otherwise")[2])
    assert table == [
        ["Subject", "Change", "docker run", "Compose", "For"],
        ["---"] * 5,
        ["`container:db`", "`add`", "`--user=UID:GID`", '`user: "UID:GID"`', "`non-root-user`"],
        ["`container:db`", "", "", "`and 3 more`", "`non-root-user`"],
        ["`container:web`", "`remove`", "`--privileged`", "`privileged: true`", "`privileged`, `seccomp`"],
    ]


def test_a_flag_is_never_cut_in_its_quotes():
    flag = "--volume='%s:/x'" % ("/" + "x" * 2000)
    assert flag in findings_to_markdown([finding(run=[{"change": "remove", "flag": flag, "compose": ""}])])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_in_its_cell_and_does_nothing(text):
    waiver = {"owner": text, "reason": text, "expires": text, "expired": True}
    layers = {"configured": {"ok": False, "seen": text}, "kernel": {"ok": True, "seen": text}}
    run = [{"change": text, "flag": text, "compose": text}]
    report = findings_to_markdown(
        [
            finding(status, subject="container:" + text, seen=text, waiver=waiver, layers=layers, drift=True, run=run)
            for status in ("fail", "unknown", "waived", "pass", "not_applicable")
        ],
        title=text,
    )
    assert all(char == "\n" or char.isprintable() for char in report)
    headers = {("Severity", "Rule"), ("Status", "Rule"), ("Rule", "Subjects"), ("Subject", "Change")}
    width = None
    for cells in rows(report):
        width = len(cells) if tuple(cells[:2]) in headers else width
        assert len(cells) == width, cells
    lines = [line for line in report.split("\n") if line and not line.startswith(("|", "#"))]
    assert lines == ["1 fail, 1 unknown, 1 waived, 1 pass, 1 not applicable", RUN_OTHERWISE]
    for cells in rows(report):
        for cell in cells:
            outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", cell)
            assert not re.search(r"[`<\[@&$~!{]", outside), cell


def test_no_findings_is_a_report_too():
    assert findings_to_markdown([]) == "# Docker posture\n\n0 fail, 0 unknown, 0 waived, 0 pass, 0 not applicable\n"


@pytest.mark.parametrize(
    "value",
    [
        {"findings": {}},
        {"findings": [], "counts": {"fail": "x"}},
        {"findings": [], "actions": [{}]},
        {"findings": [], "passed": {"seccomp": "many"}},
        "x",
        None,
        [1],
        [{}],
        [finding("failed")],
        [finding(severity="grave")],
        [finding(seen=None)],
        [finding(layers=[])],
        [finding(run=[{"change": "remove"}])],
        [finding(run=["--privileged"])],
    ],
)
def test_what_is_no_result_and_no_list_of_findings_is_an_error(value):
    with pytest.raises(AnsibleFilterError):
        findings_to_markdown(value)


LAST = {
    "at": "2026-06-01T10:00:00Z",
    "reason": "",
    "new": 1,
    "unchanged": 2,
    "resolved": [{"rule": "seccomp", "subject": "container:old", "was": "fail", "why": "passes"}],
    "updated": ["container:web"],
    "not_kept": "",
}


def test_what_changed_since_the_last_audit_is_told():
    text = findings_to_markdown([finding(since="new"), finding("unknown", since="new", was="waived")], last=LAST)
    assert "1 new, 1 resolved, 2 unchanged since `2026-06-01T10:00:00Z`." in text
    assert "Updated since then: `container:web`" in text
    assert ["`seccomp`", "`container:old`", "`fail`", "`passes`"] in rows(text)
    assert {row[0] for row in rows(text)} >= {"critical (new)", "critical (was `waived`)"}


def test_why_nothing_is_compared_is_told():
    text = findings_to_markdown(
        [], last=dict(LAST, at="", reason="x is a link", not_kept="the disk is full", updated=[])
    )
    assert "Not compared with an earlier audit: `x is a link` Not kept for the next audit: `the disk is full`" in text
    assert "unchanged since" not in text


def test_who_disagrees_stands_before_the_layers_also_where_a_container_disagrees_with_its_daemon():
    text = findings_to_markdown([finding(disagreement="holds in a, not in b: held until its restart")])
    assert rows(text)[2][4] == "holds in a, not in b: held until its restart; `configured` fails: `Privileged`"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_of_the_last_audit_stays_in_its_place(text):
    resolved = [dict(LAST["resolved"][0], subject=text)]
    report = findings_to_markdown([], last=dict(LAST, resolved=resolved, updated=[text], not_kept=text))
    assert all(char == "\n" or char.isprintable() for char in report)
    assert all(len(cells) == 4 for cells in rows(report))
    assert report.count("\n## ") == 1


@pytest.mark.parametrize(
    "last", [{"at": ""}, dict(LAST, resolved=[1]), dict(LAST, new="<b>"), dict(LAST, updated=None)]
)
def test_what_is_no_last_result_is_an_error(last):
    with pytest.raises(AnsibleFilterError, match="last is not what posture_info returns"):
        findings_to_markdown([], last=last)


def test_waivers_that_select_nothing_have_a_section():
    unused = {"rule": "privileged", "kind": "container", "value": "web", "owner": "who", "expires": "2026-01-01"}
    text = findings_to_markdown([], unused_waivers=[unused])
    assert "## Waivers that select nothing that fails" in text
    assert "| `privileged` | `container:web` | `who` | `2026-01-01` |" in text
    with pytest.raises(AnsibleFilterError, match="unused_waivers is not what"):
        findings_to_markdown([], unused_waivers=[{"rule": "privileged"}])


def test_actions_stand_before_the_findings_and_are_inert():
    text = findings_to_markdown({"findings": [finding()], "actions": [{"sentence": "Recreate 1 container (<b>)"}]})
    assert "## Actions\n\n1. Recreate 1 container (\\<b\\>)\n\n## Fails" in text


def test_what_has_one_cause_is_one_row_with_its_number():
    cause = {"rule": "no-new-privileges", "subject": "daemon"}
    many = [finding(rule="no-new-privileges", subject=f"container:{n:02}", cause=cause) for n in range(20)]
    text = findings_to_markdown([finding(rule="no-new-privileges", subject="daemon"), *many])
    assert [row[1:3] for row in rows(text)[2:3]] == [["`no-new-privileges`", "`daemon`"]]
    (row,) = [row for row in rows(text) if row[0].startswith("`no-new-privileges` of")]
    assert row[:3] == ["`no-new-privileges` of `daemon`", "`no-new-privileges`", "20"] and row[3].endswith(
        "and 12 more"
    )


def test_what_is_folded_is_counted_and_explained():
    text = findings_to_markdown(
        {"findings": [], "passed": {"seccomp": 2}, "not_applicable": {"selinux": "none | here"}}
    )
    assert ["`seccomp`", "2 subjects"] in rows(text)
    assert ["`selinux`", "`none \\| here`"] in rows(text)


def test_a_message_stands_before_its_evidence():
    assert (
        rows(findings_to_markdown([finding(message="It *is* privileged")]))[2][3]
        == "It \\*is\\* privileged: `Privileged`"
    )


def test_remediations_of_the_result_are_shown_once():
    audit = {
        "findings": [finding(), finding(subject="container:db")],
        "remediations": {"privileged": "Do it.", "x": "No."},
    }
    assert findings_to_markdown(audit).count("Do it.") == 1 and "No." not in findings_to_markdown(audit)
