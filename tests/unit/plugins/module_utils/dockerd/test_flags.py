# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""dockerd's command line. That REFUSED are refused and the rest is accepted was seen on dockerd 20.10.24, 26.1.5 and 28.5.2,
each as far as it knows the flag."""

import shlex

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.flags import (
    conflicts,
    merged,
    newer,
    objections,
    parse,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import DEFAULTS

LINES = [
    ("", {}),
    ("--icc=false", {"icc": False}),
    ("--icc=F --icc=1", {"icc": True}),
    ("--icc", {"icc": True}),
    ("-D", {"debug": True}),
    ("-D=false", {"debug": False}),
    ("-Dl debug", {"debug": True, "log-level": "debug"}),
    ("-ldebug", {"log-level": "debug"}),
    ("-l=debug", {"log-level": "debug"}),
    ("-H fd:// -Hunix:///x -H=tcp://y --host unix:///z", {"hosts": ["fd://", "unix:///x", "tcp://y", "unix:///z"]}),
    ("--label a=b --label c=d", {"labels": ["a=b", "c=d"]}),
    ("--seccomp-profile -x", {"seccomp-profile": "-x"}),
    ("--data-root=", {"data-root": ""}),
    ("--data-root /a --data-root=/b=c", {"data-root": "/b=c"}),
    ("--mtu 0x10", {"mtu": 16}),
    ("--mtu=0o17", {"mtu": 15}),
    ("--mtu=017", {"mtu": 15}),
    ("--mtu=1_000", {"mtu": 1000}),
    ("--mtu=0", {"mtu": 0}),
    ("--mtu=-5", {"mtu": -5}),
    ("--log-opt a=b --log-opt c=d=e --log-opt f", {"log-opts": {"a": "b", "c": "d=e", "f": ""}}),
    ("--dns 1.1.1.1,8.8.8.8 --dns ::1", {"dns": ["1.1.1.1", "8.8.8.8", "::1"]}),
    ("--add-runtime Kata=/usr/bin/kata", {"runtimes": {"kata": {"path": "/usr/bin/kata"}}}),
    (
        "--default-ulimit nofile=1:2 --default-ulimit core=-1",
        {
            "default-ulimits": {
                "nofile": {"Name": "nofile", "Soft": 1, "Hard": 2},
                "core": {"Name": "core", "Soft": -1, "Hard": -1},
            }
        },
    ),
    (
        "--default-address-pool base=10.0.0.0/16,size=24",
        {"default-address-pools": [{"base": "10.0.0.0/16", "size": 24}]},
    ),
    (
        "--default-network-opt bridge=a=b --default-network-opt bridge=c=d",
        {"default-network-opts": {"bridge": {"a": "b", "c": "d"}}},
    ),
    ("--feature a --feature b=false", {"features": {"a": True, "b": False}}),
    ("--nri-opts enable=true,socket-path=/x", {"nri-opts": {"enable": True, "socket-path": "/x"}}),
    ("--host-gateway-ip 1.1.1.1", {"host-gateway-ip": "1.1.1.1"}),
    ("--http-proxy http://p --no-proxy x", {"proxies": {"http-proxy": "http://p", "no-proxy": "x"}}),
    ("-g /x", {"graph": "/x"}),
    ("-r --restart=false", {}),
    ("--", {}),
]


@pytest.mark.parametrize("line, settings", LINES)
def test_settings(line, settings):
    flags = parse(shlex.split(line))
    assert flags.problems == ()
    assert flags.settings == settings
    assert flags.config_file is None


@pytest.mark.parametrize("line, path", [("--config-file /x", "/x"), ("--config-file=/x --config-file '/a b'", "/a b")])
def test_config_file(line, path):
    assert parse(shlex.split(line)).config_file == path


REFUSED = [
    ("--icc false", 'takes no argument "false"'),
    ("--icc=maybe", '"maybe" is no boolean'),
    ("x", 'takes no argument "x"'),
    ("-", 'takes no argument "-"'),
    ("-- --icc=false", 'takes no argument "--icc=false"'),
    ("---icc", "is no flag"),
    ("--=x", "is no flag"),
    ("--mtu", "lacks its value"),
    ("-H", "lacks its value"),
    ("--mtu=08", "no whole number"),
    ("--mtu=1.0", "no whole number"),
    ("--mtu=' 5'", "no whole number"),
    ("--mtu=99999999999999999999", "out of range"),
    ("--ip x", "no IP address"),
    ("--dns x", "no IP address"),
    ("--add-runtime a", "no name=path"),
    ("--add-runtime runc=/x", "no new runtime"),
    ("--add-runtime a=/x --add-runtime a=/y", "no new runtime"),
    ("--default-ulimit nofile=1:2:3", "no whole number"),
    ("--default-address-pool foo=1", "no base="),
    ("--default-network-opt bridge=a", "driver=key=value"),
    ("--feature a=x", "no boolean"),
]


@pytest.mark.parametrize("line, reason", REFUSED)
def test_a_line_that_dockerd_refuses(line, reason):
    flags = parse(shlex.split(line))
    assert len(flags.problems) == 1
    assert reason in flags.problems[0]
    assert flags.unknown == ()


@pytest.mark.parametrize(
    "line, unknown",
    [
        ("--nope", ("--nope",)),
        ("--nope=1 --icc=false", ("--nope",)),
        ("--nope value --icc=false", ("--nope",)),
        ("-DZx", ("-Z",)),
        ("--ICC=false", ("--ICC",)),
        ("--nri-opts enable=true,mode=x --icc=false", ("--nri-opts=mode",)),
    ],
)
def test_unknown_flags_are_reported_and_not_guessed(line, unknown):
    flags = parse(shlex.split(line))
    assert flags.unknown == unknown and flags.problems == ()
    for version in (None, "20.10.24", "29.7.3"):
        assert objections(flags, version) == [f'unknown flag "{name}"' for name in unknown]
        assert newer(flags, version) == []
    if "--icc" in line:
        assert flags.settings == {"icc": False}


@pytest.mark.parametrize(
    "settings, line, keys",
    [
        ({"hosts": ["unix:///x"]}, "-H fd://", ["hosts"]),
        ({"icc": False}, "--icc=false", ["icc"]),
        ({"icc": False}, "--iptables=false", []),
        ({"labels": []}, "--label a=b", ["labels"]),
        ({"runtimes": {"a": {"path": "/x"}}}, "--add-runtime a=/y", []),
        ({"host-gateway-ips": ["1.1.1.1"]}, "--host-gateway-ip 1.1.1.1", ["host-gateway-ips"]),
        ({"host-gateway-ip": "1.1.1.1"}, "--host-gateway-ip 1.1.1.1", ["host-gateway-ip"]),
        ({"proxies": {"http-proxy": "x"}}, "--http-proxy x", ["proxies.http-proxy"]),
        ({"proxies": {"http-proxy": "x"}}, "--https-proxy x", []),
        ({"debug": True, "log-level": "info"}, "-Dl info", ["debug", "log-level"]),
    ],
)
def test_conflicts(settings, line, keys):
    assert conflicts(settings, parse(shlex.split(line))) == keys


@pytest.mark.parametrize(
    "settings, line, key, value",
    [
        ({}, "", "icc", True),
        ({"icc": False}, "", "icc", False),
        ({}, "--icc=false", "icc", False),
        ({}, "", "userns-remap", None),
        ({"log-level": ""}, "", "log-level", "info"),
        ({"shutdown-timeout": 0}, "", "shutdown-timeout", 15),
        ({"default-stop-timeout": 0}, "", "default-stop-timeout", 0),
        ({"labels": []}, "", "labels", None),
        (
            {"runtimes": {"a": {"path": "/x"}}},
            "--add-runtime b=/y",
            "runtimes",
            {"a": {"path": "/x"}, "b": {"path": "/y"}},
        ),
        ({"runtimes": {"a": {"path": "/x"}}}, "--add-runtime a=/y", "runtimes", {"a": {"path": "/x"}}),
        ({"proxies": {"http-proxy": "x"}}, "--no-proxy y", "proxies", {"http-proxy": "x", "no-proxy": "y"}),
    ],
)
def test_what_a_start_would_have(settings, line, key, value):
    assert merged(settings, parse(shlex.split(line)), DEFAULTS).get(key) == value


def test_flags_that_only_a_newer_engine_can_know_are_left_to_it():
    flags = parse(shlex.split("--extension-dir /usr/libexec/x --icc=false --debug=perhaps"))
    assert flags.settings == {"icc": False}
    assert objections(flags, "29.8.0") == list(flags.problems) and len(flags.problems) == 1
    (sentence,) = newer(flags, "29.8.0")
    assert sentence.startswith('the flag "--extension-dir" is newer than this collection knows')
    assert sentence.endswith("read at Docker 29.7: it is left to this engine, 29.8.0")


def test_an_empty_list_of_insecure_registries_counts():
    assert merged({"insecure-registries": []}, parse([]), {})["insecure-registries"] == []
    assert "insecure-registries" not in merged({"insecure-registries": None, "dns": []}, parse([]), {})
