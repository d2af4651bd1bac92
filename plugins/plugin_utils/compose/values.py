# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a compose file's keys as the Engine API has them. Pure; each raises ValueError, which names the key."""

import re
from collections.abc import Mapping
from typing import Any

_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?) ?([kmgtp]?)i?b?\Z", re.I)
_TRUE, _FALSE = ("true", "yes", "on", "y", "1", "t"), ("false", "no", "off", "n", "0", "f", "")


def _wrong(key: str, wanted: str, value: Any) -> ValueError:
    return ValueError(f"{key} takes {wanted}, not {value!r:.60}")


def mapping(value: Any, key: str) -> Mapping[str, Any]:
    """Return a mapping as it is."""
    if not isinstance(value, Mapping):
        raise _wrong(key, "a mapping", value)
    return value


def text(value: Any, key: str) -> str:
    """Return a text; numbers are written out."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _wrong(key, "a text", value)
    return str(value)


def texts(value: Any, key: str) -> list[str]:
    """Return a list of texts."""
    if not isinstance(value, list):
        raise _wrong(key, "a list", value)
    return [text(item, key) for item in value]


def boolean(value: Any, key: str) -> bool:
    """Return true or false, which a variable gives as text."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else None
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise _wrong(key, "true or false", value)


def number(value: Any, key: str) -> int:
    """Return a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.match(r"-?[0-9]{1,15}\Z", value.strip()):
        return int(value)
    raise _wrong(key, "a whole number", value)


def size(value: Any, key: str) -> int:
    """Return bytes, in powers of 1024."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = _SIZE.match(value.strip()) if isinstance(value, str) else None
    if not match:
        raise _wrong(key, "a size", value)
    return int(float(match.group(1)) * 1024 ** " kmgtp".index(match.group(2).lower() or " "))


def mode(value: Any, key: str) -> str:
    """Return a namespace's mode."""
    return text(value, key)


def pairs(value: Any, key: str) -> dict[str, str]:
    """Return a mapping of texts, which may be a list of NAME=value."""
    if isinstance(value, list):
        return {name: rest for name, _equals, rest in (text(item, key).partition("=") for item in value)}
    return {str(name): text(item, key) for name, item in mapping(value, key).items()}


def tmpfs(value: Any, key: str) -> dict[str, str]:
    """Return {path: options}."""
    items = [value] if isinstance(value, str) else value
    return {path: options for path, _colon, options in (item.partition(":") for item in texts(items, key))}


def restart(value: Any, key: str) -> dict[str, Any]:
    """Return a restart policy."""
    name, _colon, tries = ("no" if value is False else text(value, key)).partition(":")
    return {"Name": name, "MaximumRetryCount": number(tries, key) if tries else 0}


def deploy_restart(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return the restart policy that compose makes of deploy.restart_policy."""
    names = {"": "no", "none": "no", "any": "always", "on-failure": "on-failure"}
    condition = policy.get("condition") or ""  # 2.40 takes none for a policy that names no condition
    if condition not in names:
        raise _wrong("deploy.restart_policy.condition", "none, on-failure or any", condition)
    return {"Name": names[condition], "MaximumRetryCount": number(policy.get("max_attempts") or 0, "max_attempts")}


def logging(value: Any, key: str) -> dict[str, Any]:
    """Return a log driver and its options. Without a driver the daemon's decides."""
    entry = mapping(value, key)
    options = pairs(entry.get("options") or {}, key + ".options")
    return {"Type": text(entry.get("driver") or "", key + ".driver"), "Config": options}


def devices(value: Any, key: str) -> list[dict[str, str]]:
    """Return devices. Those of CDI have a name of another form, and nobody knows here what is behind one."""
    if not isinstance(value, list):
        raise _wrong(key, "a list", value)
    return [_device(item, key) for item in value]


def _device(item: Any, key: str) -> dict[str, str]:
    if isinstance(item, Mapping):
        source = text(item.get("source") or "", key)
        target, permissions = text(item.get("target") or source, key), text(item.get("permissions") or "rwm", key)
    else:
        parts = text(item, key).split(":")
        if len(parts) == 2 and not parts[1].startswith("/"):
            parts.insert(1, parts[0])
        source, target = parts[0], parts[1] if len(parts) > 1 else parts[0]
        permissions = parts[2] if len(parts) > 2 else "rwm"
    return {"PathOnHost": source, "PathInContainer": target, "CgroupPermissions": permissions}


def gpus(value: Any, key: str) -> list[dict[str, Any]]:
    """Return requests for devices."""
    if value == "all":
        return [{"Driver": "", "Count": -1, "DeviceIDs": None, "Capabilities": [["gpu"]], "Options": None}]
    if not isinstance(value, list):
        raise _wrong(key, "all or a list", value)
    return [_request(mapping(item, key), key) for item in value]


def _request(item: Mapping[str, Any], key: str) -> dict[str, Any]:
    ids = item.get("device_ids")
    count = item.get("count", 0 if ids else -1)
    return {
        "Driver": text(item.get("driver") or "", key),
        "Count": -1 if count == "all" else number(count, key),
        "DeviceIDs": texts(ids, key) if ids else None,
        "Capabilities": [texts(item.get("capabilities") or ["gpu"], key)],
        "Options": pairs(item.get("options") or {}, key),
    }


def volumes_from(value: Any, key: str) -> list[str]:
    """Return containers; of a service compose takes the container, whose name is not known here."""
    return [item[len("container:") :] if item.startswith("container:") else item for item in texts(value, key)]
