# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What dockerd reads from its own environment and what that changes of its settings. Pure.

moby: daemon/image_store_choice.go (DOCKER_DRIVER, to 28 daemon/daemon.go), daemon/command/daemon.go (DOCKER_MIN_API_VERSION),
daemon/libnetwork/drivers/bridge/internal/iptabler/port.go (DOCKER_INSECURE_NO_IPTABLES_RAW), daemon/runtime_unix.go
(DOCKER_RAMDISK). Not here: DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, as no release turns TLS on for them: 26.1 listens with
DOCKER_TLS_VERIFY=1 and without TLS (measured); and DOCKER_IGNORE_BR_NETFILTER_ERROR: what it ignores, the kernel shows.
"""

from collections import OrderedDict
from typing import Any, Dict, Mapping

NO_RAW_RULES = "DOCKER_INSECURE_NO_IPTABLES_RAW"
NO_PIVOT_ROOT = "DOCKER_RAMDISK"
# The variable, and the setting in whose place it stands; it wins over file and flags.
_SETTINGS = {"DOCKER_DRIVER": "storage-driver", "DOCKER_MIN_API_VERSION": "min-api-version"}
NAMES = frozenset(_SETTINGS) | {NO_RAW_RULES, NO_PIVOT_ROOT}


def relevant(environment: Mapping[str, str]) -> Dict[str, str]:
    """Return those of the variables that change what is in force."""
    return {name: value for name, value in environment.items() if name in NAMES and value}


def applied(settings: Mapping[str, Any], environment: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the settings as a dockerd with these variables takes them."""
    changed = OrderedDict(settings)
    for name, key in _SETTINGS.items():
        if environment.get(name):
            changed[key] = environment[name]
    return changed


def opens_loopback_ports(environment: Mapping[str, str]) -> bool:
    """Return whether ports that are published on loopback can be reached from the network."""
    return environment.get(NO_RAW_RULES) == "1"


def keeps_old_root(environment: Mapping[str, str]) -> bool:
    """Return whether containers are started without pivot_root, whatever the value is."""
    return bool(environment.get(NO_PIVOT_ROOT))
