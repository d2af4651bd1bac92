# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service of a compose file has mounted, as the Engine API has it. Pure."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.containment.docker.plugins.plugin_utils.compose import values
from ansible_collections.containment.docker.plugins.plugin_utils.compose.place import Place
from ansible_collections.containment.docker.plugins.plugin_utils.compose.variables import Unresolved, resolve

_API_SOCKET = "/var/run/docker.sock"
_WINDOWS = re.compile(r"[A-Za-z]:[\\/]")
# Where a project lies that nobody names: no sensitive place, and nothing leads out of it but "..", which is not guessed.
_PROJECT = "/srv/(compose project)"


def of_service(service: Mapping[str, Any], document: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Return {"Binds": [...], "Mounts": [...]}. Raise Unresolved, ValueError."""
    binds: list[str] = []
    mounts: list[dict[str, Any]] = []
    for item in _list(service, "volumes", place):
        if isinstance(item, str):
            _short(item, document, place, binds, mounts)
        else:
            mount = _long(values.mapping(item, "volumes"), document, place)
            relabel = values.text(
                values.mapping(item.get("bind") or {}, "volumes.bind").get("selinux") or "", "selinux"
            )
            if relabel and mount["Type"] == "bind":
                options = ["ro" if mount["ReadOnly"] else "rw", relabel]
                options += filter(None, [mount.get("BindOptions", {}).get("Propagation")])
                binds.append(f"{mount['Source']}:{mount['Target']}:{','.join(options)}")
            else:
                mounts.append(mount)
    for key, directory in (("secrets", "/run/secrets/"), ("configs", "/")):
        mounts.extend(_files(service, document, place, key, directory))
    if values.boolean(resolve(service.get("use_api_socket") or False, place.variables), "use_api_socket"):
        binds.append(f"{_API_SOCKET}:{_API_SOCKET}")
    return {"Binds": binds, "Mounts": mounts}


def _list(service: Mapping[str, Any], key: str, place: Place) -> list[Any]:
    items = resolve(service.get(key) or [], place.variables)
    if not isinstance(items, list):
        raise ValueError(f"{key} takes a list, not {items!r:.60}")
    return items


def _short(
    item: str, document: Mapping[str, Any], place: Place, binds: list[str], mounts: list[dict[str, Any]]
) -> None:
    """SOURCE:TARGET[:OPTIONS], or a target alone, which is an anonymous volume."""
    if _WINDOWS.match(item):
        raise Unresolved(f"its volume {item!r:.60} is a path of Windows")
    source, colon, rest = item.partition(":")
    if not colon:
        return
    target, _colon, options = rest.partition(":")
    if source[:1] in ("/", ".", "~"):
        binds.append(":".join(filter(None, (_host_path(source, place), target, options))))
    else:
        mounts.append(_volume(source, target, "ro" in options.split(","), document, place))


def _long(item: Mapping[str, Any], document: Mapping[str, Any], place: Place) -> dict[str, Any]:
    kind = values.text(item.get("type") or "volume", "volumes.type")
    source, target = (values.text(item.get(key) or "", f"volumes.{key}") for key in ("source", "target"))
    read_only = values.boolean(item.get("read_only") or False, "volumes.read_only")
    if kind == "volume":
        return _volume(source, target, read_only, document, place)
    mount: dict[str, Any] = {"Type": kind, "Target": target, "ReadOnly": read_only}
    if kind == "bind":
        mount["Source"] = _host_path(source, place)
        options = values.mapping(item.get("bind") or {}, "volumes.bind")
        if options.get("propagation"):
            mount["BindOptions"] = {"Propagation": values.text(options["propagation"], "volumes.bind.propagation")}
    elif kind == "npipe":
        raise Unresolved("it mounts a named pipe of Windows")
    elif source:
        mount["Source"] = source
    return mount


def _volume(name: str, target: str, read_only: bool, document: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """A named volume, with the options that it will be made with; what an external one was made with nobody says here."""
    mount: dict[str, Any] = {"Type": "volume", "Source": name, "Target": target, "ReadOnly": read_only}
    volumes = values.mapping(document.get("volumes") or {}, "volumes of the document")
    volume = resolve(values.mapping(volumes.get(name) or {}, f"volume {name:.60}"), place.variables)
    if volume.get("external"):
        raise Unresolved(f"its volume {name!r:.60} is external: what it shows of the host only its engine knows")
    if volume.get("driver_opts") or volume.get("driver"):
        options = values.pairs(volume.get("driver_opts") or {}, f"driver_opts of volume {name:.60}")
        driver = values.text(volume.get("driver") or "local", "driver")
        mount["VolumeOptions"] = {"DriverConfig": {"Name": driver, "Options": options}}
    return mount


def _files(
    service: Mapping[str, Any], document: Mapping[str, Any], place: Place, key: str, directory: str
) -> Iterator[dict[str, Any]]:
    """Secrets and configs from a file are binds of it, read-only."""
    for item in _list(service, key, place):
        name = item if isinstance(item, str) else values.text(values.mapping(item, key).get("source") or "", key)
        target = name if isinstance(item, str) else values.text(item.get("target") or name, key)
        known = values.mapping(document.get(key) or {}, f"{key} of the document")
        if name not in known:
            raise ValueError(f"{key}: there is no {name!r:.60}")
        source = resolve(values.mapping(known[name] or {}, f"{key} {name:.60}"), place.variables).get("file")
        if source:
            path = _host_path(values.text(source, f"{key}.file"), place)
            yield {"Type": "bind", "Source": path, "Target": posixpath.join(directory, target), "ReadOnly": True}


def _host_path(path: str, place: Place) -> str:
    """Return a path of the host as an absolute one."""
    if path.startswith("~"):
        home = place.variables.get("HOME")
        if not home or path[1:2] not in ("", "/"):
            raise Unresolved(f"{path!r:.80} is below a home directory: name HOME in variables")
        path = home + path[1:]
    if path.startswith("/"):
        return posixpath.normpath(path)
    if place.project:
        return posixpath.normpath(posixpath.join(place.project, path))
    inside = posixpath.normpath(posixpath.join(place.below, path))
    if inside.startswith(("..", "/")):
        raise Unresolved(f"{path!r:.80} leads out of the project: give its directory in project_directory")
    return posixpath.normpath(posixpath.join(_PROJECT, inside))
