# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which rules share a cause on one subject: by what real engines created and showed, and by made hosts for the rest."""

import datetime

import pytest

from ansible_collections.containment.docker.plugins.module_utils.audit.actions import list_actions
from ansible_collections.containment.docker.plugins.module_utils.audit.tally import Tally
from ansible_collections.containment.docker.plugins.module_utils.judge import rule as rule_module
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import SEVERITIES
from ansible_collections.containment.docker.plugins.module_utils.linux.members import View
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID, RULES

from ..rules.cases.selinux_mounts import mounted as labelled
from ..rules.mounting import HOST, mounted
from ..rules.recorded import CREATED, ENGINES, cases_module, load_engine
from ..rules.selinux_world import MODE, REQUIRED
from ..rules.subjects import HOST_NAMESPACES, MOUNTINFO, UNMAPPED, Case, both, changed, process
from ..rules.test_run import evidence_of
from ..test_real_samples import container_of

TODAY = datetime.date(2026, 11, 27)
WEB = "container:web"


def audit(container, subject_of_host=None):
    """(result, {rule: (rule, subject) of its cause, or None}) of one container with its host and daemon."""
    tally = Tally(RULES, (), TODAY, False)
    if subject_of_host is not None:
        tally.add("host", "host", subject_of_host)
    if "daemon" in container:
        tally.add("daemon", "daemon", container["daemon"])
    tally.add("container", WEB, container)
    result = tally.conclude()
    causes = {
        finding["rule"]: tuple(finding["cause"].values()) if "cause" in finding else None
        for finding in result["findings"]
        if finding["subject"] == WEB and finding["status"] == "fail"
    }
    return result, causes


def named(causes):
    return {rule: cause for rule, cause in causes.items() if cause}


def same(*rules, by):
    """These rules have their cause in this one of the same container."""
    return dict.fromkeys(rules, (by, WEB))


OFF_BY_PRIVILEGED = (
    "apparmor",
    "capabilities",
    "host-devices",
    "kernel-crypto-sockets",
    "kernel-filesystems",
    "seccomp",
)
# name in rules/samples/created-26.1.json -> causes; what is not here has none
OF_CREATED = {
    "dev": same("sensitive-mounts", by="host-devices"),
    "ipc": same("selinux", by="host-namespaces"),
    "pid": same("selinux", by="host-namespaces"),
    "privileged": same(*OFF_BY_PRIVILEGED, "selinux", by="privileged"),
    "privileged-with-the-host": {
        # its SELinux labels are off twice, so no one change brings them back
        **same(*OFF_BY_PRIVILEGED, by="privileged"),
        **same("userns-remap", by="host-namespaces"),
    },
    "proc": same("sensitive-mounts", by="kernel-filesystems"),
    "shared-and-sensitive": same("mount-propagation", by="sensitive-mounts"),
    "socket": same("sensitive-mounts", by="engine-sockets"),
    "userns": same("userns-remap", by="host-namespaces"),
}


@pytest.mark.parametrize("name", sorted(CREATED))
def test_containers_as_a_real_engine_created_them(name):
    assert named(audit(evidence_of(name))[1]) == OF_CREATED.get(name, {})


@pytest.mark.parametrize("engine", ENGINES)
def test_containers_as_real_engines_and_kernels_showed_them(engine):
    sample = load_engine(engine)
    causes = {name: named(audit(container_of(sample, name))[1]) for name in sample["containers"]}
    of_daemon = {"userns-remap": ("userns-remap", "daemon")}
    expected = dict.fromkeys(causes, of_daemon)
    expected["docker-socket"] = {**of_daemon, **same("sensitive-mounts", by="engine-sockets")}
    assert causes == expected


