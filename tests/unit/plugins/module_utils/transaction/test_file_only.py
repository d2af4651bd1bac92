# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which file, what is wrong with it, what it needs: with a unit and a dockerd that only answer questions."""

import json
import os
import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import process as daemon_process
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    config_file,
    file_only,
    in_force,
    locate,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal import JournalError


@pytest.fixture
def host(tmp_path):
    return ConfigHost(tmp_path)


class ConfigHost(Host):
    """A machine with a file, a unit whose flags and state a test sets, and a dockerd program of some version."""

    def __init__(self, tmp_path):
        super().__init__()
        self.path = str(tmp_path / "daemon.json")
        self.program = str(tmp_path / "dockerd")
        self.state_directory = str(tmp_path / "journal")
        self.lock_path = str(tmp_path / "lock")
        self.install("20.10.24+dfsg1")
        self.unit_with()

    def install(self, version, refusal=""):
        with open(self.program, "w") as stream:
            stream.write("#!/bin/sh\n[ \"$1\" = --version ] && echo 'Docker version %s, build x' && exit\n" % version)
            stream.write("cat > /dev/null; echo '%s' >&2; exit %d\n" % (refusal, int(bool(refusal))))
        os.chmod(self.program, 0o755)

    def unit_with(self, *flags, **state):
        if not any("config-file" in flag for flag in flags):
            flags += ("--config-file=" + self.path,)
        self.start(systemctl.NextStart([self.program, *flags], "", True), **state)

    def start(self, start, active="active", pid=0):
        self._start = start
        self._status = UnitState("loaded", active, "", pid, False, "", (), ())

    def running(self, since, pid=77, ticks=1000):
        self.unit_with(pid=pid)
        self._process, self._ticks = daemon_process.DaemonProcess(pid, ("dockerd",), since, "/"), ticks

    def next_start(self):
        return self._start

    def unit_status(self):
        return self._status

    def dockerd(self, pid):
        return self._process

    def start_ticks(self, pid):
        return self._ticks

    def file(self, text):
        with open(self.path, "w") as stream:
            stream.write(text)

    def text(self):
        with open(self.path) as stream:
            return stream.read()

    def run(self, config=None, absent=(), **more):
        more.setdefault("path", self.path)
        return file_only.run(file_only.Options(config or {}, absent, **more), self)

    def check(self, config=None, absent=(), **more):
        return self.run(config, absent, check=True, **more)

    def problems(self, config=None, absent=(), **more):
        outcome = self.check(config, absent, **more)
        if outcome.problems:
            assert self.run(config, absent, **more).problems == outcome.problems
        return outcome.problems

    def needs(self, config=None, absent=()):
        result = self.check(config, absent).result
        return result["activation"], [item["key"] for item in result["pending"]], result["certain"]


def test_the_file_is_the_one_that_the_next_start_reads(host):
    assert locate.next_start(host).path == host.path
    host.start(systemctl.NextStart([host.program], "", True))
    assert locate.next_start(host).path == "/etc/docker/daemon.json"
    host.unit_with("--config-file=/srv/a b.json")
    assert locate.next_start(host).path == "/srv/a b.json"
    host.unit_with("--config-file", "relative.json")
    assert locate.next_start(host).path == "/relative.json"
    assert host.check().warnings == ["docker.service reads /relative.json at its next start, not " + host.path]


def test_a_unit_that_is_not_understood(host):
    host.start(systemctl.NextStart(None, "because", True))
    with pytest.raises(ConfigError) as caught:
        host.check(path=None)
    assert "name the file in path: the flags of the next start are not known: because" in str(caught.value)
    host.file("{}")
    assert host.problems({"icc": False}) == ["the flags of the next start are not known: because"]
    assert host.problems({"icc": False}, validate=False) == []


def test_without_a_unit_there_is_only_a_warning(host):
    host.start(systemctl.NextStart(None, "systemd does not run here", False))
    outcome = host.check({"icc": False})
    assert outcome.problems == [] and outcome.result["certain"] is False
    assert outcome.warnings == ["conflicts with the daemon's flags are not looked for: systemd does not run here"]


