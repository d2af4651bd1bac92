# Copyright: (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalogue. Listed by hand: Ansible ships to a target only what is imported statically."""

from ansible_collections.containment.docker.plugins.module_utils.rules import (
    cgroup_namespace,
    experimental,
    insecure_registries,
    inter_container_communication,
    iptables,
    live_restore,
    log_level,
    no_new_privileges,
    tcp_socket,
    userland_proxy,
)

RULES = (
    no_new_privileges.RULE,
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
