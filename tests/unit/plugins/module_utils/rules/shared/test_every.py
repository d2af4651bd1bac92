# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of the kernel layer hold for each thread and each namespace; what was not looked at is no pass."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.linux.members import View
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID, RULES

from ..subjects import HOST_NAMESPACES, MOUNTINFO, Case, changed

OF_ALL = ("processes", "mounts", "namespaces")
# They ask what the first process has: its root and its group, which are the engine's work.
OF_THE_FIRST = {"copy-on-write", "selinux-mounts", "cgroup-namespace"}
OPEN = {
    "kernel-filesystems": b"900 700 0:63 / /p rw - proc proc rw\n",
    "sensitive-mounts": b"900 700 254:1 /root /x rw - ext4 /dev/vda1 rw\n",
    "engine-sockets": b"900 700 0:23 /docker.sock /x rw - tmpfs tmpfs rw\n",
    "host-devices": b"900 700 0:5 / /x rw - devtmpfs udev rw\n",
    "mount-propagation": b"900 700 254:1 /srv /x rw shared:1 - ext4 /dev/vda1 rw\n",
}


class Recorded(Evidence):
    """Remembers which of its items were asked for."""

    def __init__(self, items):
        super().__init__(items)
        self.read = set()

    def __getitem__(self, key):
        self.read.add(key)
        return super().__getitem__(key)


def good(**more):
    evidence = changed(Case("container", "pass", ""))
    evidence.update(more)
    return evidence


def view(mounts=b"", **namespaces):
    links = dict(good()["namespaces"], mnt="mnt:[1]", **namespaces)
    return View(4300, links, parse_mountinfo(MOUNTINFO + mounts), [(0, 100000, 65536)])


def looks_at_all(rule):
    evidence = Recorded(good(seccomp_applied=""))
    rule.container["kernel"](evidence)
    return bool(evidence.read.intersection(OF_ALL))


@pytest.mark.parametrize("rule", [r for r in RULES if "kernel" in r.container], ids=lambda rule: rule.id)
def test_what_was_not_looked_at_is_unknown(rule):
    if rule.id in OF_THE_FIRST or not looks_at_all(rule):
        assert judge(rule, "container", "x", good(incomplete="too much"))["status"] in ("pass", "not_applicable")
        return
    finding = judge(rule, "container", "x", good(incomplete="too much"))
    assert (finding["status"], finding["seen"]) in (("unknown", "too much"), ("not_applicable", finding["seen"]))


@pytest.mark.parametrize("rule", sorted(OPEN))
def test_what_another_mount_namespace_opens_fails(rule):
    finding = judge(BY_ID[rule], "container", "x", good(views=[view(), view(OPEN[rule])]))
    assert finding["status"] == "fail" and "process 4300, in namespaces of its own" in finding["seen"], finding


@pytest.mark.parametrize("rule", sorted(OPEN))
def test_another_mount_namespace_that_is_as_sound_passes(rule):
    assert judge(BY_ID[rule], "container", "x", good(views=[view()]))["status"] == "pass"


@pytest.mark.parametrize("rule", sorted(OPEN))
def test_another_mount_namespace_that_can_t_be_read_is_unknown(rule):
    unread = view()._replace(mounts=Unreadable("process 4300: mountinfo"))
    assert judge(BY_ID[rule], "container", "x", good(views=[unread]))["status"] == "unknown"


@pytest.mark.parametrize("name", ["pid", "net", "ipc", "uts", "cgroup", "user"])
def test_a_namespace_of_the_host_that_one_thread_has(name):
    finding = judge(BY_ID["host-namespaces"], "container", "x", good(views=[view(**{name: HOST_NAMESPACES[name]})]))
    assert finding["status"] == "fail" and HOST_NAMESPACES[name] in finding["seen"]
