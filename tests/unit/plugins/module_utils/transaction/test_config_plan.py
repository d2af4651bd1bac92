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
from ansible_collections.containment.docker.plugins.module_utils.transaction import config_plan, journal


@pytest.fixture
def host(tmp_path, monkeypatch):
    return Host(tmp_path, monkeypatch)


class Host(object):
    """A machine with a file, a unit whose flags and state a test sets, and a dockerd program of some version."""

    def __init__(self, tmp_path, monkeypatch):
        self.path = str(tmp_path / "daemon.json")
        self.program = str(tmp_path / "dockerd")
        self.monkeypatch = monkeypatch
        monkeypatch.setattr(journal, "DIRECTORY", str(tmp_path / "journal"))
        for function in (journal.open_directory, journal.load, journal.save):
            monkeypatch.setattr(function, "__defaults__", (str(tmp_path / "journal"),))
        self.dockerd("20.10.24+dfsg1")
        self.unit()

    def dockerd(self, version, refusal=""):
        with open(self.program, "w") as stream:
            stream.write("#!/bin/sh\n[ \"$1\" = --version ] && echo 'Docker version %s, build x' && exit\n" % version)
            stream.write("cat > /dev/null; echo '%s' >&2; exit %d\n" % (refusal, int(bool(refusal))))
        os.chmod(self.program, 0o755)

    def unit(self, *flags, **state):
        start = systemctl.NextStart([self.program] + list(flags), "", True)
        self.start(state.pop("start", start), **state)

    def start(self, start, active="active", pid=0):
        self.monkeypatch.setattr(systemctl, "next_start", lambda unit: start)
        self.monkeypatch.setattr(
            systemctl, "state", lambda unit: UnitState("loaded", active, "", pid, False, "", (), ())
        )

    def running(self, since, pid=77, ticks=1000):
        self.unit(pid=pid)
        process = daemon_process.DaemonProcess(pid, ("dockerd",), since, "/")
        self.monkeypatch.setattr(daemon_process, "read", lambda _pid: process)
        self.monkeypatch.setattr(daemon_process, "start_ticks", lambda _pid: ticks)

    def file(self, text):
        with open(self.path, "w") as stream:
            stream.write(text)

    def text(self):
        with open(self.path) as stream:
            return stream.read()

    def plan(self, config=None, absent=(), **more):
        self.aim = config_plan.target(self.path)
        return config_plan.plan(self.aim, config or {}, absent, **more)

    def needs(self, config=None, absent=()):
        made = self.plan(config, absent)
        found, certain = config_plan.needs(self.aim, made)
        return found.needs, [key for key, _needs in found.pending], certain


def test_the_file_is_the_one_that_the_next_start_reads(host):
    assert config_plan.target().path == "/etc/docker/daemon.json"
    host.unit("--config-file=/srv/a b.json")
    assert config_plan.target().path == "/srv/a b.json"
    host.unit("--config-file", "relative.json")
    assert config_plan.target().path == "/relative.json"
    assert "reads /relative.json at its next start, not " + host.path in config_plan.target(host.path).warnings[0]


def test_a_unit_that_is_not_understood(host):
    host.start(systemctl.NextStart(None, "because", True))
    with pytest.raises(ConfigError) as caught:
        config_plan.target()
    assert "name the file in path: the flags of the next start are not known: because" in str(caught.value)
    host.file("{}")
    assert host.plan({"icc": False}).problems == ("the flags of the next start are not known: because",)
    assert host.plan({"icc": False}, validate=False).problems == ()


def test_without_a_unit_there_is_only_a_warning(host):
    host.start(systemctl.NextStart(None, "systemd does not run here", False))
    made = host.plan({"icc": False})
    assert made.problems == ()
    assert host.aim.warnings == ("conflicts with the daemon's flags are not looked for: systemd does not run here",)
    assert host.aim.pid is None


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
    host.unit(*flags)
    host.dockerd(version)
    made = host.plan(config)
    assert len(made.problems) == 1
    assert problem in made.problems[0]
    assert host.text() == before


def test_a_problem_that_is_there_already_can_be_cured(host):
    host.file('{"log_driver": "x", "icc": "no"}')
    assert len(host.plan().problems) == 2
    assert host.plan({"icc": False}, ["log_driver"]).problems == ()


