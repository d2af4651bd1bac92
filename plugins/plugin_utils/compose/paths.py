# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths of the host in a service that another file has. Pure.

compose-go: loader/extends.go, paths/extends.go
"""

import posixpath
from collections.abc import Mapping
from typing import Any

from ansible_collections.containment.docker.plugins.plugin_utils.compose.place import Place
from ansible_collections.containment.docker.plugins.plugin_utils.compose.variables import resolve


def rebased(service: Mapping[str, Any], directory: str, place: Place) -> dict[str, Any]:
    """Return the service with its relative paths below this directory, that of the file from the project's."""
    result = dict(service)
    if directory != "." and isinstance(service.get("volumes"), list):
        result["volumes"] = [_volume(item, directory, place) for item in service["volumes"]]
    return result


def _volume(item: Any, directory: str, place: Place) -> Any:
    if isinstance(item, str):
        source, colon, rest = _source(item, place).partition(":")
        return item if not colon else _below(source, directory) + colon + rest
    if isinstance(item, Mapping) and item.get("type") == "bind" and isinstance(item.get("source"), str):
        source = _source(item["source"], place)
        relative = source[:1] not in ("/", "~")
        return {**item, "source": _joined(source, directory) if relative else source}
    return item


def _source(text: str, place: Place) -> str:
    """Where it begins with a variable, the text with its variables replaced, as only that tells a relative path."""
    return resolve(text, place.variables).replace("$", "$$") if text.startswith("$") else text


def _below(source: str, directory: str) -> str:
    return _joined(source, directory) if source.startswith(".") else source


def _joined(source: str, directory: str) -> str:
    return "./" + posixpath.join(directory, source)
