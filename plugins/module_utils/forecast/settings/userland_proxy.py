# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""userland-proxy false: the kernel alone forwards published ports, and no docker-proxy listens on the host any more. Pure.

moby: libnetwork/drivers/bridge/bridge_linux.go (route_localnet), libnetwork/portmapper.
"""

from typing import Iterable

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import LIKELY, Item, subject_of
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting

NAME = "userland-proxy"


def of_container(name: str, evidence: Evidence) -> Iterable[Item]:
    """Say which published ports are reached through docker-proxy alone."""
    ports = evidence["inspect"]["NetworkSettings"].get("Ports") or {}
    for port, bindings in sorted(ports.items()):
        for binding in bindings or ():
            if binding.get("HostIp") == "::1":
                yield Item(
                    NAME,
                    "loopback-port",
                    subject_of(name, f"[::1]:{binding.get('HostPort')}"),
                    LIKELY,
                    f"port {port} is published on ::1, where only docker-proxy listens: the kernel forwards nothing from there",
                    "publish it on 127.0.0.1, or let who connects use an address of the host",
                    {"HostIp": "::1", "HostPort": binding.get("HostPort")},
                )


SETTING = Setting(NAME, of_container=of_container)
