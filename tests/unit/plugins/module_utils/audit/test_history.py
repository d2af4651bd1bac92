# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an audit says of the one before it, with its record on the disk."""

import datetime
import json
import os
import threading

import pytest

from ansible_collections.containment.docker.plugins.module_utils.audit import history, history_record
from ansible_collections.containment.docker.plugins.module_utils.audit.history import Audited
from ansible_collections.containment.docker.plugins.module_utils.common import trusted_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable

NOW = datetime.datetime(2026, 6, 1, 12, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
DAEMON = Evidence(info={"DockerRootDir": "/var/lib/docker"})
WEB = "a" * 64


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(trusted_file, "OWNER", os.geteuid())
    return str(tmp_path / "state" / "audit.json")


def audited(settings="", **statuses):
    findings = [{"rule": rule, "subject": "container:web", "status": status} for rule, status in statuses.items()]
    return [Audited(WEB, "container:web", statuses, findings, settings)]


def audit(path, subjects, keep=True, engine="unix:///s", daemon=DAEMON):
    return history.since_last(
        path, history.record(NOW, engine, daemon, subjects), subjects, "" if keep else "check mode writes nothing"
    )


def test_the_first_has_nothing_to_compare_with_and_is_kept(path):
    subjects = audited(seccomp="fail")
    last = audit(path, subjects)
    assert last["reason"] == "there is no earlier result in " + path
    assert (last["at"], last["not_kept"], last["resolved"]) == ("", "", [])
    assert "since" not in subjects[0].findings[0]
    with open(path, "rb") as stream:
        assert history_record.decode(stream.read()).subjects[WEB].statuses == {"seccomp": "fail"}


def test_the_second_marks_its_findings(path):
    audit(path, audited(seccomp="fail", apparmor="waived", capabilities="fail", selinux="pass", settings="0" * 16))
    subjects = audited(seccomp="fail", apparmor="fail", capabilities="pass", selinux="pass", settings="1" * 16)
    last = audit(path, subjects)
    marked = {f["rule"]: (f.get("since"), f.get("was")) for f in subjects[0].findings}
    assert marked == {
        "seccomp": ("unchanged", None),
        "apparmor": ("new", "waived"),
        "capabilities": (None, None),
        "selinux": (None, None),
    }
    assert last == {
        "at": "2026-06-01T10:00:00Z",
        "reason": "",
        "new": 1,
        "unchanged": 1,
        "resolved": [{"rule": "capabilities", "subject": "container:web", "was": "fail", "why": "passes"}],
        "updated": ["container:web"],
        "not_kept": "",
    }


def test_check_mode_compares_and_writes_nothing(path):
    audit(path, audited(seccomp="fail"))
    with open(path, "rb") as stream:
        before = stream.read()
    last = audit(path, audited(seccomp="pass"), keep=False)
    assert last["resolved"] and last["not_kept"] == "check mode writes nothing"
    with open(path, "rb") as stream:
        assert stream.read() == before


def test_check_mode_makes_no_directory(path):
    last = audit(path, audited(seccomp="fail"), keep=False)
    assert "cannot be opened" in last["reason"]
    assert not os.path.exists(os.path.dirname(path))


@pytest.mark.parametrize("damage", [b"", b"{", b'{"version": 2}', b"\0" * 3000000])
def test_a_damaged_record_is_said_and_replaced_by_a_fresh_one(path, damage):
    audit(path, audited(seccomp="fail"))
    with open(path, "wb") as stream:
        stream.write(damage)
    subjects = audited(seccomp="pass")
    last = audit(path, subjects)
    assert last["reason"].startswith(path) and last["reason"].count("\n") == 0
    assert (last["resolved"], last["not_kept"]) == ([], "")
    assert audit(path, audited(seccomp="pass"))["reason"] == ""


def test_a_directory_that_is_not_ours_alone_fails_nothing_and_is_left_alone(path):
    audit(path, audited(seccomp="fail"))
    os.chmod(os.path.dirname(path), 0o777)
    subjects = audited(seccomp="pass")
    last = audit(path, subjects)
    assert "writable for others" in last["reason"] and last["not_kept"] == last["reason"]
    assert last["resolved"] == []
    os.chmod(os.path.dirname(path), 0o700)
    assert audit(path, audited(seccomp="pass"))["resolved"], "the old record is still there"


def test_what_can_not_be_written_is_compared_all_the_same(path, monkeypatch):
    audit(path, audited(seccomp="fail"))

    def refuse(_place, _data):
        raise trusted_file.RecordError("%s cannot be written: No space left on device" % path)

    monkeypatch.setattr(trusted_file, "write", refuse)
    last = audit(path, audited(seccomp="pass"))
    assert (last["reason"], len(last["resolved"])) == ("", 1)
    assert "No space left" in last["not_kept"]


def test_another_engine_starts_anew(path):
    audit(path, audited(seccomp="fail"))
    last = audit(path, audited(seccomp="pass"), engine="tcp://other:2376")
    assert "another engine, unix:///s" in last["reason"] and last["resolved"] == []
    assert audit(path, audited(seccomp="fail"), engine="tcp://other:2376")["new"] == 1


def test_an_engine_that_is_down_forgets_nothing(path):
    audit(path, audited(seccomp="fail"))
    unlisted = [Audited("*", "container:*", {"seccomp": "unknown"}, [], "")]
    down = audit(path, unlisted, daemon=Evidence(info=Unreadable("no answer")))
    assert (down["resolved"], down["new"], down["reason"]) == ([], 1, "")
    assert [item["was"] for item in audit(path, audited(seccomp="pass"))["resolved"]] == ["fail"]


def test_an_id_that_no_engine_gives_is_not_kept_and_breaks_nothing(path):
    def strange():
        return audited(seccomp="fail") + [Audited("../x", "container:\x1b[2J", {"icc": "fail"}, [], "")]

    audit(path, strange())
    last = audit(path, strange())
    assert (last["reason"], last["new"], last["unchanged"]) == ("", 0, 1)
    assert audit(path, audited(seccomp="fail"))["resolved"] == []


def test_a_name_without_end_is_kept_short(path):
    def named():
        return [Audited(WEB, "container:" + "\x1b" * 10000, {"icc": "fail"}, [], "")]

    audit(path, named())
    assert os.stat(path).st_size < 10000
    assert audit(path, named())["unchanged"] == 1


def test_audits_at_once_leave_a_whole_record(path):
    audit(path, audited(seccomp="fail"))
    reasons = []

    def run(status):
        for _time in range(20):
            reasons.append(audit(path, audited(seccomp=status))["reason"])

    threads = [threading.Thread(target=run, args=(status,)) for status in ("fail", "pass", "waived")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(reasons) == {""}
    with open(path, "rb") as stream:
        json.loads(stream.read().decode())
    assert os.listdir(os.path.dirname(path)) == ["audit.json"]


@pytest.mark.parametrize("evidence", [{}, {"inspect": Unreadable("x")}])
def test_settings_that_can_not_be_read_are_not_known(evidence):
    assert history.settings(Evidence(evidence)) == ""
