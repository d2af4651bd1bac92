# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to change in how a container is run: told exactly, and when it is done the container asks for nothing wrong.

The sample is of a real engine (tools/created.py wrote it): the flags, and the inspect that they led to.
"""

import copy

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_syntax import FIELDS
from ansible_collections.containment.docker.plugins.module_utils.judge import policy
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import ask
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID, RULES
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import capabilities

from .cases.kernel_filesystems import ROOT_IS_ROOT
from .cases.selinux_mounts import CASES as MOUNT_CASES
from .cases.selinux_mounts import bind as mount_of
from .cases.selinux_mounts import by, mounted, stopped
from .recorded import CREATED, EVERY_CREATED, table
from .selinux_world import others
from .subjects import GONE, MOUNTINFO, Case, both, changed, process
from .test_rules import ALL

# For each container of the sample what each rule that fails tells: (change, flag, compose).
EXPECTED = table(RULES, "CREATED")


def evidence_of(name):
    """As a filter has it: no engine and no host is asked."""
    return Evidence(inspect=copy.deepcopy(CREATED[name]["inspect"]), policy=dict(policy.DEFAULT))


def findings_of(evidence):
    findings = [judge(rule, "container", "container:c", evidence) for rule in RULES]
    return [finding for finding in findings if finding and finding["status"] == "fail"]


# What stands for a word in capital letters, which only the container's owner can tell (see RunChange).
WORDS = {"SIZE": 512 << 20, "COUNT": 50, "UID:GID": "1000:1000"}
# Fields of which a change is no whole item or value: what becomes of the field.
WRITTEN_OTHERWISE = {
    "LogConfig": lambda _old, _value: {"Type": "json-file", "Config": {"max-size": "10m"}},
    "RestartPolicy": lambda _old, value: dict(zip(("Name", "MaximumRetryCount"), restart_policy(value))),
}


def restart_policy(value):
    """(name, count) of on-failure:5."""
    name, _colon, count = value.partition(":")
    return name, int(count)


def apply(inspect, change, field, value):
    """Make one change to what a container was created with. A new field of cli_syntax.FIELDS needs nothing here."""
    config = inspect["HostConfig"]
    if value == "systempaths=unconfined":
        config.update(MaskedPaths=None, ReadonlyPaths=None)
    elif field == "User":
        inspect["Config"]["User"] = WORDS.get(value, value)
    elif field in WRITTEN_OTHERWISE:
        config[field] = WRITTEN_OTHERWISE[field](config.get(field), value)
    elif field == "Devices" and isinstance(value, str):  # the name of one that a driver gave (CDI)
        config["DeviceRequests"] = [r for r in config["DeviceRequests"] if value not in r["DeviceIDs"]]
    elif not FIELDS[field].many:
        config[field] = None if change == "remove" else WORDS.get(value, value) if isinstance(value, str) else value
    elif change == "remove":
        config[field] = [item for item in config.get(field) or () if item != value]
    else:
        config[field] = (config.get(field) or []) + [value]


def done(evidence, changes):
    """The evidence of the container as it is created anew, with the changes."""
    inspect = copy.deepcopy(evidence["inspect"])
    config = inspect["HostConfig"]
    for change in changes:
        apply(inspect, *change)
    if any(field in ("Privileged", "PidMode", "IpcMode") for _change, field, _value in changes):
        config["SecurityOpt"] = [option for option in config.get("SecurityOpt") or () if option != "label=disable"]
    again = Evidence(evidence)
    again["inspect"] = dict(inspect, Mounts=[])  # what the engine made of the requested mounts follows from them
    return again


def test_each_container_of_the_sample_is_here():
    assert set(EXPECTED) <= set(CREATED)


@pytest.mark.parametrize("name", EVERY_CREATED)
def test_what_has_to_change_is_told_exactly(name):
    findings = findings_of(evidence_of(name))
    changes = {f["rule"]: [(c["change"], c["flag"], c["compose"]) for c in f["run"]] for f in findings}
    assert changes == EXPECTED.get(name, {})
    for finding in findings:
        assert finding["cure"] == ("update" if BY_ID[finding["rule"]].frozen == "never" else "recreate")


@pytest.mark.parametrize("name", EVERY_CREATED)
def test_run_so_nothing_fails_any_more(name):
    evidence = evidence_of(name)
    changes = []
    for finding in findings_of(evidence):
        changes += [change for change in BY_ID[finding["rule"]].run(evidence) if change not in changes]
    assert findings_of(done(evidence, changes)) == []


FAILING = [(rule, case) for rule, case in ALL if case.kind == "container" and case.status == "fail"]
# The container's configuration is at fault, and yet the same flags on this host give a good one.
THE_ENGINE_IS_NEWER = {
    ("kernel-filesystems", "created by 26.1, the engine is 28.5 now"),
    ("kernel-filesystems", "a read-only path less"),
    ("kernel-filesystems", "a masked path less"),
    ("seccomp", "a start under an unconfined daemon stays"),
}
# They work, and a label of the container's own would cut off a program of the host.
NEITHER_TAKEN_NOR_RELABELLED = {
    "the host's, which the policy lets each use",
    "the site's own type, which its policy lets each read",
    "its own socket, whose unconfined server each container may connect to",
    "the same, read-only, which keeps nobody from connecting",
    "the host's log, which takes datagrams of each container",
    "the host's log, and nobody is seen to serve it",
}
WRONG_LABELS = [
    case.why
    for case in MOUNT_CASES
    if case.status == "fail" and "demands" not in case.why and case.why not in NEITHER_TAKEN_NOR_RELABELLED
]
# The configuration alone doesn't show it, and yet the flags are at fault.
ONLY_SEEN = {
    ("non-root-user", "running, a name that is uid 0 in the image"),
    ("host-namespaces", "of another container that has the host's"),
    ("sensitive-mounts", "by VolumesFrom, as the engine shows it"),
    ("selinux-categories", "the same level given to two"),
}
ONLY_SEEN.update(("selinux-mounts", why) for why in WRONG_LABELS)


@pytest.mark.parametrize("rule, case", FAILING, ids=["%s: %s" % (r.id, c.why) for r, c in FAILING])
def test_flags_are_told_where_they_are_at_fault_and_then_it_is_not(rule, case):
    evidence = changed(case)
    finding = judge(rule, "container", "container:c", evidence)
    which, configured = (rule.id, case.why), finding["layers"].get("configured", {"ok": None})
    expected = which in ONLY_SEEN or (configured["ok"] is False and which not in THE_ENGINE_IS_NEWER)
    expected = expected if case.run is None else case.run
    assert ("run" in finding) == expected, finding
    if expected:
        assert finding["cure"] == ("update" if rule.frozen == "never" else "recreate")
        verdict = ask(rule.container["configured"], done(evidence, rule.run(evidence)))
        assert verdict is None or verdict.ok is not False, verdict


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.container], ids=lambda rule: rule.id)
def test_a_rule_with_run_tells_changes_of_a_failing_case_and_one_without_of_none(rule):
    findings = [judge(rule, "container", "container:c", changed(case)) for of, case in FAILING if of is rule]
    assert any("run" in finding for finding in findings) == (rule.run is not None)


HOST = ("inspect", "HostConfig")
CDI = {"Driver": "cdi", "Count": 0, "DeviceIDs": ["vendor.com/net=a", "vendor.com/net=b"], "Capabilities": [["cdi"]]}


def linked(line):
    """Of two binds the inner one has a link as its source, so that only the kernel shows what it leads to."""
    binds = ["/srv/a:/x", "/srv/link:/x/y:ro", "/srv/b:/z"]
    return {HOST + ("Binds",): binds, "mounts": parse_mountinfo(MOUNTINFO + line + b"\n")}


def labels(config, stops=False):
    """A container that has /srv/plain, whose label is the host's, at /x, as its HostConfig asks for it."""
    changes = stopped(mount_of("/srv/plain")) if stops else mounted(b"/srv/plain")
    return both(changes, {HOST + (key,): value for key, value in config.items()})


