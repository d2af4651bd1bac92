# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalogue, the gravest first. Rendered by tools/render_catalogue.py; do not edit.

Each rule is imported by name: Ansible ships to a target only what is imported statically.
"""

from typing import Mapping, Tuple

from ansible_collections.containment.docker.plugins.module_utils.judge.rule import SEVERITIES, Rule
from ansible_collections.containment.docker.plugins.module_utils.rules import (
    apparmor,
    capabilities,
    cgroup_namespace,
    copy_on_write,
    engine_access,
    engine_sockets,
    experimental,
    file_creation_mask,
    firewall_in_force,
    host_devices,
    host_namespaces,
    insecure_registries,
    inter_container_communication,
    iptables,
    kernel_crypto_sockets,
    kernel_filesystems,
    known_vulnerabilities,
    live_restore,
    log_growth,
    log_level,
    memory_limit,
    mount_propagation,
    no_new_privileges,
    non_root_user,
    pids_limit,
    pivot_root,
    privileged,
    published_ports,
    read_only_root,
    restart_policy,
    seccomp,
    selinux,
    selinux_categories,
    selinux_data_root,
    selinux_mounts,
    sensitive_mounts,
    tcp_socket,
    unattributed_processes,
    userland_proxy,
    userns_remap,
)

_MODULES = (
    apparmor,
    capabilities,
    cgroup_namespace,
    copy_on_write,
    engine_access,
    engine_sockets,
    experimental,
    file_creation_mask,
    firewall_in_force,
    host_devices,
    host_namespaces,
    insecure_registries,
    inter_container_communication,
    iptables,
    kernel_crypto_sockets,
    kernel_filesystems,
    known_vulnerabilities,
    live_restore,
    log_growth,
    log_level,
    memory_limit,
    mount_propagation,
    no_new_privileges,
    non_root_user,
    pids_limit,
    pivot_root,
    privileged,
    published_ports,
    read_only_root,
    restart_policy,
    seccomp,
    selinux,
    selinux_categories,
    selinux_data_root,
    selinux_mounts,
    sensitive_mounts,
    tcp_socket,
    unattributed_processes,
    userland_proxy,
    userns_remap,
)


def _order(rule: Rule) -> Tuple[int, str]:
    return -SEVERITIES.index(rule.severity), rule.id


RULES: Tuple[Rule, ...] = tuple(sorted((module.RULE for module in _MODULES), key=_order))
BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}
