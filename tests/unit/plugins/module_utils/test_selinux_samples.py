# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real containers of Docker 26.1 on Debian 13 with SELinux enforcing: what inspect said, and the label of the process.

plain, unl: nothing asked for; priv: --privileged; off: label=disable; zz: mounts with :z and :Z; lone, ltwo: the same
label=level; made: too, never started; joined: --ipc container:plain; chain: --pid container:joined; pidhost: --pid host;
other: mounts what zz has with :Z, and a directory of /etc.
"""

import json
import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence.container import Listed
from ansible_collections.containment.docker.plugins.module_utils.judge import policy
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.linux import processes
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID
from ansible_collections.containment.docker.plugins.module_utils.selinux.access import Decision
from ansible_collections.containment.docker.plugins.module_utils.selinux.path_label import Labelled, Located
from ansible_collections.containment.docker.plugins.module_utils.selinux.peers import Peers

from .rules.subjects import process

with open(os.path.join(os.path.dirname(__file__), "samples", "selinux-26.1.json"), "rb") as stream:
    SAMPLE = json.loads(stream.read().decode("utf-8"))
BY_CONTAINER = {inspect["Id"]: inspect for inspect in SAMPLE.values()}
# As `ls -Z` showed them; /etc/ssl was not there, and the daemon made it.
LABELS = {
    "/srv/plain": "unconfined_u:object_r:var_t:s0",
    "/srv/shared": "system_u:object_r:container_file_t:s0",
    "/srv/own": "system_u:object_r:container_file_t:s0:c229,c777",
    "/etc/ssl": "system_u:object_r:container_config_t:s0",
    "/var/lib/docker/volumes/data/_data": "system_u:object_r:container_file_t:s0",
}
_LIST = {"getattr", "ioctl", "lock", "open", "read", "search"}
LABELS_OFF = {"priv", "off", "pidhost"}


def ask(source, target, tclass, permissions):
    """What that kernel answered of these labels: container_t may list var_t and read container_config_t."""
    if ":spc_t:" in source:
        return Decision((), False)
    allowed = set()
    if ":container_file_t:" in target:
        level = target.split(":", 3)[3]
        allowed = set(permissions) if level == "s0" or source.endswith(level) else {"getattr"}
    elif ":container_config_t:" in target or (":var_t:" in target and tclass == "dir"):
        allowed = _LIST
    return Decision(tuple(name for name in permissions if name not in allowed), False)


class Engine:
    def get(self, path):
        return BY_CONTAINER[path.split("/")[2]]


@pytest.fixture
def others(monkeypatch):
    def labels(container, pids):
        return frozenset(filter(None, [BY_CONTAINER[container]["label"]]))

    monkeypatch.setattr(processes, "labels", labels)
    return Peers(Engine(), [Listed(inspect["Id"], name, "") for name, inspect in SAMPLE.items()], {})


def finding(rule, name, others, runs=True):
    inspect = SAMPLE[name]
    host = Evidence(
        selinux="enforcing",
        selinux_access=ask,
        label_at=lambda path, device: Labelled(LABELS[path], "dir", ""),
        listeners_at=lambda path: frozenset(),
        filesystem_at=lambda path: Located(path, None),
    )
    evidence = Evidence(
        inspect=dict(inspect, HostConfig=dict(inspect["HostConfig"])),
        host=host,
        daemon=Evidence(state="running", info={"DockerRootDir": "/var/lib/docker"}, volumes={"data": None}),
        policy=policy.DEFAULT,
        others=Evidence(labels=others),
    )
    if inspect["label"] and runs:
        evidence["processes"] = [process(label=inspect["label"])]
    return judge(BY_ID[rule], "container", name, evidence)


def test_those_with_labels_off_are_not_confined_and_nothing_else_is_said_of_them(others):
    for name in SAMPLE:
        off = name in LABELS_OFF
        assert finding("selinux", name, others)["status"] == ("fail" if off else "pass"), name
        for rule in ("selinux-categories", "selinux-mounts"):
            assert (finding(rule, name, others)["status"] == "not_applicable") == off, (rule, name)


def test_the_same_level_is_shared_and_who_joined_is_not(others):
    failing = {name: finding("selinux-categories", name, others) for name in SAMPLE if name not in LABELS_OFF}
    assert {name for name, result in failing.items() if result["status"] == "fail"} == {"lone", "ltwo", "made"}
    assert {failing[name]["status"] for name in ("plain", "joined", "chain")} == {"pass"}
    assert "but those that joined" in failing["chain"]["seen"]
    assert failing["made"]["seen"].endswith("apart from lone, ltwo")
    assert failing["lone"]["layers"]["effective"]["seen"].endswith("apart from ltwo, made (not running)")
    assert [change["flag"] for change in failing["lone"]["run"]] == ["--security-opt=label=level:s0:c100,c200"]
    assert "run" not in failing["chain"]


def test_a_label_that_dockerd_copied_is_nothing_to_remove(others):
    # --ipc container:plain: inspect has label=level and label=type in SecurityOpt, as if somebody had given them
    assert [option.partition(":")[0] for option in SAMPLE["joined"]["HostConfig"]["SecurityOpt"]].count(
        "label=level"
    ) == 1
    assert BY_ID["selinux-categories"].run(Evidence(inspect=SAMPLE["joined"])) == []


@pytest.mark.parametrize(
    "name, status, words",
    [
        ("plain", "pass", "'/data'"),
        ("zz", "pass", ""),
        ("unl", "fail", "may not write, add_name, remove_name, getattr, open, read there"),
        ("other", "fail", "may not open, read, search, write"),
        ("made", "fail", "may not getattr, open, read there"),
    ],
)
def test_mounts_as_the_next_start_finds_them(others, name, status, words):
    result = finding("selinux-mounts", name, others, runs=False)
    assert result["status"] == status and words in result["seen"], result
