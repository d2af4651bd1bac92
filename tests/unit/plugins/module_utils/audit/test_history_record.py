# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is new, resolved and unchanged between two audits, and what a record may look like."""

import json

import pytest

from ansible_collections.containment.docker.plugins.module_utils.audit import history_record
from ansible_collections.containment.docker.plugins.module_utils.audit.history_record import Record, Subject

WEB, DB = "a" * 64, "b" * 64


def record(whole=True, engine="unix:///s", root="/r", at="2026-06-01T00:00:00Z", **subjects):
    """daemon={rule: status}, web={…}, db={…}"""
    keys = {"web": WEB, "db": DB, "unlisted": "*"}
    names = {"daemon": "daemon", "web": "container:web", "db": "container:db", "unlisted": "container:*"}
    by_key = {keys.get(name, name): Subject(names[name], statuses) for name, statuses in subjects.items()}
    return Record(at, engine, root, whole, by_key)


def resolved(changes):
    return {(item["subject"], item["rule"], item["was"]): item["why"] for item in changes.resolved}


@pytest.mark.parametrize(
    ("was", "status", "since"),
    [
        ("pass", "fail", ("new", "")),
        ("not_applicable", "unknown", ("new", "")),
        ("fail", "fail", ("unchanged", "fail")),
        ("waived", "waived", ("unchanged", "waived")),
        ("waived", "fail", ("new", "waived")),
        ("fail", "waived", ("new", "fail")),
        ("fail", "unknown", ("new", "fail")),
        ("unknown", "fail", ("new", "unknown")),
    ],
)
def test_what_is_open_is_new_or_unchanged_by_its_status_then(was, status, since):
    changes = history_record.compare(record(daemon={"icc": was}), record(daemon={"icc": status}))
    assert changes.since == {("daemon", "icc"): since}
    assert changes.resolved == []


@pytest.mark.parametrize("was", ["fail", "unknown", "waived"])
@pytest.mark.parametrize(("status", "why"), [("pass", "passes"), ("not_applicable", "does not apply any more")])
def test_what_is_open_no_more_is_resolved(was, status, why):
    changes = history_record.compare(record(web={"seccomp": was}), record(web={"seccomp": status}))
    assert resolved(changes) == {("container:web", "seccomp", was): why}
    assert changes.since == {}


def test_what_passed_and_passes_is_no_change():
    changes = history_record.compare(record(web={"seccomp": "pass"}), record(web={"seccomp": "pass"}))
    assert (changes.since, changes.resolved) == ({}, [])


def test_a_rule_that_was_not_judged_is_neither_resolved_nor_new():
    then, now = record(web={"privileged": "fail"}), record(web={"seccomp": "fail"})
    assert history_record.compare(then, now) == history_record.Changes({}, [], [])
    kept = history_record.merged(then, now)
    assert kept.subjects[WEB].statuses == {"privileged": "fail", "seccomp": "fail"}
    assert resolved(history_record.compare(kept, record(web={"privileged": "pass"}))) == {
        ("container:web", "privileged", "fail"): "passes"
    }


def test_a_new_container_is_new_and_one_that_is_gone_takes_its_findings_along():
    changes = history_record.compare(record(web={"seccomp": "fail", "icc": "pass"}), record(db={"seccomp": "fail"}))
    assert changes.since == {(DB, "seccomp"): ("new", "")}
    assert resolved(changes) == {("container:web", "seccomp", "fail"): "gone with the container"}


def test_another_container_of_the_same_name_is_another():
    then = record(web={"seccomp": "fail"})
    now = then._replace(subjects={DB: then.subjects[WEB]})
    changes = history_record.compare(then, now)
    assert changes.since == {(DB, "seccomp"): ("new", "")}
    assert set(resolved(changes).values()) == {"gone with the container; another one has its name"}


def test_containers_that_could_not_be_listed_are_not_resolved_and_not_forgotten():
    then = record(web={"seccomp": "fail"}, daemon={"icc": "fail"})
    down = record(whole=False, root="", unlisted={"seccomp": "unknown"}, daemon={"icc": "unknown"})
    changes = history_record.compare(then, down)
    assert changes.resolved == []
    assert changes.since == {("*", "seccomp"): ("new", ""), ("daemon", "icc"): ("new", "fail")}
    kept = history_record.merged(then, down)
    assert kept.root == "/r" and kept.whole
    assert history_record.compare(kept, down).since["*", "seccomp"] == ("unchanged", "unknown")
    up = history_record.compare(kept, record(web={"seccomp": "fail"}, db={"seccomp": "fail"}, daemon={"icc": "pass"}))
    assert up.since == {(WEB, "seccomp"): ("unchanged", "fail"), (DB, "seccomp"): ("new", "")}
    assert resolved(up) == {("daemon", "icc", "unknown"): "passes"}
    assert "*" not in history_record.merged(kept, record(web={"seccomp": "fail"})).subjects


