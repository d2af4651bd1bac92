# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback with the events of a run, as ansible-core before and since 2.19 hands them over."""

import io
from types import SimpleNamespace

import pytest
from ansible import constants as C

from ansible_collections.containment.docker.plugins.callback import compact

from ..filter.report_results import HOSTILE, finding, hostile_result, result

AUDIT = "containment.docker.posture_info"


class Named(SimpleNamespace):
    """A host, a play, a role or a task."""

    def get_name(self, include_role_fqcn=True):
        return self.name


class Display:
    """What was displayed, as (text, colour)."""

    columns, verbosity = 79, 0

    def __init__(self):
        self.lines = []
        self.warnings = []

    def display(self, msg, color=None, **_more):
        self.lines.append((msg, color))

    def warning(self, msg, **_more):
        self.warnings.append(msg)


@pytest.fixture(params=["since 2.19", "before"])
def run(request):
    """A function that hands events to the callback and returns what was displayed."""

    def event(name, host, task, data, **more):
        keys = ("host", "task", "result") if request.param == "since 2.19" else ("_host", "_task", "_result")
        event = SimpleNamespace(**dict(zip(keys, (Named(name=host), task, data))))
        return (f"v2_{name}", (event,), more)

    def play(*events, rows=20, verbosity=0):
        callback = compact.CallbackModule()
        callback._display = Display()
        callback._display.verbosity = verbosity
        callback._plugin_options = {"rows": rows}
        hosts = {}
        callback.v2_playbook_on_start(None)
        callback.v2_playbook_on_play_start(Named(name="Audit", check_mode=False))
        for name, arguments, more in (event(*row[:4], **(row[4] if len(row) > 4 else {})) for row in events):
            task = getattr(arguments[0], "task", None) or arguments[0]._task
            host = getattr(arguments[0], "host", None) or arguments[0]._host
            callback.v2_playbook_on_task_start(task, False)
            callback.v2_runner_on_start(host, task)
            getattr(callback, name)(*arguments, **more)
            numbers = hosts.setdefault(host.name, {"changed": 0, "failures": 0, "unreachable": 0})
            numbers["failures"] += name == "v2_runner_on_failed" and not more.get("ignore_errors", False)
            numbers["unreachable"] += name == "v2_runner_on_unreachable"
        callback.v2_playbook_on_stats(SimpleNamespace(processed=hosts, summarize=hosts.get))
        return callback._display.lines

    return play


def task(name="Do it", action="ansible.builtin.command", role=None):
    return Named(name=name, action=action, _role=Named(name=role) if role else None)


AUDITS = task("containment.docker.docker_audit : Collect", AUDIT)


def texts(lines):
    return [text for text, _colour in lines]


def test_ok_and_skipped_tasks_have_no_line(run):
    lines = run(
        ("runner_on_ok", "a", task(), {"changed": False}), ("runner_on_skipped", "a", task(), {"skipped": True})
    )
    assert texts(lines) == ["Audit", "", "1 host, 0 changed"]


def test_changed_failed_unreachable_and_ignored_have_one(run):
    lines = run(
        ("runner_on_ok", "a", task("role : Change it"), {"changed": True}),
        ("runner_on_failed", "a", task("Fail"), {"msg": "why"}, {"ignore_errors": True}),
        ("runner_on_failed", "a", task("Fail"), {"msg": "why"}),
        ("runner_on_unreachable", "b", task("Reach"), {"msg": "no route"}),
    )
    assert lines[1:5] == [
        ("changed: a: Change it", C.COLOR_CHANGED),
        ("ignored: a: Fail: why", C.COLOR_SKIP),
        ("failed: a: Fail: why", C.COLOR_ERROR),
        ("unreachable: b: Reach: no route", C.COLOR_UNREACHABLE),
    ]
    assert texts(lines)[-2:] == ["failed: a", "unreachable: b"]


def test_what_debug_shows_is_shown_and_the_lines_of_the_audit_are_not(run):
    message = {"msg": ["one", "two"], "_ansible_verbose_always": True}
    lines = run(
        ("runner_on_ok", "a", task("Announce", "ansible.builtin.debug", "docker_daemon"), message),
        ("runner_on_ok", "a", task("Show", "ansible.builtin.debug", "containment.docker.docker_audit"), message),
        ("runner_item_on_ok", "a", task("Loop", "debug"), {"msg": "item"}),
        ("runner_on_ok", "a", task("Loop", "debug"), {"results": [{"msg": "item"}]}),
    )
    assert texts(lines)[1:-2] == ["shown: a: Announce", "    one", "    two", "shown: a: Loop: item"]


def test_differences_are_shown_where_something_changed(run):
    diff = {"before": "1\n", "after": "2\x1b[2J\n"}
    lines = texts(run(("on_file_diff", "a", task("Write"), {"changed": True, "diff": diff})))
    assert "diff: a: Write" in lines and "    -1" in lines and "    +2\\x1b[2J" in lines
    assert "diff: a: Write" not in texts(run(("on_file_diff", "a", task("Write"), {"changed": False, "diff": diff})))


