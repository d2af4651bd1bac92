# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter judge_container: inspects and create requests."""

import copy

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.containment.docker.plugins.filter.judge_container import FilterModule
from ansible_collections.containment.docker.plugins.module_utils.docker_api.create_request import as_inspect
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES

from ..module_utils.rules.subjects import good

judge_container = FilterModule().filters()["judge_container"]
INSPECT = good("container")["inspect"]


def request(**host_config):
    return {"Image": "busybox", "User": "1000", "HostConfig": host_config}


def status(container, rule, **options):
    return [finding["status"] for finding in judge_container(container, rules=[rule], **options)]


def test_an_inspect_is_judged_by_every_container_rule_under_its_name():
    findings = judge_container(INSPECT)
    assert [f["rule"] for f in findings] == [rule.id for rule in RULES if rule.container]
    assert {f["subject"] for f in findings} == {"container:web"}
    assert {f["status"] for f in findings} <= {"pass", "unknown", "not_applicable"}


def test_a_weak_inspect_fails():
    weak = copy.deepcopy(INSPECT)
    weak["HostConfig"]["SecurityOpt"] = ["no-new-privileges:false"]
    assert status(weak, "no-new-privileges") == ["fail"]


def test_what_the_daemon_decides_is_unknown_and_never_passes():
    assert status(request(), "no-new-privileges") == ["unknown"]
    assert status({"Image": "busybox"}, "no-new-privileges") == ["unknown"]


def test_a_request_that_asks_for_it_passes_or_fails():
    assert status(request(SecurityOpt=["no-new-privileges"]), "no-new-privileges") == ["pass"]
    assert status(request(SecurityOpt=["no-new-privileges=0"]), "no-new-privileges") == ["fail"]


def test_a_list_gives_the_findings_of_each():
    findings = judge_container([INSPECT, request(), request()], rules=["no-new-privileges"])
    assert [f["subject"] for f in findings] == [
        "container:web",
        "container:(create request 2)",
        "container:(create request 3)",
    ]


def test_a_request_that_dresses_as_an_inspect_is_told_apart_where_the_caller_says_so():
    dressed = {
        "Image": "busybox",
        "User": "root",
        "State": {},
        "Id": "0" * 64,
        "Name": "/web",
        "Config": {"User": "1000"},
        "HostConfig": {},
    }
    findings = judge_container(dressed, form="create")
    assert {f["subject"] for f in findings} == {"container:(create request)"}
    assert as_inspect(dressed)["Config"]["User"] == "root"


@pytest.mark.parametrize(
    "container, reason",
    [
        ({"Image": "busybox", "HostConfig": {"privileged": True}}, "HostConfig.privileged must be written Privileged"),
        ({"Image": "busybox", "hostConfig": {"Privileged": True}}, "hostConfig must be written HostConfig"),
        ({"Image": "busybox", "HostConfig": {"umask": 0}}, "HostConfig.umask must be written Umask"),
        ({"Image": "busybox", "user": "root"}, "user must be written User"),
        ({"Image": "busybox", "HostConfig": {"Mounts": [{"Type": "bind", "source": "/"}]}}, "HostConfig.Mounts.source"),
        (
            {"Image": "busybox", "HostConfig": {"Mounts": [{"BindOptions": {"propagation": "shared"}}]}},
            "HostConfig.Mounts.BindOptions.propagation",
        ),
        ({"Image": "busybox", "HostConfig": []}, "neither an inspect"),
        ({"Image": "busybox", "HostConfig": ["x"]}, "neither an inspect"),
        ({}, "neither an inspect"),
        ("{}", "not a str"),
        ([{"Image": "busybox"}, 7], "container 2: "),
        (dict(INSPECT, HostConfig=None), "no HostConfig"),
        (dict(INSPECT, Name="/a\x1b[31m"), "no Name"),
    ],
)
def test_bad_input_is_an_error_with_its_reason(container, reason):
    with pytest.raises(AnsibleFilterError) as caught:
        judge_container(container)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "options, reason",
    [
        ({"rules": ["no-such-rule"]}, "unknown rule 'no-such-rule'"),
        ({"exclude": ["no-such-rule"]}, "unknown rule 'no-such-rule'"),
        ({"rules": "privileged"}, "rules: 'privileged' is not a list"),
        ({"allowed_mounts": ["etc"]}, "'etc' is not an absolute path"),
        ({"allowed_capabilities": ["SYS_ADMINISTRATOR"]}, "no capability"),
        ({"allowed_devices": [1]}, "not a list of strings"),
        ({"require_selinux": ["yes"]}, "neither true nor false"),
        ({"require_selinux": 1}, "neither true nor false"),
        ({"allow_mounts": ["/etc"]}, "unknown option 'allow_mounts'"),
        ({"form": "request"}, "form 'request'"),
    ],
)
def test_bad_options_are_errors(options, reason):
    with pytest.raises(AnsibleFilterError) as caught:
        judge_container(INSPECT, **options)
    assert reason in str(caught.value)