SOCKET = b"900 700 0:23 /docker.sock /x rw,nosuid - tmpfs tmpfs rw"
SOCKET_BOUND = {HOST + ("Binds",): ["/var/run/docker.sock:/x"], **mounted(SOCKET)}
ETC = b"901 700 254:1 /etc /y rw,relatime shared:1 - ext4 /dev/vda1 rw"
NAMESPACES = {name: f"{name}:[4026532999]" for name in HOST_NAMESPACES}
WHOLE = (
    b"900 700 254:1 / /x rw,relatime - ext4 /dev/vda1 rw",
    b"901 900 0:23 / /x/run rw,nosuid - tmpfs tmpfs rw",
    b"902 900 0:21 / /x/proc rw,nosuid - proc proc rw",
    b"903 900 0:5 / /x/dev rw,nosuid - devtmpfs udev rw",
)
LOGS = {("daemon", layer, "log-opts"): {} for layer in ("running", "configured")}
OF_MADE = (
    (
        "the engine's socket, whose file SELinux doesn't keep from it either",
        SOCKET_BOUND,
        same("sensitive-mounts", "selinux-mounts", by="engine-sockets"),
    ),
    (
        "the socket put there by a hook: no flag, and yet one mount",
        mounted(SOCKET),
        same("sensitive-mounts", "selinux-mounts", by="engine-sockets"),
    ),
    (
        "the whole host: each rule names what it sees below",
        {HOST + ("Binds",): ["/:/x"], **mounted(*WHOLE)},
        same("kernel-filesystems", "host-devices", "sensitive-mounts", by="engine-sockets"),
    ),
    (
        "two mounts: taking out the socket doesn't end what /etc makes fail, but what its label does",
        {HOST + ("Binds",): ["/var/run/docker.sock:/x", "/etc:/y"], **mounted(SOCKET, ETC)},
        {**same("mount-propagation", by="sensitive-mounts"), **same("selinux-mounts", by="engine-sockets")},
    ),
    (
        "the same container is privileged, which only the rules of mounts don't ask about",
        {HOST + ("Privileged",): True, **SOCKET_BOUND},
        {
            **same("sensitive-mounts", "selinux-mounts", by="engine-sockets"),
            **same("capabilities", "host-devices", "kernel-filesystems", "seccomp", "selinux", by="privileged"),
        },
    ),
    (
        "a shared mount of its own that is wrongly labelled: as a slave it still is",
        both(labelled(b"/srv/plain"), {HOST + ("Binds",): ["/srv/plain:/x:rshared"]}),
        {},
    ),
    (
        "a thread that has mounts of its own",
        {
            **SOCKET_BOUND,
            "views": [View(4300, NAMESPACES, parse_mountinfo(MOUNTINFO + SOCKET + b"\n"), [(0, 100000, 65536)])],
        },
        {},
    ),
    (
        "/proc is mounted, and its own is not masked either",
        {
            HOST + ("Binds",): ["/proc:/x"],
            HOST + ("MaskedPaths",): [],
            **mounted(b"902 700 0:21 / /x rw,nosuid - proc proc rw"),
        },
        {},
    ),
    (
        "a log that the daemon's default gave it",
        {**LOGS, HOST + ("LogConfig",): {"Type": "json-file", "Config": {}}},
        {"log-growth": ("log-growth", "daemon")},
    ),
    (
        "a log that its own flag lets grow",
        {**LOGS, HOST + ("LogConfig",): {"Type": "json-file", "Config": {"max-size": "-1"}}},
        {},
    ),
    (
        "a host whose SELinux is disabled",
        {MODE: "disabled", "processes": [process(label="kernel")]},
        {"selinux": ("selinux", "host")},
    ),
    (
        "a host without the SELinux that its site demands, and two rules more that need it",
        {**REQUIRED, "processes": [process(label=None)]},
        dict.fromkeys(("selinux", "selinux-categories", "selinux-mounts"), ("selinux", "host")),
    ),
    (
        "the daemon gives no user namespace, and root is asked for",
        {
            **UNMAPPED,
            ("inspect", "Config", "User"): "0",
            ("processes",): [process(uids=(0,) * 4)],
            ("uid_map",): [(0, 0, 1 << 32)],
        },
        {"userns-remap": ("userns-remap", "daemon")},
    ),
)


@pytest.mark.parametrize("changes, expected", [pair[1:] for pair in OF_MADE], ids=[pair[0] for pair in OF_MADE])
def test_made_hosts(changes, expected):
    container, of_host = (changed(Case(kind, "fail", "", {})) for kind in ("container", "host"))
    container = changed(Case("container", "fail", "", changes))
    of_host.update(host=container["host"], daemon=container["daemon"], policy=container["policy"])
    result, causes = audit(container, of_host)
    assert named(causes) == expected
    open_findings = [finding for finding in result["findings"] if finding["status"] in ("fail", "unknown")]
    assert sum(action["ends"] for action in list_actions(result["findings"], BY_ID)) == len(open_findings)


def failing_cases():
    return [(rule, case) for rule in RULES for case in cases_module(rule).CASES if case.kind == "container"]


def test_a_cause_fails_itself_has_none_and_is_as_severe(monkeypatch):
    """Over each case of each rule, so that no report folds a finding into one that is folded or that passes."""
    mistakes = (LookupError, TypeError, ValueError, AttributeError, AssertionError)
    monkeypatch.setattr(rule_module, "MISTAKES", mistakes)  # some cases fit no rule but their own
    pairs = set()
    for _rule, case in failing_cases():
        result, causes = audit(changed(case))
        failing = {(f["rule"], f["subject"]) for f in result["findings"] if f["status"] == "fail"}
        for rule, cause in named(causes).items():
            assert cause in failing, case
            pairs.add((rule, cause))
            if cause[1] == WEB:
                assert causes[cause[0]] is None, case
                assert SEVERITIES.index(BY_ID[cause[0]].severity) >= SEVERITIES.index(BY_ID[rule].severity), case
    assert len(pairs) > 15


def test_the_message_names_the_finding_that_has_the_same_mount():
    result, _causes = audit(changed(Case("container", "fail", "", SOCKET_BOUND)))
    messages = {finding["rule"]: finding.get("message") for finding in result["findings"]}
    assert messages["sensitive-mounts"] == (
        "Sensitive directories of the host are mounted in it, by the same mount as in engine-sockets"
    )


def test_an_action_of_the_host_ends_what_has_its_cause_there():
    container, of_host = (changed(Case(kind, "fail", "", REQUIRED)) for kind in ("container", "host"))
    container = changed(Case("container", "fail", "", {**REQUIRED, "processes": [process(label=None)]}))
    result, _causes = audit(container, of_host)
    (action,) = [a for a in list_actions(result["findings"], BY_ID) if a["kind"] == "host"]
    assert (action["ends"], action["subjects"]) == (4, ["host", WEB])
    assert action["sentence"].startswith(
        "Change the host itself (selinux, selinux-categories, selinux-mounts), then recreate 1 container"
    )