def test_audits_become_tables_at_the_end_and_the_last_one_of_a_host_counts(run):
    lines = texts(
        run(
            ("runner_on_ok", "a", AUDITS, result(finding(), finding(subject="container:old"))),
            ("runner_on_ok", "b", AUDITS, result(finding("pass"))),
            ("runner_on_ok", "a", AUDITS, result(finding())),
        )
    )
    assert lines[1] == "" and lines[2].startswith("a: 1 fail") and "old" not in "".join(lines)
    assert lines.index("fleet: 2 hosts, 2 audited") > lines.index(
        next(line for line in lines if line.startswith("b: "))
    )
    assert lines[-2:] == ["", "2 hosts, 0 changed"]


def test_hosts_that_were_not_audited_are_in_the_table_of_the_fleet(run):
    lines = texts(
        run(
            ("runner_on_ok", "a", AUDITS, result(finding())),
            ("runner_on_failed", "b", AUDITS, {"msg": "no engine"}),
            ("runner_on_unreachable", "c", task(), {"msg": "no route"}),
            ("runner_on_ok", "d", AUDITS, {"findings": [{"rule": "../x"}]}),
            ("runner_on_failed", "a", task("Fail by severity"), {"msg": "1 finding"}),
        )
    )
    assert "fleet: 4 hosts, 1 audited, 3 not audited" in lines
    assert "  b  not audited: no engine" in lines and "  c  not audited: no route" in lines
    assert any(line.startswith("  d  not audited: d: this is no result of posture_info") for line in lines)


def test_a_run_without_an_audit_has_no_table(run):
    assert texts(run(("runner_on_unreachable", "c", task(), {"msg": "no route"})))[2:] == [
        "",
        "1 host, 0 changed",
        "unreachable: c",
    ]


def test_result_that_is_hidden_by_no_log_is_no_audit(run):
    assert "fleet" not in "".join(texts(run(("runner_on_ok", "a", AUDITS, {"censored": "hidden"}))))


def test_the_forecast_stands_below_the_audit_of_its_host(run):
    item = {
        "setting": "icc",
        "kind": "link",
        "subject": "container:web",
        "sure": "likely",
        "message": "it asks db",
        "remedy": "x",
    }
    forecast = (
        "runner_on_ok",
        "a",
        task("Forecast", "containment.docker.hardening_forecast_info"),
        {"effects": [item]},
    )
    lines = texts(run(forecast, ("runner_on_ok", "a", AUDITS, result(finding()))))
    assert "  likely   icc: container:web: it asks db" in lines


def test_rows_are_an_option_and_verbosity_lifts_it(run):
    event = ("runner_on_ok", "a", AUDITS, result(*[finding(rule=f"rule-{n}") for n in range(9)]))
    assert "  and 7 more rules" in texts(run(event, rows=2))
    assert "more rules" not in "".join(texts(run(event, rows=2, verbosity=1)))


def test_severities_have_the_colours_of_ansible_s_configuration(run):
    lines = run(("runner_on_ok", "a", AUDITS, result(finding(), finding(rule="seccomp", severity="low"))))
    colours = {text.split()[0]: colour for text, colour in lines if text.startswith("  ")}
    assert (colours["critical"], colours["low"]) == (C.COLOR_ERROR, C.COLOR_WARN)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert_everywhere(run, text):
    result = hostile_result(text)
    lines = run(
        ("runner_on_ok", text, task(text, AUDIT), result),
        ("runner_on_failed", text, task(text), {"msg": text, "module_stderr": text}),
        ("runner_on_ok", text, task(text, "debug"), {"msg": {text: [text]}}),
        ("runner_on_ok", text, task(text), {"changed": True}),
        ("on_file_diff", text, task(text), {"changed": True, "diff": {"before": text, "after": text + "x"}}),
    )
    for printed in texts(lines):
        assert all(part.isprintable() for part in printed.split("\n"))


def test_a_terminal_has_the_running_task_and_a_pause_has_the_terminal(monkeypatch, run):
    drawn = []
    monkeypatch.setattr(compact.Progress, "set_work", lambda self, work: drawn.append(work and work.name))
    run(("runner_on_ok", "a", task("role : Copy images"), {}), ("runner_on_ok", "a", task("Ask", "pause"), {}))
    assert drawn == ["Copy images", None, None]


def test_without_a_terminal_nothing_is_drawn(monkeypatch):
    output = io.StringIO()
    monkeypatch.setattr("sys.stdout", output)
    callback = compact.CallbackModule()
    callback.v2_playbook_on_task_start(task(), False)
    callback.v2_runner_on_start(Named(name="a"), task())
    assert output.getvalue() == "" and callback._width == 100