AGENT = {HOST + ("Binds",): ["/srv/agent.sock:/x"]}
PERMISSIVE = {("host", "selinux"): "permissive"}
TOLD_OF = (
    (
        "sensitive-mounts",
        linked(b"900 700 254:1 /etc /x/y ro - ext4 /dev/vda1 rw"),
        ["remove --volume=/srv/link:/x/y:ro"],
    ),
    ("sensitive-mounts", linked(b"900 700 254:1 /etc /w ro - ext4 /dev/vda1 rw"), None),  # no flag put it there
    ("engine-sockets", linked(b"900 700 0:23 / /x/y ro - tmpfs tmpfs rw"), ["remove --volume=/srv/link:/x/y:ro"]),
    ("host-devices", linked(b"900 700 0:5 /sda /x/y ro - devtmpfs udev rw"), ["remove --volume=/srv/link:/x/y:ro"]),
    ("kernel-filesystems", linked(b"900 700 0:22 / /x/y/p ro - proc proc rw"), ["remove --volume=/srv/link:/x/y:ro"]),
    # the engine's own filter lets it through
    (
        "kernel-crypto-sockets",
        {
            ("host", "af_alg"): "in force",
            ("host", "selinux"): None,
            ("daemon", "info", "ServerVersion"): "28.5.2",
            HOST + ("SecurityOpt",): ["seccomp=unconfined"],
            ("processes",): [process(seccomp=0)],
        },
        ["remove --security-opt=seccomp=unconfined", "add --security-opt=seccomp=FILE"],
    ),
    # on a remapped daemon control groups are writable for all, and this container's root is the host's
    ("kernel-filesystems", {HOST + ("UsernsMode",): "host", "uid_map": ROOT_IS_ROOT}, ["remove --userns=host"]),
    (
        "host-devices",
        {HOST + ("DeviceRequests",): [CDI]},
        ["remove --device=vendor.com/net=a", "remove --device=vendor.com/net=b"],
    ),
    (
        "capabilities",
        {HOST + ("CapAdd",): None, HOST + ("CapDrop",): None, ("policy", "allowed_capabilities"): []},
        ["add --cap-drop=ALL"],
    ),
    (
        "capabilities",
        {HOST + ("CapAdd",): ["ALL"], HOST + ("CapDrop",): ["CHOWN"], ("policy", "allowed_capabilities"): ["KILL"]},
        ["remove --cap-add=ALL"]
        + ["add --cap-drop=" + name for name in sorted(capabilities.DEFAULT - {"CHOWN", "KILL"})],
    ),
    # the last one counts, and a good one stays
    (
        "no-new-privileges",
        {HOST + ("SecurityOpt",): ["no-new-privileges", "no-new-privileges=f"], "processes": GONE},
        ["remove --security-opt=no-new-privileges=f"],
    ),
    # the daemon has no default, so a container made anew would be as this one
    (
        "no-new-privileges",
        {
            ("made", "NoNewPrivileges"): False,
            ("daemon", "info", "SecurityOptions"): ["name=userns"],
        },
        ["add --security-opt=no-new-privileges"],
    ),
    ("no-new-privileges", {("made", "NoNewPrivileges"): False}, None),  # from before the daemon's default
    (
        "no-new-privileges",
        {"processes": [process(no_new_privs=0)], ("daemon", "info", "SecurityOptions"): ["name=userns"]},
        None,  # created with it: entered by exec --privileged
    ),
    ("seccomp", {HOST + ("SecurityOpt",): ["seccomp=builtin"], "processes": [process(seccomp=0)]}, None),
    (
        "non-root-user",
        {
            ("inspect", "Config", "User"): "app",
            ("daemon", "info", "SecurityOptions"): ["name=seccomp,profile=builtin"],
            "processes": [process(), process(pid=4300, uids=(0,) * 4)],
        },
        None,  # entered by exec as root
    ),
    (
        "host-namespaces",
        {HOST + ("PidMode",): "host", HOST + ("IpcMode",): "container:" + "a" * 64},
        ["remove --pid=host"],
    ),
    (
        "selinux",
        {HOST + ("PidMode",): "host", HOST + ("SecurityOpt",): ["label=disable", "label=type:spc_t"]},
        ["remove --pid=host", "remove --security-opt=label=type:spc_t"],
    ),
    (
        "selinux-categories",
        {
            ("others", "labels"): others(db="s0:c12,c345"),
            HOST + ("SecurityOpt",): ["no-new-privileges", "label=level:s0:c12,c345", "label:user:u"],
        },
        ["remove --security-opt=label=level:s0:c12,c345"],
    ),
    (
        "selinux-categories",
        {
            ("others", "labels"): others(db="s0:c12,c345"),
            HOST + ("SecurityOpt",): ["label=level:s0:c12,c345"],
            HOST + ("IpcMode",): "container:" + "a" * 64,
        },
        None,  # dockerd wrote the level
    ),
    (
        "selinux-mounts",
        labels({"Binds": ["/srv/plain:/x:ro"]}),
        ["remove --volume=/srv/plain:/x:ro", "add --volume=/srv/plain:/x:ro,z"],
    ),
    (
        "selinux-mounts",
        labels({"Binds": ["/srv/plain:/x"]}, stops=True),
        ["remove --volume=/srv/plain:/x", "add --volume=/srv/plain:/x:z"],
    ),
    (
        "selinux-mounts",
        both(mounted(b"/usr/share/zoneinfo"), {HOST + ("Binds",): ["/usr/share/zoneinfo:/x"]}),
        ["remove --volume=/usr/share/zoneinfo:/x", "add --volume=/usr/share/zoneinfo:/x:ro"],
    ),
    # what works is never taken away: a service's, which the policy lets it use
    ("selinux-mounts", both(mounted(b"/srv/public"), {HOST + ("Binds",): ["/srv/public:/x"]}), None),
    ("selinux-mounts", labels({"Binds": ["/srv/plain:/x:Z"]}), None),  # its next start labels it
    ("selinux-mounts", labels({"Binds": ["data:/x"]}), None),
    ("selinux-mounts", labels({"Binds": ["/etc/x:/x"]}), ["remove --volume=/etc/x:/x"]),  # the host's own: no :z
    ("selinux-mounts", labels({"Binds": None, "VolumesFrom": ["db"]}), None),
    # a socket that it may connect to works; one that it may not is of no use, unless nothing holds it back
    ("selinux-mounts", both(mounted(b"/srv/own.sock"), {HOST + ("Binds",): ["/srv/own.sock:/x"]}), None),
    ("selinux-mounts", both(mounted(b"/srv/agent.sock"), AGENT), ["remove --volume=/srv/agent.sock:/x"]),
    ("selinux-mounts", both(mounted(b"/srv/agent.sock"), AGENT, PERMISSIVE), None),
    ("selinux-mounts", both(by("lenient_t", mounted(b"/srv/agent.sock")), AGENT), None),
    (
        "selinux-mounts",
        both(mounted(b"/usr/share/zoneinfo"), {HOST + ("Binds",): ["/usr/share/zoneinfo:/x"]}, PERMISSIVE),
        None,
    ),
    (
        "selinux-mounts",
        labels({"Binds": None, "Mounts": [{"Type": "bind", "Source": "/srv/plain", "Target": "/x", "ReadOnly": True}]}),
        ["remove --mount=type=bind,source=/srv/plain,target=/x,readonly", "add --volume=/srv/plain:/x:ro,z"],
    ),
    (
        "apparmor",
        {
            ("host", "apparmor"): True,
            HOST + ("Privileged",): True,
            HOST + ("SecurityOpt",): ["apparmor=own", "apparmor=unconfined"],
        },
        ["remove --security-opt=apparmor=unconfined"],
    ),
)


@pytest.mark.parametrize("rule, changes, wanted", TOLD_OF)
def test_what_is_told_of_a_running_container(rule, changes, wanted):
    finding = judge(BY_ID[rule], "container", "container:c", changed(Case("container", "fail", "", changes)))
    assert finding["status"] == "fail", finding
    run = finding.get("run")
    assert (run and ["%s %s" % (change["change"], change["flag"]) for change in run]) == wanted


def test_evidence_that_makes_no_sense_tells_nothing_and_breaks_nothing():
    changes = {HOST + ("Privileged",): True, HOST + ("Devices",): [{}]}
    finding = judge(BY_ID["host-devices"], "container", "c", changed(Case("container", "fail", "", changes)))
    assert finding["status"] == "unknown" and "run" not in finding
