# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who disagrees with whom: the cause is named where the evidence shows it, and only there."""

import re

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.dockerd.process import DaemonProcess
from ansible_collections.containment.docker.plugins.module_utils.evidence.daemon_config import Changed
from ansible_collections.containment.docker.plugins.module_utils.judge import drift
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID, RULES
from ansible_collections.containment.docker.plugins.module_utils.selinux.state import CommandLine, Config

from ..rules.subjects import MOUNTINFO, good, process

STARTED = 1750000000.0  # 2025-06-15T15:06:40Z


def read_disagreement(rule, kind, evidence):
    finding = drift.judged(BY_ID[rule], kind, "container:\x1b[2Jweb" if kind == "container" else kind, evidence)
    text = finding.get("disagreement")
    assert text is None or re.match(r"holds in [\w ,.]+, not in [\w ,.]+(: [\w ,.]+)?\Z", text), text
    return text


def edited(**values):
    daemon = good("daemon")
    daemon["configured"].update(values)
    return daemon


# -- the daemon


def not_in_force(changed):
    daemon = edited()
    daemon["info"]["SecurityOptions"].remove("name=no-new-privileges")
    if changed is not None:
        daemon["changed"] = changed
    return daemon


FILE = "the daemon was not restarted since daemon.json changed"
FLAGS = "the daemon runs with other flags than its unit has now"


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        (Changed(True, False), ": " + FILE),
        (Changed(False, True), ": " + FLAGS),
        (Changed(True, True), ": %s, and %s" % (FILE, FLAGS)),
        (Changed(False, False), ": the daemon was started with this configuration, and does otherwise"),
        (Unreadable("not root"), ""),
        (None, ""),
    ],
)
def test_a_file_that_is_not_in_force(changed, cause):
    expected = "holds in the configuration of the next start, not in the running daemon" + cause
    assert read_disagreement("no-new-privileges", "daemon", not_in_force(changed)) == expected


def test_a_setting_that_the_next_start_will_lose():
    daemon = edited(**{"live-restore": False})
    daemon["changed"] = Changed(True, False)
    expected = "holds in the running daemon, not in the configuration of the next start: " + FILE
    assert read_disagreement("live-restore", "daemon", daemon) == expected


def test_an_edited_file_is_no_cause_where_file_and_daemon_agree():
    daemon = edited()
    daemon.update(proxies=[7], changed=Changed(True, False))
    assert read_disagreement("userland-proxy", "daemon", daemon) == (
        "holds in the configuration of the next start and the running daemon, not in what the kernel shows of it"
    )


def test_the_kernel_speaks_where_the_daemon_does_not():
    daemon = edited()
    daemon.update(proxies=[7], changed=Changed(True, False), running=Unreadable("changed after the daemon started"))
    assert read_disagreement("userland-proxy", "daemon", daemon) == (
        "holds in the configuration of the next start, not in what the kernel shows of it: " + FILE
    )


# -- the container and its daemon


def before_the_setting(created="2025-06-15T15:06:30.123456789Z"):
    """The daemon has no-new-privileges in force, and the container has not."""
    web = good("container")
    web["made"]["NoNewPrivileges"] = False
    web["processes"] = [process(no_new_privs=0)]
    web["inspect"]["Created"] = created
    web["daemon"]["process"] = DaemonProcess(1, ("dockerd",), STARTED, "/")
    return web


@pytest.mark.parametrize(
    ("created", "known"),
    [
        ("2025-06-15T15:06:30.123456789Z", True),
        ("2025-06-15T15:06:30Z", True),
        ("2025-06-15T15:06:40.9Z", False),  # in the daemon's first second
        ("2025-06-16T00:00:00Z", False),
        ("", False),
        (None, False),
        ("2025-13-45T99:99:99Z", False),
    ],
)
def test_a_container_from_before_the_setting(created, known):
    cause = ": the container was created before the running daemon started" if known else ""
    expected = "holds in the running daemon, not in the container" + cause
    assert read_disagreement("no-new-privileges", "container", before_the_setting(created)) == expected


def test_a_container_fails_by_its_own_wish_and_agrees_with_itself():
    web = before_the_setting()
    web["inspect"]["HostConfig"]["SecurityOpt"] = ["no-new-privileges=false"]
    assert read_disagreement("no-new-privileges", "container", web) is None


@pytest.mark.parametrize("gone", ["name=no-new-privileges", None])
def test_a_container_fails_as_its_daemon_does(gone):
    web = before_the_setting()
    if gone:
        web["daemon"]["info"]["SecurityOptions"].remove(gone)
    else:
        web["daemon"]["info"] = Unreadable("no answer")
    assert read_disagreement("no-new-privileges", "container", web) is None