@pytest.mark.parametrize(
    "before, config, flags, version, problem",
    [
        ("{}", {"hosts": ["unix:///x"]}, ["-H", "fd://"], "20.10.24", "hosts is set by a flag of the next start, too"),
        ('{"icc": true}', {}, ["--icc=true"], "20.10.24", "icc is set by a flag"),
        (
            "{}",
            {"x": {"no-new-privileges": True}},
            [],
            "26.1.5",
            '"no-new-privileges" inside it would do nothing',
        ),
        ("{}", {"icc": "true"}, [], "20.10.24", '"icc" must be true or false'),
        ("{}", {"proxies": {}}, [], "20.10.24", "known from Docker 23.0 on"),
        ("\ufeff{}", {"icc": False}, [], "20.10.24", "byte order mark"),
        ("", {}, [], "20.10.24", "an empty file keeps Docker 20.10 from starting"),
        ("{}", {"icc": False}, ["--nope"], "20.10.24", "the flags of the next start: unknown flag"),
    ],
)
def test_problems(host, before, config, flags, version, problem):
    host.file(before)
    host.unit_with(*flags)
    host.install(version)
    problems = host.problems(config)
    assert len(problems) == 1
    assert problem in problems[0]
    assert host.text() == before


def test_a_problem_that_is_there_already_can_be_cured(host):
    host.file('{"log_driver": "x", "icc": "no"}')
    assert len(host.problems()) == 2
    assert host.problems({"icc": False}, ["log_driver"]) == []


def test_dockerds_own_word_counts_and_for_flags_it_is_the_only_one(host):
    host.file("{}")
    host.install("26.1.5", "unable to configure the Docker daemon with file /dev/stdin: no such thing")
    assert host.problems({"icc": False}) == ["dockerd refuses it: no such thing"]
    host.install("30.1.0")
    host.unit_with("--flag-of-the-future", "--icc=true")
    assert host.problems({"iptables": True}) == []
    assert "icc is set by a flag" in host.problems({"icc": False})[0]


def test_no_file_and_nothing_wanted(host):
    outcome = host.run()
    assert (outcome.result["changed"], outcome.problems) == (False, []) and not os.path.exists(host.path)


def test_a_change_is_written_and_backed_up(host):
    host.file('{"icc": true}\n')
    saved = host.run({"icc": False}).result["backup_file"]
    assert host.text() == '{"icc": false}\n'
    with open(saved) as stream:
        assert stream.read() == '{"icc": true}\n'
    assert "backup_file" not in host.run({"icc": True}, backup=False).result


@pytest.mark.parametrize("before, error", [(None, "changed by someone else"), (ConfigError("full"), "full")])
def test_a_write_that_fails_leaves_no_backup(host, before, error):
    def write(path, data, expected):
        if before:
            raise before
        host.file("{ }")
        config_file.write(path, data, expected)

    host.file("{}")
    host.write_file = write
    with pytest.raises(ConfigError, match=error):
        host.run({"icc": False})
    assert [name for name in os.listdir(os.path.dirname(host.path)) if name.startswith("daemon.json")] == [
        "daemon.json"
    ]
    assert host.text() == ("{}" if before else "{ }")


def test_a_stopped_daemon_needs_nothing(host):
    host.unit_with(active="inactive")
    host.file("{}")
    assert host.needs({"icc": False}) == ("none", [], True)


def test_where_nothing_is_known_of_the_daemon_the_change_counts(host):
    host.start(systemctl.NextStart(None, "no systemd", False))
    host.file('{"icc": false}')
    assert host.needs({"live-restore": True}) == ("reload", ["live-restore"], False)


def test_a_file_older_than_the_daemon_is_what_the_daemon_has(host):
    host.file('{"icc": false}')
    host.running(time.time() + 10)
    assert host.needs() == ("none", [], True)
    assert host.needs({"live-restore": True}) == ("reload", ["live-restore"], True)
    assert host.needs({}, ["icc"]) == ("restart", ["icc"], True)


