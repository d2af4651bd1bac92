# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an item of the forecast is about, as text. Pure."""

import hashlib

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert

_LIMIT = 200


def subject_of(container: str, what: str = "") -> str:
    """Name a container, or something of it, as the subject of an item. what: a path, a port, another container."""
    return bound_subject(f"container:{container}" + (f":{what}" if what else ""))


def bound_subject(text: str) -> str:
    """Make a subject inert and at most 200 characters long; what is cut stays distinct by its digest."""
    readable = inert(text, 4096)
    if len(readable) <= _LIMIT:
        return readable
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{readable[: _LIMIT - 13]}~{digest}"