@pytest.mark.parametrize(("ticks", "cause"), [(999, True), (1001, False)])
def test_a_container_that_was_started_with_another_profile(ticks, cause):
    web = good("container")
    web.update(stat=(1, ticks), seccomp_applied='{"defaultAction": "SCMP_ACT_ALLOW"}')
    web["daemon"]["info"]["SecurityOptions"][0] = "name=seccomp,profile=builtin"
    web["processes"] = [process(seccomp=2 if cause else 0)]
    expected = "holds in what the engine says of it, not in the running container"
    expected += ": the container was started before the running daemon" if cause else ""
    assert read_disagreement("seccomp", "container", web) == expected


# -- the container alone


def entered(parents, second=5000, **status):
    """A container whose second process has what it should not."""
    web = good("container")
    web["processes"] = [process(), process(pid=second, **status)]
    web["parents"] = parents
    return web


SHIM = 77
ENTERED = ": a process that entered the container, as docker exec does, breaks it"


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("privileged", {"effective": frozenset(("SYS_ADMIN",))}),
        ("capabilities", {"effective": frozenset(("SYS_ADMIN",))}),
        ("non-root-user", {"uids": (0, 0, 0, 0)}),
    ],
)
@pytest.mark.parametrize(
    ("parents", "is_entered"),
    [
        ({4242: SHIM, 5000: SHIM}, True),
        ({4242: SHIM, 5000: 4999, 4999: SHIM}, True),
        ({4242: SHIM, 5000: 4242}, False),
        ({4242: SHIM, 5000: 4999, 4999: 4242}, False),
        ({4242: SHIM, 5000: None}, False),
        ({4242: SHIM, 5000: 4999, 4999: None}, False),
        ({4242: SHIM, 5000: 4999, 4999: 5000}, False),  # pids that were used again
        ({4242: SHIM, 5000: 1}, True),
    ],
)
def test_a_process_that_entered(rule, status, parents, is_entered):
    web = entered(parents, **status)
    expected = "holds in what the container was asked to be, not in the running container"
    assert read_disagreement(rule, "container", web) == expected + (ENTERED if is_entered else "")


def test_who_entered_is_no_cause_where_the_container_does_it_too():
    web = entered({4242: SHIM, 5000: SHIM}, uids=(0,) * 4)
    web["processes"][0] = process(uids=(0,) * 4)
    assert ENTERED not in read_disagreement("non-root-user", "container", web)


def test_with_a_shared_pid_namespace_an_orphan_looks_as_if_it_had_entered():
    web = entered({4242: SHIM, 5000: SHIM}, uids=(0,) * 4)
    web["inspect"]["HostConfig"]["PidMode"] = "host"
    assert ENTERED not in read_disagreement("non-root-user", "container", web)


@pytest.mark.parametrize("parents", [Unreadable("not root"), None])
def test_who_entered_is_not_guessed(parents):
    web = entered(parents, uids=(0,) * 4)
    if parents is None:
        del web["parents"]
    assert ENTERED not in read_disagreement("non-root-user", "container", web)


def test_mounts_that_are_not_those_of_the_creation():
    web = good("container")
    opened = MOUNTINFO.replace(b"/sys /proc/sys ro", b"/sys /proc/sys rw")
    web["mounts"] = parse_mountinfo(opened)
    assert read_disagreement("kernel-filesystems", "container", web) == (
        "holds in what the container was asked to be, not in the running container: "
        "made so at its start, or its mounts were changed since, from inside or by hand"
    )


def test_what_is_closed_while_it_runs_is_held():
    web = good("container")
    web["inspect"]["HostConfig"]["ReadonlyPaths"] = []
    assert read_disagreement("kernel-filesystems", "container", web) == (
        "holds in the running container, not in what the container was asked to be: held until its restart"
    )


def test_what_a_process_gave_up_comes_back():
    web = good("container")
    web["inspect"]["HostConfig"]["CapAdd"] = ["SYS_ADMIN"]
    assert read_disagreement("capabilities", "container", web) == (
        "holds in the running container, not in what the container was asked to be: "
        "the next exec or start has again what fails"
    )


def test_a_mode_that_the_next_boot_will_not_have():
    host = good("host")
    host["host"]["selinux_boot"] = (Config("permissive", "targeted", ""), CommandLine())
    assert (
        read_disagreement("selinux", "host", host)
        == "holds in the running kernel, not in the configuration of the next boot"
    )
    host = good("host")
    host["host"]["selinux"] = "permissive"
    assert (
        read_disagreement("selinux", "host", host)
        == "holds in the configuration of the next boot, not in the running kernel"
    )


@pytest.mark.parametrize("kind", ["host", "daemon", "container"])
def test_where_all_agree_nothing_is_said(kind):
    findings = [drift.judged(rule, kind, kind, good(kind)) for rule in RULES]
    assert {finding.get("disagreement") for finding in findings if finding} == {None}
