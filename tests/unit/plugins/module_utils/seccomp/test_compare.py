# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Profiles beside Docker's own. default-*.json: the filter that runc was given for an ordinary container, captured."""

import json
import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.rules.shared import capabilities
from ansible_collections.containment.docker.plugins.module_utils.seccomp import docker_default
from ansible_collections.containment.docker.plugins.module_utils.seccomp.compare import beyond, sentence
from ansible_collections.containment.docker.plugins.module_utils.seccomp.profile import OPERATORS, machine

HERE = machine(capabilities.DEFAULT, "x86_64", "6.18.44")
EVERYTHING = machine(capabilities.EVERY, "x86_64", "6.18.44")
ALLOW, ERRNO = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"
OTHER_ARCHITECTURES = (
    "arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush riscv_flush_icache s390_pci_mmio_read "
    "s390_pci_mmio_write s390_runtime_instr set_tls swapcontext sync_file_range2"
)
RELEASES = {"20.10": (20, 10, 24), "26.1": (26, 1, 5), "28.5": (28, 5, 2)}


def dockers(release):
    """Docker's own, as the engine handed it to runc."""
    path = os.path.join(os.path.dirname(__file__), "default-%s.json" % release)
    with open(path, encoding="utf-8") as stream:
        return json.load(stream)


def allow(*names, **more):
    """A rule that lets calls through."""
    return dict(more, names=list(names), action=more.pop("action", ALLOW))


def plus(*rules):
    """What a profile of Docker's 28.5 and these rules lets through beyond Docker's."""
    profile = dockers("28.5")
    profile["syscalls"] += rules
    return beyond(json.dumps(profile), HERE, RELEASES["28.5"])


def dangerous(difference):
    """All the dangerous calls, in order."""
    return [call for calls in difference.dangerous.values() for call in calls]


def arg(op, value, second=0, index=0):
    """One argument filter."""
    return {"index": index, "op": "SCMP_CMP_" + op, "value": value, "valueTwo": second}


@pytest.mark.parametrize("release", RELEASES)
def test_docker_s_own_is_not_beyond_itself(release):
    assert beyond(json.dumps(dockers(release)), HERE, RELEASES[release]) == (False, {}, ())


@pytest.mark.parametrize("release", RELEASES)
def test_the_table_is_what_the_engine_hands_to_runc(release):
    """Nothing in the table that the engine stops, but what came later or is another architecture's."""
    allowed = {call for rule in dockers(release)["syscalls"] if rule["action"] == ALLOW for call in rule["names"]}
    ours = docker_default.allowed(capabilities.DEFAULT, RELEASES[release])
    assert allowed - ours <= {"clone", "personality", "socket"}
    if release == "28.5":
        assert ours - allowed == set(OTHER_ARCHITECTURES.split())


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ("20.10", "26.1", ["io_uring_enter", "io_uring_register", "io_uring_setup", "socket of AF_VSOCK"]),
        ("26.1", "28.5", []),
        ("28.5", None, ["socket of AF_ALG"]),
    ],
)
def test_an_older_engine_s_own_beside_a_newer_one_s(old, new, expected):
    assert dangerous(beyond(json.dumps(dockers(old)), HERE, RELEASES.get(new))) == expected


