# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What real containers' mounts show of the kernel, and that hostile lists cost no more than their length."""

import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.judge import policy
from ansible_collections.containment.docker.plugins.module_utils.linux import kernel_view
from ansible_collections.containment.docker.plugins.module_utils.linux.kernel_paths import (
    MASKED,
    READ_ONLY,
    expected_masks,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.mount_table import host_mounts
from ansible_collections.containment.docker.plugins.module_utils.linux.places import Place
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import mounts as container_mounts
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.work import lines_run

from ..rules.subjects import places_at

SAMPLES = os.path.join(os.path.dirname(__file__), "samples", "mountinfo")
# what the kernel of the samples has
KERNEL = (
    "/proc/bus",
    "/proc/fs",
    "/proc/irq",
    "/proc/sys",
    "/proc/acpi",
    "/proc/interrupts",
    "/proc/keys",
    "/proc/timer_list",
    "/sys/firmware",
)
READ = [path for path in READ_ONLY if path in KERNEL]
ENGINES = (
    ("20.10-cgroup1", (20, 10), False),
    ("20.10-cgroup1-remapped", (20, 10), True),
    ("26.1-cgroup2-remapped", (26, 1), True),
    ("28.5-cgroup2", (28, 5), False),
)


def sample(name):
    with open(os.path.join(SAMPLES, name), "rb") as stream:
        return parse_mountinfo(stream.read())


def openings(mounts, version, remapped):
    return list(kernel_view.openings(mounts, READ, expected_masks(KERNEL, version), remapped))


@pytest.mark.parametrize("name, version, remapped", ENGINES)
def test_a_default_container_opens_nothing(name, version, remapped):
    assert openings(sample(name + ".container"), version, remapped) == []


@pytest.mark.parametrize("name, version, remapped", ENGINES)
def test_a_default_container_shows_nothing_of_the_host(name, version, remapped):
    mounts = sample(name + ".container")
    own = next(mount.root for mount in mounts if mount.point == "/etc/hosts").split("/")[-2]
    init = {"/usr/bin/docker-init": Place("/usr/bin/tini-static", "file")}
    root_dir = "/var/lib/docker" + ("/100000.100000" if remapped else "")
    evidence = Evidence(
        host=Evidence(mounts=host_mounts(sample(name + ".host")), place_at=places_at(init)),
        mounts=mounts,
        inspect={"Id": own, "HostConfig": {"Init": True, "IpcMode": "private"}, "Mounts": []},
        daemon=Evidence(info={"DockerRootDir": root_dir}, running={}),
        policy=policy.DEFAULT,
    )
    assert [path for _mount, path in container_mounts.list_shown(evidence)] == []


@pytest.mark.parametrize("name, version, remapped", ENGINES)
def test_each_line_that_protects_is_missed(name, version, remapped):
    mounts = sample(name + ".container")
    protects = [m for m in mounts if m.point in expected_masks(KERNEL, version) or m.point in READ]
    assert len(protects) >= 8
    for gone in protects:
        sentences = openings([m for m in mounts if m is not gone], version, remapped)
        assert len(sentences) == 1 and sentences[0].startswith(gone.point + " is ")


def test_what_26_1_does_not_mask_yet():
    assert openings(sample("26.1-cgroup2-remapped.container"), (28, 5), True) == ["/proc/interrupts is not masked"]


def test_not_remapped_the_same_mounts_open_the_control_groups():
    assert openings(sample("26.1-cgroup2-remapped.container"), (26, 1), False) == [
        "cgroup2 at '/sys/fs/cgroup' is writable",
    ]


def test_the_host_root_read_only_leaves_what_is_mounted_below_writable():
    """`-v /:/host:ro` on 20.10: only the uppermost mount is read-only."""
    sentences = openings(sample("20.10-cgroup1-host-root-read-only.container"), (20, 10), False)
    assert "/proc/sys is writable at '/host/proc'" in sentences
    assert "cgroup at '/host/sys/fs/cgroup/pids' is writable" in sentences


@pytest.mark.parametrize(
    "path, version, listed, expected",
    [
        ("/proc/kcore", (0, 0), (), True),
        ("/proc/interrupts", (28, 0), (), False),
        ("/proc/interrupts", (28, 1), (), True),
        ("/proc/interrupts", (20, 10), ("/proc/interrupts",), True),
        ("/sys/devices/virtual/powercap", (24, 0), (), False),
        ("/sys/devices/virtual/powercap", (25, 0), (), True),
        ("/sys/devices/system/cpu/cpu12/thermal_throttle", (28, 1), (), True),
        ("/sys/devices/system/cpu/cpu12/thermal_throttle", (26, 1), (), False),
        ("/proc/sys", (99, 0), (), False),
    ],
)
def test_expected_masks(path, version, listed, expected):
    assert (path in expected_masks([path], version, listed)) is expected


def test_every_default_mask_is_expected_sometime():
    assert expected_masks(MASKED, (29, 0)) == set(MASKED)


def hostile(count):
    """Stacked procs, all masked, on a deep path with odd characters; and as many mounts of nothing."""
    point = b"/a\\040\\012" * 60
    lines = [b"1 0 0:1 / / rw - overlay o rw"]
    for n in range(count):
        number = 2 + n * 20
        here = point + b"/%d" % n
        lines.append(b"%d 1 0:7 / %s ro - proc p rw" % (number, here))
        for m, path in enumerate(MASKED):
            lines.append(b"%d %d 0:9 / %s%s ro - tmpfs t ro" % (number + 1 + m, number, here, path[5:].encode()))
    return parse_mountinfo(b"\n".join(lines) + b"\n")


def test_work_grows_with_the_length_only():
    masked = [path for path in MASKED if path.startswith("/proc")]

    def work(count):
        mounts = hostile(count)
        return lines_run(lambda: list(kernel_view.openings(mounts, READ, masked, False)))

    assert list(kernel_view.openings(hostile(40), READ, masked, False)) == []
    assert work(40) < 5 * work(10)
