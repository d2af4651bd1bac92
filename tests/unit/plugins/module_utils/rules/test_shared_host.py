# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is remembered beside the host's evidence, for the next container, changes no finding of it."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.linux.device_list import Device
from ansible_collections.containment.docker.plugins.module_utils.linux.places import Place
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.plugins.module_utils.rules.host_devices import RULE

from .cases import host_devices
from .recorded import cases_module
from .subjects import Case, both, changed, good

FUSE = (Device("/dev/fuse (c 10:229)", "char", (10, 229)),)
SHARED = ("host", "daemon", "policy")


def changes_the_container_alone(case):
    first = [path if isinstance(path, str) else path[0] for path in case.changes]
    return case.kind == "container" and not set(first) & set(SHARED)


def test_containers_of_one_host_are_judged_as_each_is_alone():
    cases = [(rule, case) for rule in RULES for case in cases_module(rule).CASES if changes_the_container_alone(case)]
    assert len(cases) > 200
    host = good("container")
    in_common = {key: host[key] for key in SHARED}
    for rule, case in cases + cases[::-1]:
        alone = changed(case)
        together = Evidence(alone, **in_common)
        assert judge(rule, "container", "container:web", together) == judge(
            rule, "container", "container:web", alone
        ), case


def test_a_device_that_one_container_asked_for_is_not_allowed_to_the_next():
    fuse = {("policy", "allowed_devices"): ["/dev/"], "specification": FUSE}
    fuse.update(host_devices.at("/dev/fuse", Place("/dev/fuse", "char", number=(10, 229))))
    asking = changed(Case("container", "", "", both(fuse, {host_devices.DEVICES: host_devices.device("/dev/fuse")})))
    silent = changed(Case("container", "", "", fuse))
    silent["host"] = asking["host"]
    for _time in range(2):
        statuses = [judge(RULE, "container", "container:web", one)["status"] for one in (asking, silent)]
        assert statuses == ["pass", "fail"]
