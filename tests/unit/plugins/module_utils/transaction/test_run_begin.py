# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is waited for or refused before a transaction begins, by a fake engine and systemd: nothing is changed then."""

import errno
import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.dockerd.start_conditions import StartProblem
from ansible_collections.containment.docker.plugins.module_utils.linux import replaceable
from ansible_collections.containment.docker.plugins.module_utils.transaction import journal
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import Refused
from ansible_collections.containment.docker.tests.unit.plugins.module_utils import fake_daemon
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.fake_host import FakeHost

NEW_ROOT = {"data-root": "/srv/engine"}


@pytest.fixture
def host(monkeypatch, tmp_path):
    return FakeHost(monkeypatch, tmp_path, '{"live-restore": true}', {"app": "no"})


def test_a_daemon_that_systemd_is_about_to_start_again_is_waited_for(host):
    before = host.containers()
    host.daemon.crash()
    assert host.change({"labels": ["a=b"]})["activation"] == "reload"
    assert host.containers() == before


def test_a_daemon_that_systemd_starts_again_only_later_is_not_said_to_be_broken(host, monkeypatch):
    monkeypatch.setattr(fake_daemon, "RESTART_SECONDS", 60)
    host.daemon.crash()
    with pytest.raises(Refused, match="systemd waits for more than 15 s before it starts it again: run again"):
        host.change({"labels": ["a=b"]})


def test_a_daemon_that_fails_again_and_again_is_told_with_its_own_reason(host, monkeypatch):
    monkeypatch.setattr(fake_daemon, "START_LIMIT", 1000)
    host.path.write_text('{"shutdown-timeout": %d}' % fake_daemon.BROKEN)
    host.daemon.crash()
    with pytest.raises(Refused, match="tried it [0-9]+ times: .*shutdown-timeout is broken"):
        host.change({"labels": ["a=b"]})


def test_a_daemon_that_systemd_has_given_up_is_stopped_and_its_file_can_be_mended(host):
    host.path.write_text('{"shutdown-timeout": %d}' % fake_daemon.BROKEN)
    host.daemon.crash()
    assert "is failed and stays so" in host.change({"shutdown-timeout": 15})["reason"]
    assert host.file() == {"shutdown-timeout": 15}


STORE = '{"features": {"containerd-snapshotter": true}}'
BOTH = {"userns-remap": "default", "labels": ["a=b"]}


@pytest.mark.parametrize("is_stopped", [True, False])
@pytest.mark.parametrize("check", [True, False])
def test_remapping_that_does_not_go_with_the_image_store_waits_and_the_rest_does_not(host, is_stopped, check):
    host.path.write_text(STORE)
    if is_stopped:
        host.daemon.stop()
    done = host.change(BOTH, postpone=["userns-remap"], check=check)
    (waits,) = done["waiting"]
    assert waits["key"] == "userns-remap" and waits["reason"].startswith('"userns-remap" does not go with "features"')
    assert done["changed"] and ("labels" in host.file()) is not check and "userns-remap" not in host.file()


@pytest.mark.parametrize("before, more", [(STORE, {}), (STORE[:-1] + ', "mtu": -1}', {"postpone": ["userns-remap"]})])
def test_remapping_that_may_not_wait_or_is_not_all_that_is_wrong_is_refused(host, before, more):
    host.path.write_text(before)
    with pytest.raises(Refused, match="does not go with|mtu"):
        host.change(BOTH, **more)
    assert "labels" not in host.file()


def test_an_engine_that_remaps_in_that_store_already_can_be_changed_otherwise(host):
    before = STORE[:-1] + ', "userns-remap": "0:0"}'
    host.path.write_text(before)
    assert "BuildKit can't build" in " ".join(host.change({"labels": ["a=b"]})["warnings"])
    assert host.file()["labels"] == ["a=b"]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("place", ["daemon.json", journal.TRANSACTION])
def test_what_can_not_be_written_is_refused_before_anything_is_stopped(host, monkeypatch, place, check):
    monkeypatch.setattr(replaceable, "obstacle", lambda path: "Read-only file system" if path.endswith(place) else "")
    before = host.containers(), host.file()
    with pytest.raises(Refused, match="/%s cannot be written: Read-only file system" % place):
        host.change(NEW_ROOT, accept=True, check=check)
    assert (host.containers(), host.file()) == before and "POST stop" not in host.steps and not host.half_way()


