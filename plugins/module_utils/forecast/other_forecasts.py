# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks what kernel_filesystems would say, and what SELinux would deny, each with an engine of its own. Reads only."""

import contextlib
import datetime
import time
from typing import Any, Dict, List

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.enforce import EnforcementError, enforce
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.enforce import Options as KernelOptions
from ansible_collections.containment.docker.plugins.module_utils.selinux import access, remedies
from ansible_collections.containment.docker.plugins.module_utils.selinux import state as selinux_state
from ansible_collections.containment.docker.plugins.module_utils.selinux_report import containers, report


def read_kernel_mounts(engine: Engine, unit: str) -> List[Dict[str, Any]]:
    """Read what would be closed in each container that runs, as kernel_filesystems reports it in check mode. Raise Unreadable."""
    options = KernelOptions(engine.text, unit, None, None, [], _seconds(engine), datetime.date.today())
    try:
        return enforce(options, True)["containers"]
    except (EnforcementError, EngineError) as reason:
        raise Unreadable(str(reason))


def read_selinux_mounts(engine: Engine, unit: str) -> List[Dict[str, Any]]:
    """Read what the policy says of each container's mounts. Raise Unreadable."""
    try:
        state = selinux_state.read_state()
        contexts, reason = report.load_contexts(state.config.policy or "")
        loaded = state.policy_version is not None
        policy = remedies.Policy(access.decide, report.read_booleans())
        with contextlib.closing(Engine(engine.text, _seconds(engine))) as own:
            read = containers.read_containers(own, unit, contexts, loaded, policy)
    except (OSError, ValueError, EngineError) as error:
        raise Unreadable(str(error))
    if read.daemon["reason"]:
        raise Unreadable(read.daemon["reason"])
    if not loaded and contexts is None:
        raise Unreadable(reason)
    return read.containers


def read_selinux(engine: Engine, unit: str) -> Dict[str, Any]:
    """Read the mode, what the policy says of mounts, and denials since the boot: report.read_host. Raise Unreadable."""
    options = report.Options(engine.text, unit, _seconds(engine), "boot", "", [])
    try:
        return report.read_host(options, time.time())
    except (OSError, ValueError, EngineError) as error:
        raise Unreadable(str(error))


def _seconds(engine: Engine) -> float:
    return max(1.0, engine.remaining_seconds())
