# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a setting holds already, so that turning it on changes nothing. Pure."""

from typing import Any, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.dockerd import reported
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting
from ansible_collections.containment.docker.plugins.module_utils.linux import subordinate_ids

REMAP = "userns-remap"


def holds(setting: Setting, shared: Evidence) -> bool:
    """Tell whether the running daemon has the wanted value already; False where that can't be told."""
    try:
        return setting.is_in_force(shared) or _daemon_has(
            setting.name, shared["wanted"][setting.name], shared["daemon"]
        )
    except (Absent, Unreadable):
        return False


def _daemon_has(name: str, value: Any, daemon: Evidence) -> bool:
    says: Optional[bool] = reported.matches(name, value, daemon["info"], daemon.get("bridge"))
    if name == REMAP and says is None:  # it remaps, and to whom only what it was started with tells
        turned_off = subordinate_ids.turns_off(str(value))
        return engine_info.remaps(daemon["info"]) and not turned_off and daemon["running"].get(REMAP) == value
    if says is not None:
        return says
    running = daemon["running"]
    return name in running and running[name] == value
