# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which services a compose document has, each with what it extends, and what it includes. Pure.

compose-spec: 05-services.md (extends), 14-include.md, 15-profiles.md
"""

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ansible_collections.containment.docker.plugins.plugin_utils.compose import yaml_text
from ansible_collections.containment.docker.plugins.plugin_utils.compose.merge import merged, without_tags
from ansible_collections.containment.docker.plugins.plugin_utils.compose.paths import rebased
from ansible_collections.containment.docker.plugins.plugin_utils.compose.place import Place
from ansible_collections.containment.docker.plugins.plugin_utils.compose.variables import Unresolved

_HOPS = 16
# extends takes none of these over
_NOT_TAKEN_OVER = frozenset(("depends_on", "extends", "links", "profiles"))


class Part(NamedTuple):
    """A document of the project. path: of its file from the project's, "" for the one that was given first.

    reason: why it can't be judged, "" where it can.
    """

    document: Mapping[str, Any]
    path: str
    place: Place
    reason: str = ""


def load(source: Any) -> Mapping[str, Any]:
    """Return one document: of data, a text, or a list of these, each merged over the ones before it. Raise ValueError."""
    documents = [yaml_text.load(item) for item in (source if isinstance(source, list) else [source])]
    result: Any = {}
    for document in documents:
        if not isinstance(document, Mapping):
            raise ValueError("this is no compose document: it is no mapping")
        result = merged(result, document)
    return result


def services(document: Any) -> dict[str, Mapping[str, Any]]:
    """Return the services by name. Raise ValueError for what is no compose document."""
    if not isinstance(document, Mapping) or not isinstance(document.get("services"), Mapping):
        raise ValueError("this is no compose document: it has no services")
    present = {name: service for name, service in document["services"].items() if service is not None}
    for name, service in present.items():
        if not isinstance(name, str) or not isinstance(service, Mapping):
            raise ValueError(f"service {name!r:.60} is no mapping")
    return present


def list_parts(document: Mapping[str, Any], files: Mapping[str, Any], place: Place) -> Iterator[Part]:
    """Yield this document and all that it includes. Raise ValueError."""
    yield from _parts(document, files, place, "", 0)


def _parts(document: Mapping[str, Any], files: Mapping[str, Any], place: Place, path: str, hops: int) -> Iterator[Part]:
    if hops > _HOPS:
        raise ValueError(f"{path!r:.80} includes itself")
    if document.get("services") is not None or not document.get("include"):
        yield Part(document, path, place)
    for item in _list(document.get("include"), "include"):
        entry = {"path": item} if isinstance(item, str) else item
        if not isinstance(entry, Mapping):
            raise ValueError(f"include takes paths, not {item!r:.60}")
        paths = [_joined(path, str(name)) for name in _list(entry.get("path"), "include.path")]
        missing = [name for name in paths if name not in files]
        environment = [_joined(path, str(name)) for name in _list(entry.get("env_file"), "include.env_file")]
        missing += [name for name in environment if not isinstance(files.get(name), Mapping)]
        if missing or not paths:
            first = ", ".join(repr(name) for name in missing[:3]) or "nothing"
            reason = (
                f"the document includes {first:.120}: give that in files, or judge the output of docker compose config"
            )
            yield Part({}, "", place, reason)
            continue
        directory = entry.get("project_directory")
        below = _joined(path, str(directory)) if directory else posixpath.dirname(paths[0])
        variables = dict(place.variables)
        for name in reversed(environment):
            variables = {**{str(key): str(value) for key, value in files[name].items()}, **variables}
        own = Place(variables, posixpath.join(place.project, below) if place.project else "", below)
        yield from _parts(load([files[name] for name in paths]), files, own, paths[0], hops + 1)


def _list(value: Any, key: str) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise ValueError(f"{key} takes a list, not {value!r:.60}")
    return value


def _joined(path: str, name: str) -> str:
    """Return a path that a file names, as the project's own file would."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name))


def is_active(service: Mapping[str, Any], profiles: list[str] | None) -> bool:
    """Return whether compose starts the service with these profiles; every service is where they are None."""
    own = service.get("profiles") or []
    return profiles is None or not own or "*" in profiles or any(profile in profiles for profile in own)


def extended(name: str, part: Part, files: Mapping[str, Any]) -> dict[str, Any]:
    """Return the service with what it extends merged in. files: other documents by path. Raise Unresolved, ValueError."""
    return without_tags(_extended(name, part, files, 0))


def _extended(name: str, part: Part, files: Mapping[str, Any], hops: int) -> dict[str, Any]:
    if hops > _HOPS:
        raise ValueError(f"service {name} extends itself")
    known = services(part.document)
    if name not in known:
        raise ValueError(f"service {name!r:.60} is extended, and there is none")
    own = dict(known[name])
    base = own.pop("extends", None)
    if base is None:
        return own
    wanted = {"service": base} if isinstance(base, str) else base
    if not isinstance(wanted, Mapping) or not isinstance(wanted.get("service"), str):
        raise ValueError(f"service {name}: extends names no service")
    other, file = part, wanted.get("file")
    if file:
        path = _joined(part.path, str(file))
        known_as = path if path in files else posixpath.normpath(str(file))
        if known_as not in files:
            raise Unresolved(f"it extends a service of {path!r:.80}: give that document in files")
        other = part._replace(document=load(files[known_as]), path=path)
    inherited = _extended(wanted["service"], other, files, hops + 1)
    taken = {key: item for key, item in inherited.items() if key not in _NOT_TAKEN_OVER}
    if file:
        taken = rebased(
            taken,
            posixpath.relpath(posixpath.dirname(other.path) or ".", posixpath.dirname(part.path) or "."),
            part.place,
        )
    return merged(taken, own)
