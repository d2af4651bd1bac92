# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which domains hold a process back as a container's does, by the answers of RHEL's policies."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.selinux import types
from ansible_collections.containment.docker.plugins.module_utils.selinux.confinement import judge_label, judge_option

from .. import recorded_policy

DAEMON = "system_u:system_r:container_runtime_t:s0"
RELEASES = pytest.mark.parametrize("release", ["rhel9", "rhel10"])


def of(domain, release, daemon=DAEMON):
    return judge_label("system_u:system_r:%s:s0:c1,c2" % domain, recorded_policy.policy(release), daemon)


@RELEASES
@pytest.mark.parametrize(
    "domain", ["container_t", "container_init_t", "container_userns_t", "container_logreader_t", "container_engine_t"]
)
def test_domains_that_hold_back(domain, release):
    assert of(domain, release)[0] is True


@RELEASES
@pytest.mark.parametrize(
    "domain, may",
    [
        ("container_kvm_t", "connectto container_runtime_t (the engine's daemon)"),
        ("container_device_t", "write memory_device_t (the host's memory)"),
        ("container_device_t", "write scsi_generic_device_t (commands to the host's disks)"),
        ("container_logwriter_t", "append auditd_log_t (the host's audit log)"),
        ("container_device_plugin_t", "write sysfs_t (the kernel's settings in /sys)"),
        ("container_device_plugin_init_t", "write sysfs_t (the kernel's settings in /sys)"),
    ],
)
def test_domains_that_have_the_host_say_what_they_may(domain, may, release):
    ok, words = of(domain, release)
    assert ok is False and may in words
    ok, why = judge_option("type", domain, recorded_policy.policy(release), DAEMON)
    assert ok is False and may in why


def test_the_daemon_is_known_by_the_policies_names_where_its_label_is_not():
    assert of("container_kvm_t", "rhel9", "")[0] is False


def test_another_daemons_label_is_asked_for_as_it_is():
    """init_t stands for a daemon that runs in a domain of its own: only who may talk to that has the host by it."""
    assert "connectto" not in of("container_kvm_t", "rhel9", "system_u:system_r:init_t:s0")[1]
    assert "connectto syslogd_t" in of("container_kvm_t", "rhel9", "system_u:system_r:syslogd_t:s0")[1]


def test_a_domain_that_loads_modules():
    def ask(source, target, tclass, permissions):
        decision = recorded_policy.policy("rhel9")(source, target, tclass, permissions)
        return decision._replace(denied=()) if (source, tclass) == (target, "system") else decision

    ok, words = judge_label("system_u:system_r:container_t:s0:c1,c2", ask)
    assert ok is False and "module_load container_t (a kernel module of its own)" in words


def test_who_logs_in_is_no_container():
    assert "container_user_t" not in types.CONTAINERS and "container_engine_t" in types.CONTAINERS
