# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of the forecast, by name. A setting that is not listed here does not reach the target."""

from typing import Tuple

from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting
from ansible_collections.containment.docker.plugins.module_utils.forecast.settings import (
    default_ulimits,
    icc,
    insecure_registries,
    kernel_filesystems,
    limits,
    live_restore,
    log_opts,
    no_new_privileges,
    seccomp_profile,
    selinux,
    selinux_enabled,
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
    live_restore.SETTING,
    insecure_registries.SETTING,
    log_opts.SETTING,
    seccomp_profile.SETTING,
    default_ulimits.SETTING,
    *limits.SETTINGS,
    kernel_filesystems.SETTING,
    selinux_enabled.SETTING,
    selinux.SETTING,
)
BY_NAME = {setting.name: setting for setting in SETTINGS}
# Wanted with these names, a setting has no value in daemon.json.
WITHOUT_VALUE: Tuple[str, ...] = (start.NAME, kernel_filesystems.NAME, selinux.NAME)
