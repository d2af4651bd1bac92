# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container that moves between the looks and the act: who says that it has ended, and when it is looked at anew."""

import datetime
import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.docker_api.container_selection import Listed
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import enforce, parent, plan, report
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import inspect as kernel_look
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.verify import Done
from ansible_collections.containment.docker.plugins.module_utils.linux import process_handle
from ansible_collections.containment.docker.plugins.module_utils.linux.kernel_view import Opening
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount

ID = "a" * 64
LISTED = Listed(ID, "web", "busybox", "sha256:1")
ROOT = Mount(1, "0:1", "/", "/", frozenset(("rw",)), (), "overlay", "overlay")
PROC = Mount(2, "0:2", "/", "/proc", frozenset(("rw",)), (), "proc", "proc", 1)
OPTIONS = enforce.Options("unix:///x", "docker.service", None, None, (), 60, datetime.date(2026, 6, 1))
NO_PROCESS = 2**22 + 1  # above the kernel's limit


class Engine:
    """Answers each inspect with this, or raises it."""

    def __init__(self, answer):
        self.answer = answer

    def get(self, _path):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def refusal(status):
    error = EngineError("HTTP")
    error.status = status
    return error


@pytest.mark.parametrize(
    "answer, gone",
    [
        (refusal(404), True),
        (refusal(500), False),
        (refusal(None), False),
        ({"State": {"Pid": 0}}, True),
        ({"State": {"Pid": NO_PROCESS}}, True),
        ({"State": {"Pid": os.getpid()}}, False),  # its control group does not name the container: no proof of an end
        ({}, False),
    ],
)
def test_only_an_end_is_called_one(answer, gone):
    engine = Engine(answer)
    assert kernel_look.gone(engine, ID) is gone
    reason = Unreadable("x")
    result, difference = enforce._end(engine, {}, LISTED, reason, [], False)
    assert result["state"] == ("gone" if gone else "unknown") and difference is None
    assert result["reasons"] == ["it ended meanwhile: x" if gone else "what holds now is not known: x"]


def mistaken(*_args):
    raise AttributeError("no such attribute")


def test_on_a_host_a_mistake_of_ours_is_told_of_its_container_and_ends_nothing_else(mistakes_as_on_a_host, monkeypatch):
    monkeypatch.setattr(kernel_look, "look", mistaken)
    done = enforce._one(Engine(None), None, {}, LISTED, [], OPTIONS, False)
    result, _difference = enforce._end(Engine({"State": {"Pid": os.getpid()}}), {}, LISTED, done, [], False)
    assert result["state"] == "unknown"
    assert result["reasons"] == ["what holds now is not known: no such attribute"]


def test_in_tests_a_mistake_of_ours_is_an_error(monkeypatch):
    monkeypatch.setattr(kernel_look, "look", mistaken)
    with pytest.raises(AttributeError):
        enforce._one(Engine(None), None, {}, LISTED, [], OPTIONS, False)


def look_at(pid, start):
    evidence = Evidence(inspect={"State": {"Pid": pid}}, stat=(1, start), mounts=[ROOT, PROC])
    return kernel_look.Look(evidence, [Opening(PROC, "/sys", "/proc/sys", False)], ([], []), False)


@pytest.mark.parametrize("pid, start", [(os.getpid() + 1, 7), (os.getpid(), 8)])
def test_of_one_that_was_restarted_after_it_was_closed_nothing_is_claimed(monkeypatch, pid, start):
    """Whatever the new process's mounts look like: the kernel may give them the numbers of the old ones."""
    change = plan.Change(plan.BIND, PROC, "/sys", "/proc/sys", "/proc/sys")
    done = Done(ID, look_at(os.getpid(), 7), plan.Plan([change], []), {}, None)
    monkeypatch.setattr(kernel_look, "look", lambda *_args: look_at(pid, start))
    engine = Engine({"State": {"Pid": os.getpid()}})
    result, difference = enforce._end(engine, {}, LISTED, done, [], False)
    assert result["state"] == "unknown" and len(result["changes"]) == 1 and difference is None
    assert result["reasons"] == ["what holds now is not known: it was restarted after that; run again"]


def close(monkeypatch, *answers):
    """(what _one says, how often it looked) where entering the container ends in each of these in turn."""
    answers, looks = list(answers), []

    def look(_engine, _in_common, _container, _pids):
        looks.append(1)
        return look_at(len(looks), 7)

    def apply(_tools, container, pid, _mounts, _changes, _timeout):
        assert (container, pid) == (ID, len(looks))
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(kernel_look, "look", look)
    monkeypatch.setattr(parent, "apply", apply)
    return enforce._one(Engine(None), None, {}, LISTED, [], OPTIONS, False), len(looks)


