# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare a container's inspect before and after: what differs beside the mapping is an error. Pure."""

from typing import Any, Iterator, List, Mapping, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.migration.definition import Definition

# Places, runtime state and ids that are new with a new container.
_OF_CONFIG = ("Image",)
_OF_HOST = ("ContainerIDFile",)
# For which 0 is another value than none: umask 0000 lets everybody write, none is the runtime's 0022.
_EXACT = ("Umask",)
_ENDPOINT = ("IPAMConfig", "Links", "DriverOpts")


def differences(before: Mapping[str, Any], after: Mapping[str, Any], wanted: Definition) -> List[str]:
    """Sentences about what is not as it was, none if all is. wanted: what was asked for, in which ids are names already."""
    expected = dict(wanted.body)
    host = expected.pop("HostConfig")
    expected.pop("NetworkingConfig", None)
    config = dict(before["Config"], **{key: expected[key] for key in expected})
    if "Hostname" not in expected:
        config.pop("Hostname", None)
    texts = list(_unequal("Config", config, after["Config"], _OF_CONFIG))
    texts += _unequal("HostConfig", dict(before["HostConfig"], **host), _by_name(after["HostConfig"], host), _OF_HOST)
    texts += _networks(before, after)
    texts += _mounts(before, after)
    return [f"{inert(wanted.name)}: {text}" for text in texts]


def _by_name(after: Mapping[str, Any], wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """The engine writes the id for the name of another container, and links as the inspect has them."""
    result = dict(after)
    for key in ("NetworkMode", "IpcMode", "PidMode"):
        if str(wanted.get(key) or "").startswith("container:") and str(after.get(key) or "").startswith("container:"):
            result[key] = wanted[key]
    for key in ("Links", "VolumesFrom"):
        if len(after.get(key) or ()) == len(wanted.get(key) or ()):
            result[key] = wanted.get(key)
    return result


def _unequal(place: str, before: Mapping[str, Any], after: Mapping[str, Any], skip: Tuple[str, ...]) -> Iterator[str]:
    for key in sorted(set(before) | set(after)):
        old, new = before.get(key), after.get(key)
        if key in skip or old == new or (not old and not new and key not in _EXACT):
            continue
        if key == "Hostname" and key not in before:
            continue
        yield f"{place}.{key} was {inert(old, 120)} and is {inert(new, 120)}"


def _networks(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old = (before.get("NetworkSettings") or {}).get("Networks") or {}
    new = (after.get("NetworkSettings") or {}).get("Networks") or {}
    if sorted(old) != sorted(new):
        yield f"its networks were {inert(sorted(old), 120)} and are {inert(sorted(new), 120)}"
        return
    for name in sorted(old):
        yield from _unequal(f"network {inert(name, 60)}", _requested(old[name]), _requested(new[name]), ())
        gone = _aliases(before, old[name]) - _aliases(after, new[name])
        if gone:
            yield f"network {inert(name, 60)} lacks the aliases {inert(sorted(gone), 120)}"


def _requested(endpoint: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: endpoint.get(key) for key in _ENDPOINT}


def _aliases(inspect: Mapping[str, Any], endpoint: Mapping[str, Any]) -> set:
    return set(endpoint.get("Aliases") or ()) - {inspect["Id"][:12]}


def _mounts(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = _mount_table(before), _mount_table(after)
    for target in sorted(set(old) | set(new)):
        if old.get(target) != new.get(target):
            yield f"the mount at {inert(target, 120)} was {old.get(target)} and is {new.get(target)}"


def _mount_table(inspect: Mapping[str, Any]) -> Mapping[str, Tuple[Any, ...]]:
    return {
        mount["Destination"]: (
            mount["Type"],
            mount.get("Name") if mount["Type"] == "volume" else mount.get("Source"),
            bool(mount.get("RW", True)),
        )
        for mount in inspect.get("Mounts") or ()
    }
