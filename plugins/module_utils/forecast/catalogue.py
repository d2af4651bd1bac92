# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of the forecast, by name. A setting that is not listed here does not reach the target."""

from typing import Tuple

from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting
from ansible_collections.containment.docker.plugins.module_utils.forecast.settings import (
    icc,
    no_new_privileges,
    start,
    userland_proxy,
    userns_remap,
)

SETTINGS: Tuple[Setting, ...] = (
    start.SETTING,
    userns_remap.SETTING,
    no_new_privileges.SETTING,
    icc.SETTING,
    userland_proxy.SETTING,
)
BY_NAME = {setting.name: setting for setting in SETTINGS}
# Wanted with these names, a setting has no value in daemon.json.
WITHOUT_VALUE: Tuple[str, ...] = (start.NAME,)