def test_one_that_was_restarted_in_between_is_looked_at_anew(monkeypatch):
    done, looks = close(monkeypatch, process_handle.Gone("process 1"), [None])
    assert looks == 2 and done.failures == {} and [change.path for change in done.plan.changes] == ["/proc/sys"]


def test_one_that_always_moves_is_given_up(monkeypatch):
    done, looks = close(monkeypatch, *[process_handle.Gone("process")] * 9)
    assert isinstance(done, process_handle.Gone) and looks == 3


def test_a_refusal_is_not_tried_again(monkeypatch):
    done, looks = close(monkeypatch, parent.Refused("no"))
    assert (done.refusal, looks) == ("no", 1)


class Lists:
    """An engine that has these containers, running or not."""

    def each(self, path):
        assert path == "/containers/json?all=1"
        return iter([{"Id": "a" * 64, "Names": ["/other/link", "/web"]}, {"Id": "b" * 64, "Names": None}])


@pytest.mark.parametrize(
    "containers, waived, notes",
    [
        (None, [], 0),
        (["web"], ["web"], 0),
        (["a" * 64, "b" * 12], [], 0),
        (["elsewhere"], [], 0),  # told as missing
        (None, ["elsewhere"], 1),
    ],
)
def test_names_of_containers_are_checked(containers, waived, notes):
    waivers = [enforce.waivers.parse(0, {"path": "/proc/sys", "reason": "why", "containers": waived})]
    assert len(enforce._check_names(Lists(), containers, waivers)) == notes


@pytest.mark.parametrize(
    "containers, waived, option", [(["wbe"], [], "containers"), (None, ["container:wbe"], "leave")]
)
def test_a_typing_error_in_a_name_closes_nothing(containers, waived, option):
    waivers = [enforce.waivers.parse(0, {"path": "/proc/sys", "reason": "why", "containers": waived})]
    with pytest.raises(enforce.EnforcementError, match="^%s names 'wbe'.* is 'web' meant" % option):
        enforce._check_names(Lists(), containers, waivers)


class Tools:
    null = 0


@pytest.mark.parametrize(
    "expires, state, expired, unused, lines",
    [
        ("2026-06-01", "waived", [], ["/dev/x"], 1),  # its last day
        ("2026-05-31", "open", ["/proc/sys"], ["/dev/x"], 2),
    ],
)
def test_a_waiver_counts_through_its_last_day_and_is_shown_when_expired_or_unused(
    monkeypatch, expires, state, expired, unused, lines
):
    answers = {"owner": "me", "reason": "why"}
    definitions = [
        dict(answers, path="/proc/sys", expires=expires),
        dict(answers, path="/dev/x", containers=["web"], expires="2027-01-01"),
    ]
    parsed = [enforce.waivers.parse(index, waiver) for index, waiver in enumerate(definitions)]
    monkeypatch.setattr(enforce.inspect, "shared", lambda *_: {})
    monkeypatch.setattr(enforce.inspect, "look", lambda *_: look_at(7, 7))
    monkeypatch.setattr(enforce, "running", lambda _engine: [LISTED])
    monkeypatch.setattr(enforce, "all_names", lambda _engine: {ID: "web"})
    monkeypatch.setattr(enforce, "_pids", lambda *_: {})
    monkeypatch.setattr(enforce.container_names, "unknown", lambda *_: ([], []))
    monkeypatch.setattr(
        enforce.verify, "summarise", lambda done, *_: report.Aftermath(done.plan.changes, done.plan.left, [], False)
    )
    monkeypatch.setattr(enforce.verify, "names", lambda *_: {})
    monkeypatch.setattr(enforce.report, "warnings", lambda *_: [])
    monkeypatch.setattr(enforce.parent, "prepare", lambda: Tools)
    monkeypatch.setattr(enforce.parent, "is_hosts", lambda *_: False)
    monkeypatch.setattr(enforce.os, "close", lambda _descriptor: None)
    real = look_at(7, 7)
    real.evidence.update(namespaces={"mnt": "mnt:[1]"}, processes=[])
    monkeypatch.setattr(enforce.inspect, "look", lambda *_: real)
    for containers, listed in ((None, unused), (["web"], [])):
        result = enforce.enforce(OPTIONS._replace(waivers=parsed, containers=containers), True)
        assert [one["state"] for one in result["containers"]] == [state]
        assert [one["path"] for one in result["expired_waivers"]] == expired
        assert [one["path"] for one in result["unused_waivers"]] == listed
    assert (
        len([line for line in enforce.enforce(OPTIONS._replace(waivers=parsed), True)["summary"] if "waiver" in line])
        == lines
    )
