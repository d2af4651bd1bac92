# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adds to the evidence of an audit what only the forecast reads, each when a setting asks for it. Reads only."""

from typing import Any

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine


def add_shared(shared: Evidence, engine: Engine) -> None:
    """Add what is the same for all containers. See setting.ADDED."""


def add_container(listed: Any, evidence: Evidence) -> None:
    """Add what is the container's own. See setting.ADDED."""
