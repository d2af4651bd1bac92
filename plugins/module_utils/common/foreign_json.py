# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON of which nobody knows who wrote it. Pure."""

import json
from typing import Any


def decode(data: bytes) -> Any:
    """Decode a JSON document from UTF-8. Raise ValueError for all that is none, also for what is nested too deeply."""
    try:
        return json.loads(data.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deeply")