@pytest.mark.parametrize("check", [True, False])
def test_a_stopped_daemons_file_that_can_not_be_written_is_refused(host, monkeypatch, check):
    host.daemon.stop()
    monkeypatch.setattr(replaceable, "obstacle", lambda path: "Read-only file system")
    with pytest.raises(Refused, match="daemon.json cannot be written: Read-only file system"):
        host.change({"labels": ["a=b"]}, check=check)


@pytest.mark.parametrize("call", ["makedirs", "open", "chmod"])
def test_a_journal_that_can_not_be_kept_is_one_sentence(host, monkeypatch, call):
    host.journal.mkdir(mode=0o755)
    whole = getattr(os, call)

    def full(first, *args, **more):
        if str(first).startswith(str(host.journal)):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return whole(first, *args, **more)

    monkeypatch.setattr(os, call, full)
    with pytest.raises(journal.JournalError, match="%s.*: No space left on device" % host.journal):
        host.change({"labels": ["a=b"]})


def test_a_full_disk_leaves_no_half_record_behind(host, monkeypatch):
    rename = os.rename
    host.journal.mkdir(mode=0o700)

    def full(source, target, **directories):
        if target == journal.TRANSACTION:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        rename(source, target, **directories)

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(journal.JournalError, match="transaction.json: No space left on device"):
        host.change({"labels": ["a=b"]})
    assert os.listdir(str(host.journal)) == []


@pytest.mark.parametrize("check", [True, False])
def test_a_restart_is_refused_where_dockerd_would_not_start_whatever_changes(host, check):
    host.in_the_way = [StartProblem("containerd", "/s", True, "containerd does not answer", "start it")]
    before, pid = (host.containers(), host.file()), host.daemon.pid
    with pytest.raises(
        Refused, match=r"not because of this change: containerd does not answer \(start it\); nothing is changed"
    ):
        host.change({"icc": False}, check=check)
    assert (host.containers(), host.file(), host.daemon.pid) == before + (pid,)
    assert not host.half_way()


def test_a_reload_does_not_ask_whether_dockerd_would_start(host):
    host.in_the_way = [StartProblem("containerd", "/s", True, "containerd does not answer", "start it")]
    assert host.change({"labels": ["a=b"]})["activation"] == "reload"


@pytest.mark.parametrize(
    "silence, words",
    [
        ("", "no answer within 60 s$"),
        ("containerd does not answer at /s: x", "60 s, as containerd does not answer at /s: x: that is not bec"),
    ],
)
def test_a_daemon_that_waits_for_a_silent_containerd_says_so(host, monkeypatch, silence, words):
    def hang(*_arguments):
        raise EngineError("no answer within 60 s")

    host.silence = silence
    monkeypatch.setattr(host, "evidence", hang)
    with pytest.raises(Refused, match="docker.service runs, but: .*" + words):
        host.change({"labels": ["a=b"]})


def test_what_is_only_doubtful_is_a_warning(host):
    host.in_the_way = [StartProblem("certificate", "/c", False, "/c has expired", "renew it")]
    assert host.change({"log-level": "warn"})["warnings"] == ["/c has expired: renew it"]


def test_a_file_that_is_wrong_already_is_not_the_fault_of_the_change(host):
    host.path.write_text('{"no-such-key": 1}')
    with pytest.raises(Refused, match="no setting of dockerd, as it is already, and not because of this change"):
        host.change({"log-level": "warn"})


def test_a_file_that_the_change_makes_wrong_is(host):
    with pytest.raises(Refused) as error:
        host.change({"no-such-key": 1})
    assert "not because of this change" not in str(error.value)


def test_a_file_that_is_wrong_and_stays_as_it_is_keeps_dockerd_from_a_restart(host, monkeypatch):
    host.path.write_text('{"live-restore": true, "log-level": "warn"}')
    monkeypatch.setattr(host, "program_problem", lambda argv, data, version: "dockerd refuses it: why")
    with pytest.raises(
        Refused, match="not valid as it is, so that docker.service can't be restarted, and not because of"
    ):
        host.change({"log-level": "warn"})
