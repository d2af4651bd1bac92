# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge the services of a compose file by the catalogue. Pure."""

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.containment.docker.plugins.module_utils.audit import offline
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.plugins.plugin_utils.compose import document as documents
from ansible_collections.containment.docker.plugins.plugin_utils.compose import yaml_text
from ansible_collections.containment.docker.plugins.plugin_utils.compose.place import Place
from ansible_collections.containment.docker.plugins.plugin_utils.compose.service import create_request
from ansible_collections.containment.docker.plugins.plugin_utils.compose.variables import Unresolved

# compose-spec: schema/compose-spec.json, patternProperties of services
_NAME = re.compile(r"[a-zA-Z0-9._-]{1,128}\Z")


def judge_compose(
    document: Any,
    variables: Mapping[str, str] | None = None,
    profiles: list[str] | None = None,
    files: Mapping[str, Any] | None = None,
    project_directory: str = "",
    **options: Any,
) -> list[dict[str, Any]]:
    """The findings of each service; options are those of offline.measure. ValueError."""
    place = Place({str(name): str(value) for name, value in (variables or {}).items()}, project_directory)
    by = offline.measure(RULES, options)
    findings = []
    others = _loaded(files or {})
    named: set[str] = set()
    for part in documents.list_parts(documents.load(document), others, place):
        if part.reason:
            findings += offline.judge_request("container:(included)", Unreadable(part.reason), by)
            continue
        for name, service in documents.services(part.document).items():
            if not _NAME.match(name):
                raise ValueError(f"service {name!r:.60} has a name that compose refuses")
            if name in named:
                raise ValueError(f"service {name} is in the document and in one that it includes")
            named.add(name)
            if documents.is_active(service, profiles) and "provider" not in service:
                findings += offline.judge_request(f"container:{name}", _request(name, part, others), by)
    return findings


def _loaded(files: Mapping[str, Any]) -> dict[str, Any]:
    """The other files by path, which may be texts."""
    try:
        return {posixpath.normpath(str(path)): yaml_text.load(item) for path, item in files.items()}
    except ValueError as error:
        raise ValueError(f"files: {error}") from error


def _request(name: str, part: documents.Part, files: Mapping[str, Any]) -> Mapping[str, Any] | Unreadable:
    """The create request of a service, or why nothing can be said of it."""
    try:
        return create_request(documents.extended(name, part, files), part.document, part.place)
    except Unresolved as reason:
        return Unreadable(str(reason))
    except ValueError as error:
        raise ValueError(f"service {name}: {error}") from error
