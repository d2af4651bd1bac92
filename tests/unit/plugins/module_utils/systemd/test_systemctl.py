# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What systemd is asked about the next start of a unit, and what is not taken for an answer."""

import subprocess

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common import programs
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import NextStart, SystemdError
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState

UNIT = "docker.service"


@pytest.fixture
def host(monkeypatch, tmp_path):
    """host(lines, **changes): the NextStart of a unit of these [Service] lines; .requests: the commands that systemctl got."""
    requests = []
    answers = {"show-environment": "LANG=C\nQUOTED=$'a\\'b c'\n"}

    def answer(arguments, timeout=10):
        requests.append(arguments[0])
        return answers[arguments[0]]

    def start(*lines, drop_ins=(), known=True, **changes):
        del requests[:]
        paths = []
        for number, texts in enumerate((lines, *drop_ins)):
            paths.append(tmp_path / f"{number}.conf")
            paths[-1].write_text("\n".join(["[Service]", *texts, ""]))
        fields = dict(
            load="loaded",
            active="active",
            sub="running",
            main_pid=7,
            need_daemon_reload=False,
            fragment=str(paths[0]),
            exec_starts=(),
        )
        fields.update(drop_ins=tuple(map(str, paths[1:])), **changes)
        state = UnitState(**fields)
        answers["show"] = f"LoadState={state.load}\nFragmentPath={state.fragment}\n"
        return systemctl.next_start(UNIT, known=state if known else None)

    monkeypatch.setattr(systemctl, "systemctl", answer)
    start.requests = requests
    start.path = tmp_path
    return start


def test_a_state_that_is_known_is_not_asked_for_again(host):
    expected = NextStart(["/usr/bin/dockerd", "-H", "fd://"], "", True, {})
    assert host("ExecStart=/usr/bin/dockerd -H fd://") == expected and host.requests == []
    assert host("ExecStart=/usr/bin/dockerd -H fd://", known=False) == expected and host.requests == ["show"]


def test_the_last_drop_in_decides(host):
    drop_ins = (
        ["ExecStart=", "ExecStart=/usr/bin/dockerd --debug"],
        ["ExecStart=", "ExecStart=/usr/bin/dockerd --icc=false"],
    )
    assert host("ExecStart=/usr/bin/dockerd", drop_ins=drop_ins).argv == ["/usr/bin/dockerd", "--icc=false"]


@pytest.mark.parametrize(
    "load, reason",
    [("not-found", "docker.service is not-found"), ("masked", "is masked"), ("", "is not known to systemd")],
)
def test_no_unit(host, load, reason):
    start = host("ExecStart=/usr/bin/dockerd", load=load)
    assert start.argv is None and reason in start.reason and start.managed is False


@pytest.mark.parametrize(
    "line, changes, reason",
    [
        ("ExecStart=/usr/bin/dockerd", {"need_daemon_reload": True}, "run systemctl daemon-reload"),
        ("ExecStart=/usr/bin/wrapper dockerd", {}, 'starts "/usr/bin/wrapper", not dockerd itself'),
        ("ExecStart=/usr/bin/dockerd 'unended", {}, "docker.service: ExecStart: "),
        ("ExecStart=/usr/bin/dockerd\nExecStart=/usr/bin/dockerd", {}, "has 2 ExecStart lines, not one"),
        ("Restart=always", {}, "has 0 ExecStart lines, not one"),
        ("ExecStart=/usr/bin/dockerd", {"exec_starts": ("{ path=/usr/bin/dockerd ; argv[]=dockerd -D ; ignore_errors=no }",)}, "differ"),
        ("ExecStart=/usr/bin/dockerd", {"fragment": "/nonexistent/docker.service"}, "cannot be read: No such file"),
    ],
)  # fmt: skip
def test_a_unit_that_is_not_understood(host, line, changes, reason):
    start = host(line, **changes)
    assert start.argv is None and start.reason and reason in start.reason and start.managed is True


def test_the_last_of_what_systemd_shows_is_the_check(host):
    text = "{ path=/usr/bin/dockerd ; argv[]=%s ; ignore_errors=no ; start_time=[n/a] }"
    pair = (text % "/usr/bin/dockerd --debug", text % "/usr/bin/dockerd")
    assert host("ExecStart=/usr/bin/dockerd", exec_starts=pair).argv == ["/usr/bin/dockerd"]
    assert host("ExecStart=/usr/bin/dockerd", exec_starts=pair[::-1]).argv is None