@pytest.mark.parametrize(
    "rule, expected",
    [
        # as widely copied for browsers
        (
            allow("clone", "setns", "unshare"),
            ["clone with flags for new namespaces", "setns", "unshare"],
        ),
        (allow("mount"), ["mount"]),
        (allow("clone3"), ["clone3"]),
        (allow("keyctl", action="SCMP_ACT_LOG"), ["keyctl"]),
        (allow("bpf", action="SCMP_ACT_TRACE"), ["bpf"]),
        (allow("bpf", action="SCMP_ACT_NOTIFY"), ["bpf"]),
        (allow("bpf", action=ERRNO), []),
        (allow("userfaultfd", args=[arg("EQ", 1)]), ["userfaultfd"]),
        (allow("mount", includes={"caps": ["CAP_SYS_ADMIN"]}), []),
        (allow("mount", includes={"caps": ["CAP_CHOWN"]}), ["mount"]),
        (allow("mount", excludes={"caps": ["CAP_CHOWN"]}), []),
        (allow("mount", includes={"minKernel": "7.0"}), []),
        (allow("mount", includes={"minKernel": "6.18"}), ["mount"]),
        (allow("mount", includes={"arches": ["arm64"]}), []),
        (allow("socket"), ["socket of AF_VSOCK"]),
        (allow("socket", args=[arg("EQ", 40)]), ["socket of AF_VSOCK"]),
        (allow("socket", args=[arg("EQ", 40, index=1)]), ["socket of AF_VSOCK"]),
        (allow("socket", args=[arg("EQ", 39)]), []),
        (allow("socket", args=[arg("NE", 40)]), []),
        (allow("socket", args=[arg("LE", 40)]), ["socket of AF_VSOCK"]),
        (allow("clone", args=[arg("EQ", 0x10000000)]), ["clone with flags for new namespaces"]),
        (allow("clone", args=[arg("EQ", 0x11)]), []),
        (allow("clone", args=[arg("NE", 0x10000000)]), ["clone with flags for new namespaces"]),
        (allow("clone", args=[arg("LT", 0x20000)]), []),
        (allow("clone", args=[arg("LT", 0x20001)]), ["clone with flags for new namespaces"]),
        (allow("clone", args=[arg("GE", 0x80000000)]), ["clone with flags for new namespaces"]),
        (allow("clone", args=[arg("MASKED_EQ", 0x7E020000)]), []),
        (allow("clone", args=[arg("MASKED_EQ", 0xFE020000)]), []),
        # new user namespaces are stopped, new mount namespaces are not
        (allow("clone", args=[arg("MASKED_EQ", 0x10000000)]), ["clone with flags for new namespaces"]),
        (allow("clone", args=[arg("MASKED_EQ", 0x7E020000, 0x20000)]), ["clone with flags for new namespaces"]),
        (allow("clone", args=[arg("MASKED_EQ", 0x20000, 0x40000)]), []),  # never matches
        # runc takes several conditions on one argument as alternatives
        (
            allow("clone", args=[arg("MASKED_EQ", 0x7E020000), arg("NE", 0)]),
            ["clone with flags for new namespaces"],
        ),
    ],
)
def test_what_docker_s_own_stops_is_named(rule, expected):
    difference = plus(rule)
    assert (dangerous(difference), difference.other, difference.by_default) == (expected, (), False)


@pytest.mark.parametrize("rule", [allow("mbind"), allow("personality"), allow("a_call_of_tomorrow")])
def test_calls_of_little_power_are_only_named(rule):
    assert plus(rule) == (False, {}, tuple(rule["names"]))
    assert rule["names"][0] in sentence("it", plus(rule))


def test_personalities_of_docker_s_own_are_not_beyond_it():
    assert plus(allow("personality", args=[arg("EQ", 0x20008)])).other == ()
    assert plus(allow("personality", args=[arg("EQ", 0x40000)])).other == ("personality",)


FIFTEEN = (
    "add_key bpf delete_module finit_module init_module kexec_file_load kexec_load keyctl open_by_handle_at "
    "perf_event_open reboot request_key swapoff swapon userfaultfd"
).split()


@pytest.mark.parametrize("action", ["ALLOW", "LOG", "TRACE", "NOTIFY"])
def test_a_profile_that_lets_through_by_default_is_told_from_one_that_lists(action):
    """Fifteen calls stopped, and unshare still gives a user 1000 namespaces of their own."""
    text = json.dumps({"defaultAction": "SCMP_ACT_" + action, "syscalls": [{"names": FIFTEEN, "action": ERRNO}]})
    difference = beyond(text, HERE)
    assert difference.by_default
    assert "unshare" in dangerous(difference) and "keyctl" not in dangerous(difference)
    assert {"clone with flags for new namespaces", "socket of AF_ALG and AF_VSOCK"} <= set(dangerous(difference))
    assert "lets through all that it does not name" in sentence("it", difference)


@pytest.mark.parametrize(
    "condition",
    [
        {"args": [arg("EQ", 1)]},
        {"includes": {"arches": ["s390x"]}},
        {"includes": {"minKernel": "9.9"}},
        {"excludes": {"caps": ["CAP_CHOWN"]}},
    ],
)
def test_a_stop_that_may_not_apply_stops_nothing(condition):
    stop = dict(condition, names=["keyctl"], action=ERRNO)
    assert "keyctl" in dangerous(beyond(json.dumps({"defaultAction": ALLOW, "syscalls": [stop]}), HERE))


def test_what_an_added_capability_brings_is_that_capability_s_fault():
    profile = json.dumps({"defaultAction": ERRNO, "syscalls": [allow("mount", "clone", "syslog", "keyctl")]})
    assert dangerous(beyond(profile, EVERYTHING)) == ["keyctl"]


def test_clone_has_its_flags_second_on_s390():
    rule = allow("clone", args=[arg("MASKED_EQ", 0x7E020000, index=1)])
    text = json.dumps({"defaultAction": ERRNO, "syscalls": [rule]})
    assert not beyond(text, machine(frozenset(), "s390x")).dangerous
    assert beyond(text, machine(frozenset(), "x86_64")).dangerous


def test_each_operator_is_known():
    for operator in OPERATORS:
        plus(allow("socket", args=[{"index": 0, "op": operator, "value": 2}]))
