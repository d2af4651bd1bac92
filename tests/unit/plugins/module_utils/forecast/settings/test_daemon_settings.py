# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the smaller settings break."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.forecast import setting as setting_
from ansible_collections.containment.docker.plugins.module_utils.forecast.container_use import Use
from ansible_collections.containment.docker.plugins.module_utils.forecast.control_groups import Usage
from ansible_collections.containment.docker.plugins.module_utils.forecast.mapped_access import File
from ansible_collections.containment.docker.plugins.module_utils.forecast.settings import (
    default_ulimits,
    insecure_registries,
    kernel_filesystems,
    limits,
    live_restore,
    log_opts,
    seccomp_profile,
    selinux_enabled,
    userland_proxy,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.members import Process
from ansible_collections.containment.docker.plugins.module_utils.linux.socket_tables import Connection

from ..world import ROOT, container, read_sureness, world


def of_host(setting, value=True, **changes):
    return read_sureness(setting.of_host(world({setting.name: value}, **changes)))


def of_container(setting, value=True, config=None, inspect=None, **changes):
    evidence = container(world({setting.name: value}), config, inspect, **changes)
    return read_sureness(setting.of_container("web", evidence))


@pytest.mark.parametrize(
    "image, registry",
    [
        ("busybox", ""),
        ("library/busybox:1", ""),
        ("Registry.example/x", "registry.example"),
        ("localhost/x", "localhost"),
        ("127.0.0.1:5000/x@sha256:0", "127.0.0.1:5000"),
        ("[::1]:5000/x", "[::1]:5000"),
        ("sha256:" + "0" * 64, ""),
    ],
)
def test_the_registry_of_an_image(image, registry):
    assert insecure_registries.registry_of(image) == registry


REGISTRIES = {
    "InsecureRegistryCIDRs": ["127.0.0.0/8", "10.0.0.0/8"],
    "IndexConfigs": {"plain.example:5000": {"Secure": False}, "docker.io": {"Secure": True}},
}


def of_registries(image, wanted=(), version="26.1.5"):
    shared = world({"insecure-registries": list(wanted)})
    shared["daemon"]["info"].update(RegistryConfig=REGISTRIES, ServerVersion=version)
    evidence = container(shared, inspect={"Config": {"Image": image}})
    note = insecure_registries.note("web", evidence)
    return [item.subject for item in insecure_registries.of_all(shared, [("web", note)])]


@pytest.mark.parametrize(
    "image, wanted, lost",
    [
        ("plain.example:5000/app", [], ["daemon:plain.example:5000"]),
        ("plain.example:5000/app", ["http://plain.example:5000"], []),
        ("10.1.1.1:5000/app", [], ["daemon:10.1.1.1:5000"]),
        ("10.1.1.1:5000/app", ["10.0.0.0/8"], []),
        ("tls.example/app", [], []),
        ("busybox", [], []),
    ],
)
def test_registries_that_need_tls_afterwards(image, wanted, lost):
    assert of_registries(image, wanted) == lost


@pytest.mark.parametrize("version, lost", [("29.9.0", []), ("29.10.0", ["daemon:localhost:5000"])])
def test_loopback_stays_insecure_until_29_10(version, lost):
    assert of_registries("localhost:5000/app", version=version) == lost


def test_live_restore_and_swarm():
    assert of_host(live_restore.SETTING) == {}
    shared = world({"live-restore": True})
    shared["daemon"]["info"]["Swarm"] = {"LocalNodeState": "locked"}
    assert read_sureness(live_restore.of_host(shared)) == {"live-restore/swarm/daemon": "certain"}


MEMORY, PIDS = limits.SETTINGS


@pytest.mark.parametrize(
    "usage, config, items",
    [
        (Usage(99, 100), {}, {}),
        (Usage(101, 101), {}, {"memory-limit/now/container:web": "certain"}),
        (Usage(10, 101), {}, {"memory-limit/peak/container:web": "likely"}),
        (Usage(101, 101), {"Memory": 4096}, {}),
        # a cache of files only gets smaller, and what can be swapped out need not end
        (Usage(101, 101, 1), {}, {"memory-limit/peak/container:web": "possible"}),
        (Usage(150, 151, 50), {}, {"memory-limit/peak/container:web": "likely"}),
        (Usage(101, 101, 0, True), {}, {"memory-limit/now/container:web": "likely"}),
    ],
)
def test_memory(usage, config, items):
    assert of_container(MEMORY, 100, config, usage={"memory": usage}) == items


@pytest.mark.parametrize("limit, items", [(-1, {"pids-limit/now/container:web": "certain"}), (5, {})])
def test_processes(limit, items):
    assert of_container(PIDS, 7, {"PidsLimit": limit}, usage={"pids": Usage(8, 8)}) == items


def test_a_stopped_container_uses_nothing_and_unreadable_usage_is_no_silence():
    assert of_container(MEMORY, 100) == {}
    with pytest.raises(Unreadable):
        of_container(MEMORY, 100, usage=Evidence(memory=Unreadable("no group")))


FILES = {"nofile": {"Name": "nofile", "Hard": 20, "Soft": 10}}


@pytest.mark.parametrize(
    "count, config, items",
    [
        (10, {}, {}),
        (11, {}, {"default-ulimits/open-files/container:web": "possible"}),
        (21, {}, {"default-ulimits/open-files/container:web": "likely"}),
        (21, {"Ulimits": [{"Name": "nofile", "Hard": 99, "Soft": 99}]}, {}),
    ],
)
def test_open_files(count, config, items):
    assert of_container(default_ulimits.SETTING, FILES, config, use=Use((ROOT,), (), "", count)) == items


@pytest.mark.parametrize(
    "config, items",
    [
        ({}, {"seccomp-profile/system-calls/container:web": "possible"}),
        ({"Privileged": True}, {}),
        ({"SecurityOpt": ["seccomp=unconfined"]}, {}),
    ],
)
def test_system_calls(config, items):
    assert of_container(seccomp_profile.SETTING, "/p.json", config) == items


def test_a_profile_that_is_missing_and_dockers_own():
    assert of_host(seccomp_profile.SETTING, "/p.json") == {"seccomp-profile/profile/daemon": "certain"}
    there = File("/p.json", "file", 0, 0, 0o644)
    assert read_sureness(seccomp_profile.of_host(world({"seccomp-profile": "/p.json"}, [there]))) == {}
    assert seccomp_profile.is_in_force(world({"seccomp-profile": "builtin"}))
    assert not seccomp_profile.is_in_force(world({"seccomp-profile": "/p.json"}))


@pytest.mark.parametrize(
    "log, items",
    [
        ({"Type": "json-file", "Config": {}}, {"log-opts/log-cut/container:web": "possible"}),
        ({"Type": "json-file", "Config": {"max-size": "1m"}}, {}),
        ({"Type": "journald"}, {}),
    ],
)
def test_logs(log, items):
    assert of_container(log_opts.SETTING, {"max-size": "10m"}, {"LogConfig": log}) == items


@pytest.mark.parametrize(
    "options, length, sure",
    [
        ({"max-size": "10k"}, 10000, "possible"),
        ({"max-size": "10k"}, 10001, "likely"),
        ({"max-size": "10KB", "max-file": "3"}, 30000, "possible"),
        ({"max-size": "10KB", "max-file": "3"}, 30001, "likely"),
        ({"max-size": "1.5x"}, 10**9, "possible"),  # dockerd takes it otherwise, or not at all
        ({"max-size": "1k", "max-file": "many"}, 10**9, "possible"),
    ],
)
def test_a_log_that_is_longer_than_what_is_kept_is_likely_cut(options, length, sure):
    items = of_container(log_opts.SETTING, options, {"LogConfig": {"Type": "json-file"}}, log_bytes=length)
    assert items == {"log-opts/log-cut/container:web": sure}


def test_a_log_that_cannot_be_read_is_no_silence():
    with pytest.raises(Unreadable):
        of_container(
            log_opts.SETTING, {"max-size": "1k"}, {"LogConfig": {"Type": "json-file"}}, log_bytes=Unreadable("x")
        )


@pytest.mark.parametrize(
    "changes, warnings, items",
    [
        ([], [], {}),
        ([{"path": "/proc/sys"}], [], {"kernel-filesystems/closed/container:web": "possible"}),
        ([{"path": "/proc/sys"}], ["sysctl writes there"], {"kernel-filesystems/writer/container:web": "likely"}),
    ],
)
def test_kernel_filesystems(changes, warnings, items):
    mounts = [{"name": "web", "changes": changes, "warnings": warnings, "left": []}]
    assert of_host(kernel_filesystems.SETTING, kernel_mounts=mounts) == items


@pytest.mark.parametrize(
    "cure, items",
    [
        ("restart", {"kernel-filesystems/writer/container:web": "likely"}),
        ("waived", {"kernel-filesystems/closed/container:web": "possible"}),
    ],
)
def test_a_kernel_file_that_is_held_open_makes_a_break_likely(cure, items):
    remainders = [{"path": "/proc/sys", "reason": "held open by process 7", "cure": cure}]
    container_ = {"name": "web", "changes": [{"path": "/proc/sys"}], "warnings": [], "left": remainders}
    assert of_host(kernel_filesystems.SETTING, kernel_mounts=[container_]) == items


def mount(verdict):
    texts = dict.fromkeys(("context", "cure", "why"), "x")
    return {"name": "web", "mounts": [dict(texts, source="/srv", target="/data", verdict=verdict, wanted=["read"])]}


def test_selinux_mounts():
    denied, host = [mount("allowed"), mount("denied")], Evidence(selinux="permissive")
    assert of_host(selinux_enabled.SETTING, host=host, selinux_mounts=denied) == {
        "selinux-enabled/mount/container:web:/data": "likely"
    }
    shared = world({"selinux-enabled": True}, host=host, selinux_mounts=[mount("unknown"), *denied])
    items, obstacles = setting_.ask("selinux-enabled", "daemon", selinux_enabled.of_host, shared)
    assert len(items) == 1 and "web: /srv: x" in obstacles[0].reason
    assert of_host(selinux_enabled.SETTING, host=Evidence(selinux=None)) == {}


def test_a_port_on_the_loopback_of_ipv6():
    def of_address(address):
        ports = {"80/tcp": [{"HostIp": address, "HostPort": "8080"}], "81/tcp": None}
        return of_container(userland_proxy.SETTING, False, inspect={"NetworkSettings": {"Ports": ports}})

    assert of_address("127.0.0.1") == {}
    assert of_address("::1") == {"userland-proxy/loopback-port/container:web:[::1]:8080": "likely"}


@pytest.mark.parametrize(
    "addresses, own, items",
    [
        (["::"], "", {"userland-proxy/ipv6-port/container:web:[::]:8080": "likely"}),
        (["fd00::1"], "", {"userland-proxy/ipv6-port/container:web:[fd00::1]:8080": "likely"}),
        (["0.0.0.0", "::"], "", {"userland-proxy/ipv6-port/container:web:[::]:8080": "possible"}),
        (["::"], "fd01::2", {}),
        (["0.0.0.0"], "", {}),
    ],
)
def test_a_port_of_ipv6_to_a_container_without_it(addresses, own, items):
    ports = {"80/tcp": [{"HostIp": address, "HostPort": "8080"} for address in addresses]}
    settings = {"Ports": ports, "Networks": {"bridge": {"NetworkID": "1", "GlobalIPv6Address": own}}}
    assert of_container(userland_proxy.SETTING, False, inspect={"NetworkSettings": settings}) == items


def by_gateway(networks=("1", "2"), address="0.0.0.0", remote="172.18.0.1", port=8080, protocol="tcp"):
    """What is said of a client, which is connected to a port of the host, and of a server that publishes one."""
    shared = world({"userland-proxy": False}, host_addresses=frozenset(["172.18.0.1"]))
    bindings = {"Ports": {"80/tcp": [{"HostIp": address, "HostPort": "8080"}]}}
    server = container(shared, inspect={"NetworkSettings": dict(bindings, Networks={"a": {"NetworkID": networks[1]}})})
    client = container(
        shared,
        inspect={"NetworkSettings": {"Networks": {"b": {"NetworkID": networks[0]}, "none": None}}},
        connections=[Connection(protocol, "172.18.0.2", remote, port)],
    )
    notes = [("client", userland_proxy.note("client", client)), ("server", userland_proxy.note("server", server))]
    return read_sureness(userland_proxy.of_all(shared, notes))


@pytest.mark.parametrize(
    "change",
    [
        {"networks": ("1", "1")},  # the kernel sends it back into the bridge
        {"remote": "192.0.2.7"},  # another host
        {"port": 8081},
        {"protocol": "udp"},
        {"address": "172.19.0.1"},
    ],
)
def test_who_is_not_connected_to_a_published_port_of_another_network_goes_on(change):
    assert by_gateway(**change) == {}


@pytest.mark.parametrize("address", ["0.0.0.0", "", "172.18.0.1"])
def test_a_connection_to_a_published_port_of_another_network_breaks(address):
    assert by_gateway(address=address) == {"userland-proxy/connection/container:client:server:8080/tcp": "certain"}


def members(*namespaces):
    return [Process(pid, None, None, namespace) for pid, namespace in enumerate(namespaces)]


def test_a_user_namespace_that_the_engine_makes_is_not_one_of_a_process():
    shared = world({"seccomp-profile": ""}, host=Evidence(namespaces={"user": "user:[1]"}))
    shared["daemon"]["info"]["SecurityOptions"].append("name=userns")
    for mode, more in (("", []), ("host", ["seccomp-profile/user-namespace/container:web"])):
        evidence = container(shared, {"UsernsMode": mode}, processes=members("user:[2]"))
        ids = [item.id for item in seccomp_profile.of_container("web", evidence)]
        assert ids == ["seccomp-profile/system-calls/container:web", *more]


USER_NAMESPACE = {"seccomp-profile/user-namespace/container:web": "certain"}
PERSONALITY = {"seccomp-profile/personality/container:web": "certain"}


@pytest.mark.parametrize(
    "config, evidence, more",
    [
        ({}, {"processes": members("user:[1]", "user:[2]")}, USER_NAMESPACE),
        ({}, {"processes": members("user:[1]", "user:[1]", None)}, {}),
        ({}, {"processes": members("user:[2]")}, USER_NAMESPACE),  # all of them went into it
        ({}, {"processes": []}, {}),
        ({"CapAdd": ["sys_admin"]}, {"processes": members("user:[1]", "user:[2]")}, {}),
        ({}, {"use": Use((ROOT,), (), personalities=frozenset([0x40000]))}, PERSONALITY),
        ({}, {"use": Use((ROOT,), (), personalities=frozenset([0, 8, 0x20008]))}, {}),
    ],
)
def test_what_dockers_own_profile_refuses_and_a_process_has_done(config, evidence, more):
    evidence["host"] = Evidence(namespaces={"user": "user:[1]"})
    items = of_container(seccomp_profile.SETTING, "", config, **evidence)
    assert items == dict(more, **{"seccomp-profile/system-calls/container:web": "possible"})
    # what a profile of a file refuses is not known
    other = of_container(seccomp_profile.SETTING, "/p.json", config, **evidence)
    assert other == {"seccomp-profile/system-calls/container:web": "possible"}