def test_a_file_changed_after_the_start_by_others_leaves_every_key_open(host):
    host.file('{"icc": false, "debug": true}')
    host.running(time.time() - 10)
    assert host.needs() == ("restart", ["debug", "icc"], False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps a journal")
def test_what_the_daemon_was_started_with_is_known_after_the_file_was_written(host):
    host.file('{"icc": false}')
    host.running(time.time() + 1)
    assert host.run({"live-restore": True}).warnings == []
    host.running(time.time() - 10)  # the file is newer than the start now
    assert host.needs({"live-restore": True}) == ("reload", ["live-restore"], True)
    host.run({"no-new-privileges": True})  # must not forget what the daemon was started with
    assert host.needs() == ("restart", ["live-restore", "no-new-privileges"], True)
    host.running(time.time() - 10, ticks=1001)  # another process with the same pid
    assert host.needs() == ("restart", ["icc", "live-restore", "no-new-privileges"], False)


@pytest.mark.parametrize("untouched", [True, False])
def test_a_bridge_setting_that_waits_for_the_last_container_is_pending_until_the_next_start(host, untouched):
    """As daemon_transaction records it after a restart while containers ran."""
    host.file('{"icc": false, "debug": true}')
    host.running(time.time() + (10 if untouched else -10))
    host.is_root = lambda: True
    host.open_journal()
    in_force.save(host, 77, host.path, b'{"icc": false, "debug": true}', ["icc"])
    assert host.needs() == ("restart", ["icc"], True)
    host.run({"live-restore": True})  # must not replace the record, which knows more than the file's age
    host.running(time.time() - 10)
    assert host.needs() == ("restart", ["icc", "live-restore"], True)


def test_a_journal_that_can_not_be_kept_is_a_warning(host, monkeypatch):
    host.file('{"icc": false}')
    host.running(time.time() + 1)
    monkeypatch.setattr(Host, "is_root", lambda _host: True)
    monkeypatch.setattr(Host, "save_record", lambda _host, name, record: fail())
    warnings = host.run({"live-restore": True}).warnings
    assert len(warnings) == 1 and "later runs will not know what the daemon was started with: full" in warnings[0]
    assert "live-restore" in host.text()


def fail():
    raise JournalError("full")


def test_secrets_are_found(host):
    host.file(
        json.dumps(
            {
                "proxies": {"http-proxy": "http://user:hunter2@proxy:3128"},
                "log-opts": {"splunk-token": "abcdef", "tag": "plain"},
            }
        )
    )
    host.install("26.1.5")
    outcome = host.check({"proxies": {"https-proxy": "https://u:s3cret@p"}})
    assert outcome.secrets == ["abcdef", "hunter2", "s3cret"]


@pytest.mark.parametrize(
    "before",
    [
        '{"runtimes": {"nvidia": {"args": [], "path": "nvidia-container-runtime"}}}',
        '{"default-address-pools": [{"base": "10.10.0.0/16", "size": 24, "scope": "local"}]}',
        '{"x": {"no-new-privileges": true}}',
    ],
)
def test_what_dockerd_ignores_already_is_left_and_told(host, before):
    host.file(before)
    outcome = host.check({"icc": False})
    assert outcome.problems == [] and len(outcome.warnings) == 1
    assert host.problems(json.loads(before)) == []
    host.file("{}")
    added = host.check(json.loads(before)).problems
    assert len(added) == 1 and outcome.warnings == [f"{host.path}: dockerd takes it, but {added[0]}"]


def test_a_null_that_was_there_stays_there(host):
    host.file('{"bip": null}')
    outcome = host.check({"icc": False})
    warning = f'{host.path}: dockerd takes it, but "bip" is null, which sets nothing; drop the key'
    assert outcome.problems == [] and outcome.warnings == [warning]


def test_what_a_flag_gives_as_wanted_stays_with_the_flag(host):
    host.unit_with("--live-restore", "--selinux-enabled")
    host.file("{}")
    outcome = host.check({"live-restore": True, "selinux-enabled": True, "icc": False})
    assert outcome.problems == [] and json.loads(outcome.result["diff"]["after"]) == {"icc": False}
    assert "live-restore" in host.problems({"live-restore": False})[0]
    host.file('{"live-restore": true}')
    assert "live-restore" in host.problems({"live-restore": True})[0]


def test_what_dockerd_does_not_start_with_is_not_written(host):
    host.unit_with("--iptables=false")
    host.file("{}")
    assert "together" in host.problems({"icc": False})[0]
    assert "does not exist" in host.problems({"seccomp-profile": "/no/such.json"})[0]


@pytest.mark.parametrize(
    "key, version", [("allow-nondistributable-artifacts", "28.5.2"), ("deprecated-key-path", "26.1.5")]
)
def test_a_key_that_lost_its_meaning_is_told(host, key, version):
    host.install(version)
    value = [] if key.startswith("allow") else "/k"
    host.file(json.dumps({key: value}))
    assert "does nothing" in host.check({"icc": False}).warnings[0]
    host.file("{}")
    assert "does nothing" in host.problems({key: value})[0]