def test_a_container_is_not_new_where_the_last_audit_did_not_know_them_all():
    then = record(whole=False, unlisted={"seccomp": "unknown"})
    assert history_record.compare(then, record(web={"seccomp": "fail"})).since == {}


def test_more_containers_than_a_record_holds_are_not_new_the_next_time(monkeypatch):
    monkeypatch.setattr(history_record, "MAX_CONTAINERS", 1)
    now = record(daemon={"icc": "fail"}, web={"seccomp": "fail"}, db={"seccomp": "fail"})
    kept = history_record.merged(None, now)
    assert list(kept.subjects) == ["daemon", WEB] and not kept.whole
    assert (DB, "seccomp") not in history_record.compare(kept, now).since


@pytest.mark.parametrize(("then", "reason"), [({"engine": "tcp://h:1"}, "another engine"), ({"root": "/x"}, "/x")])
def test_another_engine_is_not_compared(then, reason):
    assert reason in history_record.incomparable(record(**then), record())


def test_the_same_engine_is_compared_also_where_it_does_not_tell_its_data_root():
    assert history_record.incomparable(record(), record()) == ""
    assert history_record.incomparable(record(), record(root="")) == history_record.incomparable(
        record(root=""), record()
    )


def test_an_update_is_told_only_where_both_are_known():
    def updated(before, after):
        then, now = record(web={}), record(web={})
        then.subjects[WEB] = Subject("container:web", {}, before)
        now.subjects[WEB] = Subject("container:web", {}, after)
        return history_record.compare(then, now).updated

    one, other = (history_record.fingerprint({"Memory": size}) for size in (1 << 20, 1 << 30))
    assert updated(one, other) == ["container:web"]
    assert updated(one, one) == updated("", one) == updated(one, "") == []


def test_a_fingerprint_is_of_what_an_update_can_change_and_not_of_how_an_engine_writes_nothing():
    same = [{}, {"Memory": 0, "PidsLimit": None}, {"PidsLimit": 0, "Privileged": True}]
    assert len({history_record.fingerprint(config) for config in same}) == 1
    assert history_record.fingerprint({"RestartPolicy": {"Name": "always"}}) != history_record.fingerprint({})


def test_a_record_is_read_as_it_was_written():
    written = record(
        daemon={"icc": "fail", "log-level": "pass"}, web={"seccomp": "waived", "apparmor": "not_applicable"}
    )
    written.subjects[DB] = Subject("container:caf\u00e9", {"icc": "unknown"}, history_record.fingerprint({}))
    assert history_record.decode(history_record.encode(written)) == written


GOOD = json.loads(history_record.encode(record(web={"seccomp": "fail"})).decode())


def changed(**values):
    return json.dumps(dict(GOOD, **values)).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        history_record.encode(record(web={"seccomp": "fail"}))[:-20],
        b"\xff",
        b"[" * 100000,
        b'{"version":' + b"9" * 1000000 + b"}",
        b"[]",
        b"null",
        changed(version=2),
        changed(version="1"),
        changed(version=1.0),
        changed(at="yesterday"),
        changed(at="2026-06-01T00:00:00Z\x1b[2J"),
        changed(engine="a\x1b[2J"),
        changed(root=None),
        changed(whole=1),
        changed(rules="s"),
        changed(rules=["../x"]),
        changed(more=True),
        changed(subjects=[]),
        changed(subjects={WEB[:-1]: ["container:web", "f", ""]}),
        changed(subjects={WEB: ["container:\x1b[2J", "f", ""]}),
        changed(subjects={WEB: ["container:web", "ff", ""]}),
        changed(subjects={WEB: ["container:web", "x", ""]}),
        changed(subjects={WEB: ["container:web", "f", "zz"]}),
        changed(subjects={WEB: ["container:web", "f"]}),
        changed(subjects={WEB: [None, "f", ""]}),
        changed(subjects={WEB: 1}),
    ],
)
def test_what_no_audit_wrote_is_an_error_of_one_sentence(data):
    with pytest.raises(ValueError, match="^(it is not whole JSON|another version of this .*|it has a shape .*)$"):
        history_record.decode(data)


def test_a_newer_version_is_called_so():
    with pytest.raises(ValueError, match="another version"):
        history_record.decode(changed(version=2, at=None))
