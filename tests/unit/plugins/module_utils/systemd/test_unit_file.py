# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line of the next start, from unit texts."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.systemd.environment_file import parse_environment_file
from ansible_collections.containment.docker.plugins.module_utils.systemd.quoting import (
    Unparsable,
    expanded,
    split_words,
)
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import (
    command,
    environment_file_names,
    service,
    shown_differs,
    unit_state,
)

UNIT = "docker.service"
# Debian's docker.io 20.10, shortened
FRAGMENT = """\
[Unit]
Description=Docker Application Container Engine
ExecStart=/not/this

[Service]
Type=notify
EnvironmentFile=-/etc/default/docker
ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS
ExecReload=/bin/kill -s HUP $MAINPID
LimitNOFILE=infinity

[Install]
WantedBy=multi-user.target
"""
ARGV = ["/usr/sbin/dockerd", "-H", "fd://", "--containerd=/run/containerd/containerd.sock"]


def argv(*texts, **environment):
    result = command(service(texts), UNIT, environment, {})
    assert (result.argv is None) == bool(result.reason)
    return result.argv


def reset(line):
    return "[Service]\nExecStart=\nExecStart=" + line + "\n"


def test_the_packaged_unit():
    assert argv(FRAGMENT) == ARGV
    assert argv(FRAGMENT, DOCKER_OPTS="--icc=false --label 'a=b c'") == ARGV + ["--icc=false", "--label", "a=b c"]
    assert environment_file_names(service([FRAGMENT]), UNIT) == [("/etc/default/docker", True)]


LINES = [
    ("/usr/bin/dockerd --label 'a=b c' \"--label=d e\" --x=f' 'g", ["--label", "a=b c", "--label=d e", "--x=f g"]),
    ("-/usr/bin/dockerd -D", ["-D"]),
    ("@/usr/bin/dockerd docker -D", ["-D"]),
    (":/usr/bin/dockerd $A ${A}", ["$A", "${A}"]),
    ("+/usr/bin/dockerd $$A $${A} x$A x${A}y", ["$A", "${A}", "x$A", "xvy"]),
    ("/usr/bin/dockerd $NOT ${NOT} $A", ["", "v"]),
    ("/usr/bin/dockerd --a \\\n  --b \\\n# comment\n  ; comment\n  --c", ["--a", "--b", "--c"]),
    ('/usr/bin/dockerd a\\x20b "c\\td" \\\\ \\q \\;', ["a b", "c\td", "\\", "\\q", ";"]),
    ("/usr/bin/dockerd %n %N %% %t/x %h", ["docker.service", "docker", "%", "/run/x", "/root"]),
    ('/usr/bin/dockerd --bip ""', ["--bip", ""]),
]


@pytest.mark.parametrize("line, arguments", LINES)
def test_command_lines(line, arguments):
    assert argv(FRAGMENT, reset(line), A="v") == ["/usr/bin/dockerd"] + arguments


@pytest.mark.parametrize(
    "texts, reason",
    [
        (("[Service]\n",), "has 0 ExecStart lines"),
        ((FRAGMENT, "[Service]\nExecStart=/usr/bin/dockerd\n"), "has 2 ExecStart lines"),
        ((FRAGMENT, "[Service]\nExecStart=\n"), "has 0 ExecStart lines"),
        ((FRAGMENT, reset("/usr/bin/dockerd 'x")), "a quote is not closed"),
        ((FRAGMENT, reset("/usr/bin/dockerd %H")), 'the specifier "%H" is not understood'),
        ((FRAGMENT, reset("/usr/bin/dockerd 100%")), "is not understood"),
        ((FRAGMENT, reset("/bin/true ; /usr/bin/dockerd")), "several commands"),
        ((FRAGMENT, reset("-")), "no program"),
    ],
)
def test_what_is_not_understood_is_said_and_not_guessed(texts, reason):
    result = command(service(texts), UNIT, {}, {})
    assert result.argv is None
    assert reason in result.reason