def test_dockerds_own_word_counts_and_for_flags_it_is_the_only_one(host):
    host.file("{}")
    host.dockerd("26.1.5", "unable to configure the Docker daemon with file /dev/stdin: no such thing")
    assert host.plan({"icc": False}).problems == ("dockerd refuses it: no such thing",)
    host.dockerd("30.1.0")
    host.unit("--flag-of-the-future", "--icc=true")
    assert host.plan({"iptables": True}).problems == ()
    assert "icc is set by a flag" in host.plan({"icc": False}).problems[0]


def test_no_file_and_nothing_wanted(host):
    made = host.plan()
    assert (made.before, made.after, made.problems) == ("", "", ())


def test_apply_writes_and_backs_up(host):
    host.file('{"icc": true}\n')
    saved = config_plan.apply(host.plan({"icc": False}))
    assert host.text() == '{"icc": false}\n'
    with open(saved) as stream:
        assert stream.read() == '{"icc": true}\n'
    assert config_plan.apply(host.plan({"icc": True}), backup=False) is None


def test_a_write_that_fails_leaves_no_backup(host):
    host.file("{}")
    made = host.plan({"icc": False})
    host.file("{ }")
    with pytest.raises(ConfigError):
        config_plan.apply(made)
    assert [name for name in os.listdir(os.path.dirname(host.path)) if name.startswith("daemon.json")] == [
        "daemon.json"
    ]
    assert host.text() == "{ }"


def test_a_stopped_daemon_needs_nothing(host):
    host.unit(active="inactive")
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
def test_a_run_that_was_killed_after_the_write_is_seen_by_the_next(host):
    host.file('{"icc": false}')
    host.running(time.time() + 1)
    made = host.plan({"live-restore": True})
    config_plan.remember(host.aim, made)
    config_plan.apply(made)
    host.running(time.time() - 10)  # the file is newer than the start now
    assert host.needs({"live-restore": True}) == ("reload", ["live-restore"], True)
    again = host.plan({"no-new-privileges": True})
    config_plan.remember(host.aim, again)  # must not forget what the daemon was started with
    config_plan.apply(again)
    assert host.needs() == ("restart", ["live-restore", "no-new-privileges"], True)
    host.running(time.time() - 10, ticks=1001)  # another process with the same pid
    assert host.needs() == ("restart", ["icc", "live-restore", "no-new-privileges"], False)


def test_secrets_are_found(host):
    host.file(
        json.dumps(
            {
                "proxies": {"http-proxy": "http://user:hunter2@proxy:3128"},
                "log-opts": {"splunk-token": "abcdef", "tag": "plain"},
            }
        )
    )
    host.dockerd("26.1.5")
    made = host.plan({"proxies": {"https-proxy": "https://u:s3cret@p"}})
    assert config_plan.secrets(made) == ["abcdef", "hunter2", "s3cret"]


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
    made = host.plan({"icc": False})
    assert made.problems == () and len(made.ignored) == 1
    assert len(host.plan(json.loads(before)).problems) == 0
    host.file("{}")
    added = host.plan(json.loads(before))
    assert added.problems == made.ignored


def test_a_null_that_was_there_stays_there(host):
    host.file('{"bip": null}')
    made = host.plan({"icc": False})
    assert made.problems == () and made.ignored == ('"bip" is null, which sets nothing; drop the key',)


def test_what_a_flag_gives_as_wanted_stays_with_the_flag(host):
    host.unit("--live-restore", "--selinux-enabled")
    host.file("{}")
    made = host.plan({"live-restore": True, "selinux-enabled": True, "icc": False})
    assert made.problems == () and dict(made.settings_after) == {"icc": False}
    assert "live-restore" in host.plan({"live-restore": False}).problems[0]
    host.file('{"live-restore": true}')
    assert "live-restore" in host.plan({"live-restore": True}).problems[0]


def test_what_dockerd_does_not_start_with_is_not_written(host):
    host.unit("--iptables=false")
    host.file("{}")
    assert "together" in host.plan({"icc": False}).problems[0]
    assert "does not exist" in host.plan({"seccomp-profile": "/no/such.json"}).problems[0]


@pytest.mark.parametrize(
    "key, version", [("allow-nondistributable-artifacts", "28.5.2"), ("deprecated-key-path", "26.1.5")]
)
def test_a_key_that_lost_its_meaning_is_told(host, key, version):
    host.dockerd(version)
    value = [] if key.startswith("allow") else "/k"
    host.file(json.dumps({key: value}))
    assert "does nothing" in host.plan({"icc": False}).ignored[0]
    host.file("{}")
    assert "does nothing" in host.plan({key: value}).problems[0]
