# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What SELinux in force would mean for a container: its labels, and its mounts."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.evidence.container import Listed
from ansible_collections.containment.docker.plugins.module_utils.selinux import mount_access
from ansible_collections.containment.docker.plugins.module_utils.selinux.mount_access import MountForecast
from ansible_collections.containment.docker.plugins.module_utils.selinux_report import forecast

from .. import recorded_policy

LABEL = "system_u:system_r:container_t:s0:c1,c2"
WEB = Listed("a" * 64, "web", "running")


def inspect(label=LABEL, **host_config):
    return {"ProcessLabel": label, "HostConfig": host_config}


@pytest.mark.parametrize(
    ("inspected", "labels", "state", "why"),
    [
        (inspect(), [LABEL], "on", ""),
        (inspect(), [], "on", ""),
        (inspect("", SecurityOpt=["label=disable"]), [], "off", "label=disable"),
        (inspect("", SecurityOpt=["label:disable"]), [], "off", "label=disable"),
        (inspect("", Privileged=True, SecurityOpt=["label=disable"]), [], "off", "privileged"),
        (inspect("", PidMode="host", SecurityOpt=["label=disable"]), [], "off", "pid of the host"),
        (inspect("", IpcMode="host"), [], "off", "ipc of the host"),
        (inspect("u:r:spc_t:s0", SecurityOpt=["label=type:spc_t"]), [], "off", "label=type:spc_t"),
        (inspect("", PidMode="container:x"), [], "off", "gave no labels"),
        (inspect("u:r:spc_t:s0"), [], "off", "spc_t"),
        (inspect(), [LABEL, "u:r:unconfined_t:s0"], "off", "unconfined_t"),
        (inspect(LABEL[: LABEL.index(":c1")] + ":c0.c1023"), [], "off", "every category"),
        (inspect(""), [], "off", "gave no labels"),
        ({"HostConfig": {}}, [], "unknown", "does not tell"),
    ],
)
def test_labels(inspected, labels, state, why):
    verdict = forecast.judge_labels(inspected, labels)
    assert verdict[0] == state and why in verdict[1]


def looked(**changes):
    mount = MountForecast("/srv/web", "/data", False, "u:r:default_t:s0", "dir", "", ("read", "write"))
    return mount._replace(**changes)


def container(*mounts, inspected=None):
    return forecast.forecast_container(WEB, inspected or inspect(), [], lambda: mounts, lambda mount: "cure it")


def test_what_would_be_denied_is_told_with_its_cure():
    (mount,) = container(looked())["mounts"]
    assert (mount["verdict"], mount["wanted"], mount["cure"]) == ("denied", ["read", "write"], "cure it")


def test_what_would_be_allowed_has_no_cure():
    report = container(looked(denied=()))
    assert report["mounts"][0]["verdict"] == "allowed" and report["mounts"][0]["cure"] == ""


def test_what_can_not_be_told_is_unknown_and_said():
    report = container(looked(denied=None, reason="no policy is loaded"))
    assert report["mounts"][0]["verdict"] == "unknown"
    assert report["mounts"][0]["why"] == "no policy is loaded"


def test_labels_that_are_off_and_the_data_root_are_lines():
    report = container(inspected=inspect("", Privileged=True))
    root = {"path": "/srv/docker", "verdict": "wrong", "why": "it is default_t", "cure": "restorecon"}
    lines = forecast.format_lines([report], root)
    assert lines == [
        "web: labels are off (privileged)",
        "data root /srv/docker: it is default_t: restorecon",
    ]
    assert forecast.format_lines([], dict(root, verdict="right")) == []


def test_facts_are_what_is_so_now_without_what_would_be():
    facts = forecast.describe_facts(container(looked()))
    assert facts["mounts"] == [{"source": "/srv/web", "target": "/data", "context": "u:r:default_t:s0"}]
    assert facts["labels"] == "on" and facts["name"] == "web"


@pytest.mark.parametrize("release", ["rhel9", "rhel10"])
def test_on_rhel_watching_tells_nothing_of_a_denied_passwd_and_the_forecast_does(release):
    """`-v /etc/passwd:/p:ro` read in a loop, and `-v /srv/x:/x:ro` listed in a loop, under the policy of RHEL."""
    mounts = []
    for source, of_type, kind in (("/etc/passwd", "passwd_file_t", "file"), ("/srv/x", "var_t", "dir")):
        label = "system_u:object_r:%s:s0" % of_type
        answer = mount_access.decide_use(LABEL, label, kind, True, recorded_policy.policy(release))
        mounts.append(looked(source=source, target="/x", label=label, kind=kind, **answer._asdict()))
    report = container(*mounts)
    assert [mount["verdict"] for mount in report["mounts"]] == ["denied", "denied"]
    assert forecast.list_hidden([report]) == [
        "file getattr, file open, file read of /etc/passwd in web",
        "dir read, file getattr of /srv/x in web",
    ]
    use = mount_access.decide_use(
        LABEL, "system_u:object_r:var_t:s0", "dir", True, recorded_policy.policy(release, without_dontaudit=True)
    )
    assert use.denied and not use.silent


def test_of_what_is_hidden_only_some_is_told():
    report = container(*[looked(silent=("file read",))] * 9)
    assert len(forecast.list_hidden([report])) == 6 and forecast.list_hidden([report])[-1] == "4 more mounts"


def test_what_a_mount_is_called_is_inert():
    report = container(looked(source="/srv/\x1b[2J", reason="x" * 2000))
    assert report["mounts"][0]["source"].isprintable() and len(report["mounts"][0]["why"]) <= 300


def test_the_policys_own_label():
    text = '# x\nprocess = "system_u:system_r:container_t:s0"\nfile = "system_u:object_r:container_file_t:s0"\n'
    assert forecast.parse_process_label(text) == "system_u:system_r:container_t:s0"
    assert forecast.parse_process_label("file = x") == ""