def test_environment_comes_from_the_manager_then_the_unit_then_the_files():
    texts = [
        "[Service]\nEnvironment=A=unit \"B=two words\"\nEnvironment='C=%n'\nExecStart=/usr/bin/dockerd $A ${B} ${C} ${D} ${E}\n"
    ]
    result = command(service(texts), UNIT, {"A": "file"}, {"A": "manager", "D": "manager"})
    assert result.argv == ["/usr/bin/dockerd", "file", "two words", "docker.service", "manager", ""]
    emptied = texts + ["[Service]\nEnvironment=\nUnsetEnvironment=D A=other\n"]
    assert command(service(emptied), UNIT, {"A": "file"}, {"D": "x"}).argv[1:] == ["file", "", "", "", ""]


def test_passed_environment_needs_the_managers():
    parsed = service(["[Service]\nPassEnvironment=A\nExecStart=/usr/bin/dockerd $A\n"])
    assert command(parsed, UNIT, {}, None).argv is None
    assert command(parsed, UNIT, {}, {"A": "x"}).argv == ["/usr/bin/dockerd", "x"]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("A=1\n#B=2\n;C=3\n D = 4 \nexport E=5\nF\n", {"A": "1", "D": "4"}),
        ('A="x \\"y\\" \\$z \\q"\nB=\'x \\"y\'\n', {"A": 'x "y" $z \\q', "B": 'x \\"y'}),
        ('A=a\\\nb\nB="c\\\nd"\nC="e\nf"\n', {"A": "ab", "B": "cd", "C": "e\nf"}),
        ('A=\nB= \nC=a"b"\n', {"A": "", "B": "", "C": 'a"b"'}),
        ("A='a'\"b\"\n", {"A": "ab"}),
        ("A=1\nA=2", {"A": "2"}),
        ("# x=\\\nA=1\n", {"A": "1"}),
        ("A=--a --b  \t\n", {"A": "--a --b"}),
        ("1A=x\nA-B=x\n=x\n", {}),
    ],
)
def test_environment_files(text, expected):
    assert parse_environment_file(text) == expected


EXEC_STARTS = (
    "{ path=/usr/sbin/dockerd ; argv[]=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS ;"
    " ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }"
)


def test_systemds_own_reading_is_a_check():
    assert not shown_differs(service([FRAGMENT]), UNIT, EXEC_STARTS)
    assert shown_differs(service([FRAGMENT, reset("/usr/sbin/dockerd --icc=false")]), UNIT, EXEC_STARTS)
    assert not shown_differs(
        service([FRAGMENT, reset("@/usr/sbin/dockerd docker 'a b'")]),
        UNIT,
        "{ path=/usr/sbin/dockerd ; argv[]=docker a b ; ignore_errors=no ; start_time=[n/a] }",
    )
    assert shown_differs(service([FRAGMENT]), UNIT, "")
    assert shown_differs(service([]), UNIT, EXEC_STARTS)


def test_unit_state():
    text = (
        "LoadState=loaded\nActiveState=active\nSubState=running\nMainPID=42\nNeedDaemonReload=yes\n"
        "FragmentPath=/lib/systemd/system/docker.service\nDropInPaths=/a/1.conf /b/2.conf\nExecStart="
        + EXEC_STARTS
        + "\n"
        "InvocationID=e86b466e491f4396a8c3fd52b8b8c790\nResult=success\n"
    )
    state = unit_state(text)
    assert state == (
        "loaded",
        "active",
        "running",
        42,
        True,
        "/lib/systemd/system/docker.service",
        ("/a/1.conf", "/b/2.conf"),
        (EXEC_STARTS,),
        "e86b466e491f4396a8c3fd52b8b8c790",
        "success",
    )
    assert unit_state("") == ("", "", "", 0, False, "", (), (), "", "")
    assert unit_state("MainPID=[not set]\n").main_pid == 0


def test_words():
    assert split_words('  a  \'b c\'\t"d\\"e" ') == ["a", "b c", 'd"e']
    assert split_words("a\\ b 'c", escapes=False) == ["a b", "c"]
    with pytest.raises(Unparsable):
        split_words("\\x00")
    assert split_words("a\\", escapes=False) == ["a"]
    with pytest.raises(Unparsable, match="backslash"):
        split_words("a\\")
    assert expanded(["$A", "$A"], {"A": "x"}) == ["$A", "x"]