def test_exclude_leaves_a_rule_out():
    rules = {f["rule"] for f in judge_container(INSPECT, exclude=["no-new-privileges"])}
    assert rules and "no-new-privileges" not in rules


@pytest.mark.parametrize(
    "service",
    [
        {"image": "busybox", "cap_add": ["SYS_ADMIN"]},
        {"build": ".", "privileged": True},
        {"services": {"web": {"image": "busybox"}}},
        {"image": "busybox"},
    ],
)
@pytest.mark.parametrize("form", ["auto", "create"])
def test_a_service_of_a_compose_file_is_told_what_it_is(service, form):
    with pytest.raises(AnsibleFilterError, match="this is a compose file's, .* give the inspect of its container"):
        judge_container(service, form=form)


@pytest.mark.parametrize("names, allowed", [(None, False), (["NET_ADMIN"], True), ([], False)])
def test_a_capability_is_allowed_beside_the_default_set(names, allowed):
    request = {"Image": "busybox", "HostConfig": {"CapAdd": ["NET_ADMIN"]}}
    (finding,) = judge_container(request, form="create", rules=["capabilities"], allowed_capabilities_add=names)
    assert (finding["status"] != "fail") is allowed


def test_an_added_capability_that_is_none_is_an_error():
    with pytest.raises(AnsibleFilterError, match="no capability"):
        judge_container(INSPECT, allowed_capabilities_add=["NET_ADMINISTRATOR"])


ASKING = {
    "Binds": ["/etc:/x"],
    "CapAdd": ["SYS_ADMIN"],
    "CapDrop": ["ALL"],
    "DeviceCgroupRules": ["a *:* rwm"],
    "DeviceRequests": [{"Driver": "nvidia", "Count": -1, "DeviceIDs": ["0"], "Capabilities": [["gpu"]], "Options": {}}],
    "Devices": [{"PathOnHost": "/dev/sda", "PathInContainer": "/dev/x", "CgroupPermissions": "rw"}],
    "Mounts": [
        {
            "Type": "volume",
            "Source": "v",
            "Target": "/y",
            "BindOptions": {"Propagation": "shared"},
            "VolumeOptions": {
                "DriverConfig": {"Name": "local", "Options": {"type": "none", "o": "bind", "device": "/etc"}}
            },
        },
    ],
    "RestartPolicy": {"Name": "always", "MaximumRetryCount": 0},
    "SecurityOpt": ["seccomp=unconfined"],
    "VolumesFrom": ["a:ro"],
    "PidMode": "host",
    "UsernsMode": "host",
    "Privileged": True,
    "Memory": 1,
    "PidsLimit": 1,
}


def sparse(value):
    """The value with one part of it left out, null, empty or of another type, in each possible way."""
    yield from (None, {}, [], "", 0, 1.5, True, "a", [None], [[]], [{}])
    if isinstance(value, dict):
        for key in value:
            yield {name: item for name, item in value.items() if name != key}
            yield from (dict(value, **{key: part}) for part in sparse(value[key]))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from (value[:index] + [part] + value[index + 1 :] for part in sparse(item))


@pytest.mark.parametrize("key", sorted(ASKING))
def test_a_request_of_any_shape_is_judged_or_refused(key):
    for alone in (True, False):
        for part in sparse(ASKING[key]):
            body = request(**dict({} if alone else ASKING, **{key: part}))
            try:
                findings = judge_container(body)
            except AnsibleFilterError:
                continue
            assert len(findings) == len([rule for rule in RULES if rule.container])


@pytest.mark.parametrize(
    "device_request, flag",
    [
        ({"Driver": "nvidia"}, "--gpus=driver=nvidia,count=0"),
        ({"Driver": "nvidia", "Count": None, "DeviceIDs": None}, "--gpus=driver=nvidia,count=0"),
        ({}, "--gpus=count=0"),
    ],
)
def test_a_request_for_devices_that_names_none_fails(device_request, flag):
    (finding,) = judge_container(request(DeviceRequests=[device_request]), rules=["host-devices"])
    assert finding["status"] == "fail" and flag in [change["flag"] for change in finding["run"]]


def test_a_request_by_cdi_that_names_none_fails():
    assert status(request(DeviceRequests=[{"Driver": "cdi"}]), "host-devices") == ["fail"]


def test_what_dockerd_would_not_take_never_passes():
    for host_config in ({"Privileged": "false"}, {"Privileged": 0}, {"Privileged": {}}):
        assert status(request(**host_config), "privileged") == ["unknown"]
