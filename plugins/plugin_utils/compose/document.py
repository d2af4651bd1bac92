# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which services a compose document has, each with what it extends. Pure.

compose-spec: 05-services.md (extends), 13-merge.md, 15-profiles.md
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.containment.docker.plugins.plugin_utils.compose.variables import Unresolved

_HOPS = 16
_REPLACED = frozenset(("command", "entrypoint", "healthcheck"))
# Lists of which an item takes the place of one for the same path in the container.
_BY_TARGET = frozenset(("volumes", "devices", "secrets", "configs", "tmpfs"))
# extends takes none of these over
_NOT_TAKEN_OVER = frozenset(("depends_on", "extends", "links", "profiles"))


def services(document: Any) -> dict[str, Mapping[str, Any]]:
    """Return the services by name. Raise ValueError for what is no compose document."""
    if not isinstance(document, Mapping) or not isinstance(document.get("services"), Mapping):
        raise ValueError("this is no compose document: it has no services")
    found = dict(document["services"])
    for name, service in found.items():
        if not isinstance(name, str) or not isinstance(service, Mapping):
            raise ValueError(f"service {name!r:.60} is no mapping")
    return found


def is_active(service: Mapping[str, Any], profiles: list[str] | None) -> bool:
    """Return whether compose starts the service with these profiles; every service is where they are None."""
    own = service.get("profiles") or []
    return profiles is None or not own or "*" in profiles or any(profile in profiles for profile in own)


def extended(name: str, document: Mapping[str, Any], files: Mapping[str, Any]) -> dict[str, Any]:
    """Return the service with what it extends merged in. files: other documents by path. Raise Unresolved, ValueError."""
    return _extended(name, document, files, 0)


def _extended(name: str, document: Mapping[str, Any], files: Mapping[str, Any], hops: int) -> dict[str, Any]:
    if hops > _HOPS:
        raise ValueError(f"service {name} extends itself")
    known = services(document)
    if name not in known:
        raise ValueError(f"service {name!r:.60} is extended, and there is none")
    own = dict(known[name])
    base = own.pop("extends", None)
    if base is None:
        return own
    wanted = {"service": base} if isinstance(base, str) else base
    if not isinstance(wanted, Mapping) or not isinstance(wanted.get("service"), str):
        raise ValueError(f"service {name}: extends names no service")
    other, path = document, wanted.get("file")
    if path:
        if path not in files:
            raise Unresolved(f"it extends a service of {path!r:.80}: give that document in files")
        other = files[path]
    inherited = _extended(wanted["service"], other, files, hops + 1)
    return merged({key: item for key, item in inherited.items() if key not in _NOT_TAKEN_OVER}, own)


def merged(base: Any, over: Any, key: str = "") -> Any:
    """Return what compose makes of a value and one that is merged over it."""
    if isinstance(base, Mapping) and isinstance(over, Mapping):
        result = dict(base)
        for name, value in over.items():
            result[name] = merged(base[name], value, name) if name in base and name not in _REPLACED else value
        return result
    if isinstance(base, list) and isinstance(over, list) and key not in _REPLACED:
        if key in _BY_TARGET:
            targets = {_target(item) for item in over}
            return [item for item in base if _target(item) not in targets] + over
        return base + [item for item in over if item not in base]
    return over


def _target(item: Any) -> str:
    """Return where the container has it."""
    if isinstance(item, Mapping):
        return str(item.get("target") or item.get("source") or "")
    parts = str(item).split(":")
    return parts[1] if len(parts) > 1 else parts[0]
