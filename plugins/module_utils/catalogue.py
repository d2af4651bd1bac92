# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalogue. Listed by hand: Ansible ships to a target only what is imported statically."""

from ansible_collections.containment.docker.plugins.module_utils.rules import (
    apparmor,
    capabilities,
    cgroup_namespace,
    copy_on_write,
    engine_sockets,
    experimental,
    host_devices,
    host_namespaces,
    insecure_registries,
    inter_container_communication,
    iptables,
    kernel_filesystems,
    live_restore,
    log_level,
    mount_propagation,
    no_new_privileges,
    non_root_user,
    privileged,
    seccomp,
    selinux,
    sensitive_mounts,
    tcp_socket,
    userland_proxy,
    userns_remap,
)

RULES = (
    no_new_privileges.RULE,
    userns_remap.RULE,
    selinux.RULE,
    kernel_filesystems.RULE,
    privileged.RULE,
    capabilities.RULE,
    non_root_user.RULE,
    seccomp.RULE,
    apparmor.RULE,
    host_devices.RULE,
    host_namespaces.RULE,
    sensitive_mounts.RULE,
    engine_sockets.RULE,
    mount_propagation.RULE,
    copy_on_write.RULE,
    live_restore.RULE,
    inter_container_communication.RULE,
    userland_proxy.RULE,
    insecure_registries.RULE,
    experimental.RULE,
    log_level.RULE,
    iptables.RULE,
    tcp_socket.RULE,
    cgroup_namespace.RULE,
)
BY_ID = {rule.id: rule for rule in RULES}
