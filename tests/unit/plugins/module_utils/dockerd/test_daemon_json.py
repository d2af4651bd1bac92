# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""daemon.json: what is read, what is refused, and that the table of settings is sound.

The verdicts in ENGINES were taken from real engines (dockerd 20.10.24 started with a pid file in its way; dockerd --validate of
26.1.5 and 28.5.2).
"""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import daemon_json, validate
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import (
    BY_NAME,
    FLAGS_ONLY,
    RELOAD,
    RESTART,
    SETTINGS,
    engine_release,
    known_to,
)


@pytest.mark.parametrize("data", [b"", b" \n\t", b"{}", b"\xef\xbb\xbf", b"\xef\xbb\xbf{}"])
def test_no_settings(data):
    assert daemon_json.parse(data) == {}


def test_order_is_kept():
    assert list(daemon_json.parse(b'{"z": 1, "a": {"y": 1, "b": 2}}')) == ["z", "a"]


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"[]", "line 1, column 1: the configuration must be an object, not a list"),
        (b'\n "x"', 'line 2, column 2: the configuration must be an object, not "x"'),
        (b"null", "must be an object, not null"),
        (b"{} {}", "line 1, column 4: there is text behind"),
        (b'{"a": "\xe9"}', "line 1, column 8: byte 0xe9 is not valid UTF-8"),
        (b'{\n"\xc3\xa4": "\xff"}', "line 2, column 7: byte 0xff is not valid UTF-8"),
        (b"\xff\xfe{\x00}\x00", "the file is UTF-16"),
        (b"{}" + b" " * daemon_json.MAX_BYTES, "larger than"),
        (b'{"a": 1, "a": 2}', 'duplicate key "a"'),
    ],
)
def test_bad_files_are_errors_with_name_place_and_reason(data, reason):
    with pytest.raises(daemon_json.ConfigError) as caught:
        daemon_json.parse(data, "/etc/docker/daemon.json")
    assert str(caught.value).startswith("/etc/docker/daemon.json: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "text, version, refused",
    [
        ("", "20.10.24+dfsg1", True),
        ("", "26.1.5", False),
        ("\ufeff{}", "20.10.24", True),
        ("\ufeff{}", "23.0.0", False),
        ("{}", "20.10.24", False),
        ("", None, False),
        ("\ufeff{}", None, False),
    ],
)
def test_what_an_old_engine_refuses_about_the_text(text, version, refused):
    assert bool(daemon_json.text_problems(text, version)) is refused


@pytest.mark.parametrize(
    "version, release",
    [
        ("20.10.24+dfsg1", (20, 10)),
        ("v26.1.5", (26, 1)),
        ("29.0.0-rc.1", (29, 0)),
        ("28.5", (28, 5)),
        ("dev", None),
        ("", None),
        (None, None),
        ("26", None),
        ("99999.1", None),
    ],
)
def test_engine_release(version, release):
    assert engine_release(version) == release


def test_the_table_is_sound():
    assert len(BY_NAME) == len(SETTINGS)
    assert [setting.name for setting in SETTINGS] == sorted(BY_NAME)
    flags = [setting.flag for setting in SETTINGS if setting.flag]
    assert len(set(flags)) == len(flags)
    assert not set(flags) & set(FLAGS_ONLY)
    letters = [setting.letter for setting in SETTINGS if setting.letter]
    assert len(set(letters)) == len(letters)
    for setting in SETTINGS:
        assert setting.applies in (RELOAD, RESTART)
        assert setting.applies == RELOAD or not setting.reset, setting.name
        assert setting.since < setting.until, setting.name
        if setting.default is not None:
            assert validate.validate({setting.name: setting.default}) == []


O, E = True, False
ENGINES = [
    # settings, accepted by 20.10.24, 26.1.5, 28.5.2
    ({"icc": False}, O, O, O),
    ({"icc": "true"}, E, E, E),
    ({"icc": 1}, E, E, E),
    ({"ICC": True}, E, E, E),
    ({"No-New-Privileges": True}, E, E, E),
    ({"log_driver": "x"}, E, E, E),
    ({"x": {"y": 1}}, E, E, E),
    ({"disable-legacy-registry": True}, E, E, E),
    ({"resolv-conf": "/x"}, E, E, E),
    ({"default-init": "/x"}, E, E, E),
    ({"swarm-raft-election-tick": 1}, E, E, E),
    ({"containerd-plugin-namespace": "x"}, E, E, E),
    ({"graph": "/x"}, O, E, E),
    ({"cluster-store": "x"}, O, E, E),
    ({"oom-score-adjust": 1}, O, E, E),
    ({"proxies": {"http-proxy": "http://p"}}, E, O, O),
    ({"default-network-opts": {"ipvlan": {"a": "b"}}}, E, O, O),
    ({"cdi-spec-dirs": ["/x"]}, E, O, O),
    ({"log-format": "json"}, E, O, O),
    ({"bip6": "fd00::1/64"}, E, E, O),
    ({"allow-direct-routing": True}, E, E, O),
    ({"host-gateway-ips": ["1.1.1.1"]}, E, E, O),
    ({"host-gateway-ip": "1.1.1.1"}, O, O, O),
    ({"min-api-version": "1.44"}, E, E, E),
    ({"firewall-backend": "nftables"}, E, E, E),
    ({"mtu": 1.0}, E, E, E),
    ({"mtu": 99999999999999999999}, E, E, E),
    ({"cpu-rt-period": 2**63 - 1}, O, O, O),
    ({"labels": "a=b"}, E, E, E),
    ({"labels": ["ab"]}, E, E, E),
    ({"labels": ["a=1", "a=1"]}, O, O, O),
    ({"labels": ["a=1", "a=2"]}, E, E, E),
    ({"labels": ["com.docker.x=1"]}, E, E, E),
    ({"log-opts": {"max-file": 3}}, E, E, E),
    ({"log-opts": {"max-file": "3"}}, O, O, O),
    ({"features": {"x": "true"}}, E, E, E),
    ({"features": {"any-name": True}}, O, O, O),
    ({"default-shm-size": 64}, E, E, E),
    ({"default-shm-size": "64.5 mib"}, O, O, O),
    ({"default-shm-size": "64 "}, O, O, O),
    ({"default-shm-size": ""}, E, E, E),
    ({"dns": ["x"]}, E, E, E),
    ({"dns": ["fe80::1%eth0"]}, E, E, E),
    ({"ip": "010.0.0.1"}, E, E, E),
    ({"default-gateway": "1.2.3.4/24"}, E, E, E),
    ({"runtimes": {"a": {"path": "x", "runtimeArgs": ["y"]}}}, O, O, O),
    ({"runtimes": {"a": {"PATH": "x"}}}, O, O, O),
    ({"runtimes": {"a": "x"}}, E, E, E),
    ({"runtimes": {"a": {"path": 1}}}, E, E, E),
    ({"default-ulimits": {"nofile": {"name": "nofile", "hard": 1, "soft": 1}}}, O, O, O),
    ({"default-ulimits": {"nofile": {"Hard": "1"}}}, E, E, E),
    ({"default-address-pools": [{"base": "10.0.0.0/16", "size": 24}]}, O, O, O),
    ({"default-address-pools": [{"base": "10.0.0.0/16", "size": "24"}]}, E, E, E),
    ({"default-address-pools": {"base": "x"}}, E, E, E),
    ({"log-level": "WARN"}, O, O, O),
    ({"log-level": "warning"}, O, E, E),
    ({"log-level": "loud"}, E, E, E),
    ({"default-ipc-mode": "host"}, E, E, E),
    ({"default-cgroupns-mode": "x"}, E, E, E),
    ({"max-concurrent-downloads": -1}, E, E, E),
    ({"max-download-attempts": 0}, E, O, O),
    ({"hosts": "unix:///x"}, E, E, E),
    ({"host-gateway-ip": "1.1.1.1", "host-gateway-ips": ["1.1.1.1"]}, E, E, E),
    ({"node-generic-resources": ["x"]}, E, E, E),
    (
        {"builder": {"gc": {"enabled": True, "policy": [{"keepStorage": "1GB", "filter": ["a=b"]}, {"all": True}]}}},
        O,
        O,
        O,
    ),
    ({"builder": {"gc": {"enabled": "yes"}}}, E, E, E),
    ({"builder": {"Entitlements": {"network-host": True}}}, O, O, O),
]


@pytest.mark.parametrize("settings, old, middle, new", ENGINES)
def test_the_engines_verdict(settings, old, middle, new):
    for version, accepted in (("20.10.24+dfsg1", old), ("26.1.5+dfsg1", middle), ("28.5.2+dfsg4", new)):
        assert (validate.validate(settings, version) == []) is accepted, version
    if old or middle or new:
        assert validate.validate(settings) == [], "without a version, what any engine takes"


STRICTER = [
    # most of these pass dockerd's own check, and do nothing or fail later
    ({"x": {"no-new-privileges": True}}, ['"no-new-privileges" inside it would do nothing']),
    ({"proxies": {"icc": True}}, ['"proxies" has no key "icc"']),
    ({"http-proxy": "http://p"}, ['counts only inside "proxies"']),
    ({"label": ["a=b"]}, ['in the file it is "labels"']),
    ({"containerd-plugins-namespace": "x"}, ["a flag of dockerd and does nothing"]),
    ({"restart": False}, ["a flag of dockerd and does nothing"]),
    ({"icc": None}, ['"icc" is null']),
    ({"log-opts": {"a": None}}, ['"log-opts"."a" is null']),
    ({"runtimes": {"a": {"paht": "x"}}}, ['has no key "paht"; did you mean "path"?']),
    ({"builder": {"gc": {"enable": True}}}, ['did you mean "enabled"?']),
    ({"runtimes": {"runc": {"path": "/x"}}}, ["the name is reserved"]),
    ({"userns-remap": "default", "features": {"containerd-snapshotter": True}}, ["does not go with"]),
    ({"registry-mirrors": ["ftp://x"]}, ["http or https"]),
    ({"bip": "10.0.0.0/33"}, ["address/prefix"]),
    ({"bip": "10.0.0.1"}, ["address/prefix"]),
    ({"fixed-cidr": "10.0.0.0/255.255.0.0"}, ["address/prefix"]),
    ({"fixed-cidr-v6": "fe80::%eth0/64"}, ["address/prefix"]),
    ({"registry-mirrors": ["https://u:p@x"]}, ["http or https"]),
    ({"hosts": ["foo://x"]}, ["unix://, tcp:// or fd://"]),
    ({"network-diagnostic-port": 70000}, ["from 0 to 65535"]),
    ({"no-new-privilege": True}, ['did you mean "no-new-privileges"?']),
    ({"live_restore": True}, ['did you mean "live-restore"?']),
    (
        {"icc": "true", "mtu": "1"},
        ['"icc" must be true or false, not the string "true"', '"mtu" must be a whole number'],
    ),
    ({"\x1b[2J": 1}, ['"\\u001b[2J" is no setting']),
]


@pytest.mark.parametrize("settings, reasons", STRICTER)
def test_stricter_than_the_engine(settings, reasons):
    problems = validate.validate(settings)
    assert len(problems) == len(reasons)
    for problem, reason in zip(problems, reasons):
        assert reason in problem


@pytest.mark.parametrize(
    "settings",
    [
        {"userns-remap": "default", "features": {"containerd-snapshotter": False}},
        {"userns-remap": "", "features": {"containerd-snapshotter": True}},
        {"features": {"containerd-snapshotter": True}},
        {"bip": "172.18.0.1/16", "fixed-cidr": "172.18.1.0/24", "fixed-cidr-v6": "2001:db8::/64"},
        {"registry-mirrors": ["https://mirror.example/", "HTTP://localhost:5000"]},
        {"hosts": ["unix:///run/docker.sock", "tcp://127.0.0.1:2376", "fd://", "127.0.0.1:2375"]},
    ],
)
def test_not_stricter_than_that(settings):
    assert validate.validate(settings) == []


def test_a_key_of_another_release_is_named_with_it():
    assert validate.validate({"proxies": {}}, "20.10.24") == [
        '"proxies" is known from Docker 23.0 on, this engine is 20.10.24'
    ]
    assert validate.validate({"graph": "/x"}, "26.1.5") == [
        '"graph" is not known after Docker 20.10, this engine is 26.1.5'
    ]
    assert known_to(BY_NAME["graph"], None)


@pytest.mark.parametrize(
    "settings, version, words",
    [
        ({"userns-remap": "x:y:z"}, "26.1.5", "user or user:group"),
        ({"proxies": {"HTTP-proxy": "http://p"}}, "26.1.5", "has no key"),
        ({"node-generic-resources": ["gpu=a", "gpu=2"]}, "26.1.5", "mixes"),
        # as 28.5 (and 26.1 for the first) refused them with --validate
        ({"builder": {"history": {"maxAge": True}}}, "28.5.2", "maxAge"),
        ({"host-gateway-ips": ["192.0.2.1", "192.0.2.2"]}, "28.5.2", "at most"),
        ({"dns-search": ["no spaces"]}, "26.1.5", "domains"),
        ({"dns": ["fe80::1%eth0"]}, "28.5.2", "must be IP addresses"),
        ({"dns": ["fe80::1%eth0"]}, "29.0.0", None),
        ({"dns": ["10.0.0.1%eth0"]}, "29.0.0", "must be an IP address"),
        ({"ip": "fe80::1%eth0"}, "29.0.0", "must be an IP address"),
        ({"fixed-cidr-v6": "10.0.0.0/24"}, "26.1.5", "IPv6"),
    ],
)
def test_what_dockerd_refuses_is_refused(settings, version, words):
    problems = validate.validate(settings, version)
    assert (problems == []) if words is None else (len(problems) == 1 and words in problems[0])


@pytest.mark.parametrize(
    "settings, problems, newer",
    [
        ({"later": True, "icc": False}, 0, 1),
        ({"nri-opts": {"enable": True, "later": 1}}, 0, 1),
        ({"default-address-pools": [{"base": "10.0.0.0/8", "size": 24, "later": 1}]}, 0, 1),
        ({"builder": {"gc": {"later": 1, "enabled": "yes"}}}, 1, 1),
        ({"icc": "no", "later": 1}, 1, 1),
        ({"label": ["a=b"]}, 1, 0),
        ({"later": {"no-new-privileges": True}}, 1, 0),  # dockerd flattens it, whatever it knows
        ({"extension-config": {"debug": True}}, 0, 1),
        ({"iptables": False, "icc": None}, 1, 0),
    ],
)
def test_what_a_newer_engine_may_know_is_no_problem(settings, problems, newer):
    assert len(validate.validate(settings, "29.8.0")) == problems
    assert len(validate.newer(settings, "29.8.0")) == newer
    for version in (None, "26.1.5", "29.7.2"):
        assert len(validate.validate(settings, version)) >= problems + newer or version == "26.1.5"
        assert validate.newer(settings, version) == []


def test_an_address_of_the_gateway_may_have_a_zone():
    """28.5 --validate: OK."""
    assert validate.validate({"host-gateway-ips": ["fe80::1%eth0"]}, "28.5.2") == []