def test_variables_of_environment_files(host):
    for name, text in (("a.env", "OPTS=--debug\n"), ("b.env", "OPTS='--icc=false -D'\nDOCKER_RAMDISK=1\nOTHER=1\n")):
        (host.path / name).write_text(text)
    start = host("ExecStart=/usr/bin/dockerd $OPTS", f"EnvironmentFile={host.path}/*.env")
    assert start == NextStart(["/usr/bin/dockerd", "--icc=false", "-D"], "", True, {"DOCKER_RAMDISK": "1"})


def test_an_environment_file_that_is_missing(host):
    assert host("ExecStart=/usr/bin/dockerd", f"EnvironmentFile=-{host.path}/none").argv == ["/usr/bin/dockerd"]
    start = host("ExecStart=/usr/bin/dockerd", f"EnvironmentFile={host.path}/none")
    assert start.argv is None and "the environment file" in start.reason and "is missing" in start.reason


@pytest.mark.parametrize(
    "lines, expected, requests",
    [
        (["ExecStart=/usr/bin/dockerd $LANG"], ["/usr/bin/dockerd", "C"], ["show-environment"]),
        (["ExecStart=/usr/bin/dockerd ${QUOTED}"], ["/usr/bin/dockerd", "a'b c"], ["show-environment"]),
        (["ExecStart=/usr/bin/dockerd", "PassEnvironment=LANG"], ["/usr/bin/dockerd"], ["show-environment"]),
        (["ExecStart=/usr/bin/dockerd -D"], ["/usr/bin/dockerd", "-D"], []),
    ],
)
def test_systemds_own_variables_are_asked_for_where_they_count(host, lines, expected, requests):
    assert host(*lines).argv == expected and host.requests == requests


def test_a_file_that_is_too_large(host, monkeypatch):
    monkeypatch.setattr(systemctl, "_MAX_FILE", 40)
    line = "ExecStart=/usr/bin/dockerd -" + "D"
    assert len(f"[Service]\n{line}\n") == 40
    assert host(line).argv == ["/usr/bin/dockerd", "-D"]
    assert "is larger than 40 bytes" in host(line + "D").reason


@pytest.fixture
def program(monkeypatch, tmp_path):
    """program(text): make a shell script of this text the systemctl of a host with systemd."""
    monkeypatch.setattr(systemctl.os.path, "isdir", lambda path: path == "/run/systemd/system")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def write(text):
        path = tmp_path / "systemctl"
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)

    return write


def test_what_systemctl_is_run_with(program):
    program('echo "$LC_ALL:$SYSTEMD_PAGER:$SYSTEMD_COLORS:$*"; cat')
    assert systemctl.systemctl(["show", "--", UNIT]) == "C::0:--no-pager show -- docker.service\n"


def test_the_state_of_a_unit(program):
    program('echo "LoadState=loaded"; echo "SubState=$*"')
    state = systemctl.state("other.service")
    assert (state.load, state.sub) == ("loaded", f"--no-pager show --property={systemctl._PROPERTIES} -- other.service")


@pytest.mark.parametrize(
    "text, reason",
    [
        ("echo no bus >&2; exit 1", 'systemctl failed: "no bus"'),
        ("exec sleep 5", "did not answer within 0.2 s"),
    ],
)
def test_systemctl_that_has_no_answer(program, text, reason):
    program(text)
    with pytest.raises(SystemdError, match=reason):
        systemctl.systemctl(["show"], 0.2)
    start = systemctl.next_start(UNIT, 0.2)
    assert start.argv is None and reason in start.reason and start.managed is False


def test_a_host_without_the_program(program, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(programs, "PATH", str(tmp_path))
    with pytest.raises(SystemdError, match="there is no program systemctl"):
        systemctl.systemctl(["show"])


def test_a_host_without_systemd(monkeypatch):
    monkeypatch.setattr(systemctl.os.path, "isdir", lambda path: False)
    monkeypatch.setattr(subprocess, "run", lambda *arguments, **options: pytest.fail("a program was run"))
    with pytest.raises(SystemdError, match="systemd does not run here"):
        systemctl.systemctl(["show"])
