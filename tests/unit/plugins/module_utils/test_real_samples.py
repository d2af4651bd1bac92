# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalogue over what real engines and kernels showed (tools/capture.py wrote the samples)."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import shape
from ansible_collections.containment.docker.plugins.module_utils.dockerd import engine_place
from ansible_collections.containment.docker.plugins.module_utils.judge import policy
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.linux import crypto_sockets, mount_table, procfs
from ansible_collections.containment.docker.plugins.module_utils.linux.kernel_paths import MASKED, READ_ONLY
from ansible_collections.containment.docker.plugins.module_utils.linux.members import Process
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID, RULES
from ansible_collections.containment.docker.plugins.module_utils.selinux import data_root

from .rules.recorded import ENGINES, EVERY_RECORDED, load_engine, table

FAILS = table(RULES, "RECORDED")


@pytest.fixture(scope="module", params=ENGINES)
def sample(request):
    return load_engine(request.param)


def daemon_of(sample):
    host = Evidence(
        namespaces=sample["host"]["namespaces"],
        selinux=None,
        apparmor=False,
        af_alg=crypto_sockets.ABSENT,  # not recorded: the rule has cases of its own
        bridge_netfilter=True,
        bridge_netfilter6=True,
        mounts=mount_table.host_mounts(procfs.parse_mountinfo(sample["host"]["mountinfo"].encode("utf-8"))),
        # what the sampled kernel had: the runtime leaves out what is not there
        kernel_paths=frozenset(
            path for path in READ_ONLY + MASKED if path + " " in sample["containers"]["hardened"]["proc"]["mountinfo"]
        ),
    )
    return Evidence(
        host=host,
        policy=dict(policy.DEFAULT),
        info=sample["info"],
        version=sample["version"],
        bridge=sample["bridge"],
        volumes={},
    )


def container_of(sample, name):
    container, daemon = sample["containers"][name], daemon_of(sample)
    evidence = Evidence(
        daemon=daemon,
        host=daemon["host"],
        policy=daemon["policy"],
        inspect=container["inspect"],
        image=container["image"],
        made=container["made"],
    )
    if "proc" in container:
        proc = {key: text.encode("utf-8") for key, text in container["proc"].items()}
        evidence.update(
            processes=[
                Process(
                    container["inspect"]["State"]["Pid"],
                    procfs.parse_status(proc["status"]),
                    None,
                    container["namespaces"]["user"],
                )
            ],
            namespaces=container["namespaces"],
            mounts=procfs.parse_mountinfo(proc["mountinfo"]),
            uid_map=procfs.parse_id_map(proc["uid_map"]),
            stat=procfs.parse_stat(proc["stat"]),
        )
    return evidence


@pytest.mark.parametrize("name", EVERY_RECORDED)
def test_real_containers(sample, name):
    findings = [judge(rule, "container", name, container_of(sample, name)) for rule in RULES]
    failing = {finding["rule"]: finding for finding in findings if finding and finding["status"] == "fail"}
    assert [finding for finding in findings if finding and finding["status"] == "unknown"] == []
    changes = {
        rule: ["%s %s" % (change["change"], change["flag"]) for change in finding.get("run", ())]
        for rule, finding in failing.items()
    }
    assert changes == FAILS.get(name, {})


def test_the_cgroup_names_the_container(sample):
    for container in sample["containers"].values():
        if "proc" in container:
            identity = container["inspect"]["Id"]
            assert procfs.container_in(container["proc"]["cgroup"].encode("utf-8"), frozenset((identity,))) == identity


def test_the_real_daemon(sample):
    """It has no-new-privileges, icc off and live-restore in force, by what info and the bridge say."""
    findings = {rule.id: judge(rule, "daemon", "daemon", daemon_of(sample)) for rule in RULES if rule.daemon}
    assert findings["live-restore"]["status"] == "pass"
    assert findings["inter-container-communication"]["status"] == "pass"
    assert findings["userns-remap"]["status"] == "fail"
    before_24 = sample["info"]["ServerVersion"].startswith("20.")
    # 20.10 does not say so in its info, and nothing else was captured
    assert findings["no-new-privileges"]["status"] == ("unknown" if before_24 else "pass")


def test_what_engines_say_has_the_shape_that_is_asked_of_it(sample):
    assert shape.document_problem(sample["info"], shape.INFO) == ""
    for container in sample["containers"].values():
        assert shape.container_problem(container["inspect"]) == ""
        assert shape.document_problem(container["image"], shape.IMAGE) == ""


def test_layers_are_known_as_containerds_only_where_they_are(sample):
    stored = sample["info"]["ServerVersion"].startswith("29.")
    assert data_root.uses_containerd_store(sample["info"]) is engine_place.holds_images(sample["info"]) is stored
    assert judge(BY_ID["copy-on-write"], "daemon", "daemon", daemon_of(sample))["status"] == "pass"
