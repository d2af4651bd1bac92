# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data as Ansible hands it to a filter, without its lazy containers. Pure."""

from collections.abc import Mapping
from typing import Any


def plain(value: Any) -> Any:
    """Dicts and lists of Python's own: what ansible-core 2.19 and newer hands over can't be copied in part."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value
