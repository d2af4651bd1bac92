# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts are what they claim to be: systemd, an engine that answers and runs containers, the wanted cgroups."""

SUPERBLOCK = {"v1": "tmpfs", "v2": "cgroup2fs"}


def test_the_engine_answers(host):
    assert host.check_output("docker info --format '{{.OSType}}'") == "linux"


def test_the_cgroup_version_is_as_asked(host, lab_host):
    assert host.check_output("stat --file-system --format %T /sys/fs/cgroup") == SUPERBLOCK[lab_host["cgroup"]]
    assert host.check_output("docker info --format '{{.CgroupVersion}}'") == lab_host["cgroup"].lstrip("v")


def test_systemd_has_booted_without_a_failed_unit(host):
    assert host.check_output("systemctl is-system-running") == "running"
    assert host.file("/proc/1/comm").content_string.strip() == "systemd"


def test_the_engine_runs_a_container_of_its_own(host):
    host.check_output("docker import /opt/lab/busybox.tar busybox")
    uid = host.check_output("docker run --rm --user app busybox id -u")
    assert uid == "1000"


def test_the_unit_keeps_its_packaged_start_limit(host):
    assert host.check_output("systemctl show --property StartLimitBurst --value docker.service") == "3"


def test_remapping_finds_an_unmasked_proc(host):
    mounts = host.file("/proc/self/mountinfo").content_string
    assert " /proc/sys" not in mounts
