# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container's own name, the one that waivers, policies and reports use. Pure.

A link (`docker run --link db:database`) gives the linked container one more name in lists, `/app/database`, and lists
are in no order that could be relied on; an own name has one slash (moby: daemon/list.go, container names and links).
"""

from typing import Any, Mapping

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert

_LIMIT = 255


def listed(item: Mapping[str, Any]) -> str:
    """Of an item of GET /containers/json, without the slash; the id's first twelve digits where there is none."""
    own = [name for name in item.get("Names") or () if name.startswith("/") and name.count("/") == 1 and name != "/"]
    return inert(own[0][1:] if own else item["Id"][:12], _LIMIT)


def inspected(inspect: Mapping[str, Any]) -> str:
    """Of GET /containers/<id>/json, without the slash. LookupError or TypeError for other shapes."""
    return inert(inspect["Name"].lstrip("/"), _LIMIT)
