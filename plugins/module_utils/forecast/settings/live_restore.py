# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""live-restore: what the engine can't do with it. Pure."""

from typing import Iterable

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import CERTAIN, DAEMON, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting
from ansible_collections.containment.docker.plugins.module_utils.transaction.model import in_swarm

NAME = "live-restore"


def of_host(shared: Evidence) -> Iterable[Item]:
    """Say that a node of a swarm can't have it (moby: daemon/config, ValidatePlatformConfig; daemon/cluster)."""
    if in_swarm(shared["daemon"]["info"]):
        yield Item(
            NAME,
            "swarm",
            DAEMON,
            CERTAIN,
            "this node is in a swarm, and dockerd does not start with live-restore there",
            "decline live-restore on nodes of a swarm",
        )


SETTING = Setting(NAME, of_host=of_host)
