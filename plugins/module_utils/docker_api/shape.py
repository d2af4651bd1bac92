# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The types of what rules read of the Engine API's answers and requests: another one passes no rule. Pure.

Go decodes into these types, so that dockerd neither sends nor takes another. null may stand for each: it is Go's zero.
moby: api/types/container/hostconfig.go, container.go (InspectResponse), config.go; api/types/system/info.go
"""

from typing import Any, Dict, Iterable, Iterator, Type

_TYPES = {bool: "true or false", int: "a whole number", str: "a text", list: "a list", dict: "an object"}
_ANY = "*"  # as a key: the values of all keys
_MUST = "!"  # as a key: those that dockerd neither leaves out nor takes empty
_TEXTS = [str]
_MAP = {_ANY: str}
_OBJECT: Dict[str, Any] = {}  # of which no rule reads anything that must have one type
_MOUNT = {
    _MUST: ("Type",),
    "Type": str,
    "Source": str,
    "Target": str,
    "ReadOnly": bool,
    "Consistency": str,
    "BindOptions": {"Propagation": str, "NonRecursive": bool, "CreateMountpoint": bool, "ReadOnlyNonRecursive": bool},
    "VolumeOptions": {"NoCopy": bool, "Labels": _MAP, "DriverConfig": {"Name": str, "Options": _MAP}},
    "TmpfsOptions": _OBJECT,
}
HOST_CONFIG = {
    "Binds": _TEXTS,
    "CapAdd": _TEXTS,
    "CapDrop": _TEXTS,
    "CgroupnsMode": str,
    "CgroupParent": str,
    "DeviceCgroupRules": _TEXTS,
    "DeviceRequests": [{"Driver": str, "Count": int, "DeviceIDs": _TEXTS, "Capabilities": [_TEXTS], "Options": _MAP}],
    "Devices": [{_MUST: ("PathOnHost",), "PathOnHost": str, "PathInContainer": str, "CgroupPermissions": str}],
    "GroupAdd": _TEXTS,
    "Init": bool,
    "IpcMode": str,
    "LogConfig": {"Type": str, "Config": _MAP},
    "MaskedPaths": _TEXTS,
    "Memory": int,
    "Mounts": [_MOUNT],
    "NetworkMode": str,
    "PidMode": str,
    "PidsLimit": int,
    "Privileged": bool,
    "ReadonlyPaths": _TEXTS,
    "ReadonlyRootfs": bool,
    "RestartPolicy": {"Name": str, "MaximumRetryCount": int},
    "Runtime": str,
    "SecurityOpt": _TEXTS,
    "Sysctls": _MAP,
    "Tmpfs": _MAP,
    "UTSMode": str,
    "Umask": int,  # from 29.8 on; null where none is asked for
    "UsernsMode": str,
    "VolumesFrom": _TEXTS,
}
CONTAINER = {
    "Id": str,
    "Name": str,
    "Created": str,
    "Image": str,
    "AppArmorProfile": str,
    "ProcessLabel": str,
    "MountLabel": str,
    "Driver": str,
    "State": {"Status": str, "Running": bool, "Paused": bool, "Pid": int, "StartedAt": str},
    "GraphDriver": {"Name": str, "Data": _MAP},
    "Config": {"User": str, "Labels": _MAP, "Env": _TEXTS, "Image": str},
    "HostConfig": HOST_CONFIG,
    "Mounts": [
        {
            _MUST: ("Type", "Destination", "RW"),
            "Type": str,
            "Name": str,
            "Source": str,
            "Destination": str,
            "Mode": str,
            "Driver": str,
            "RW": bool,
            "Propagation": str,
        }
    ],
}
_EVERY_REQUEST = ("Config", "HostConfig")
_EVERY_IDENTITY = ("Id", "Name", "Image")
_EVERY_INSPECT = _EVERY_REQUEST + ("State",)
INFO = {
    "ServerVersion": str,
    "SecurityOptions": _TEXTS,
    "LiveRestoreEnabled": bool,
    "Driver": str,
    "DriverStatus": [_TEXTS],
    "ExperimentalBuild": bool,
    "LoggingDriver": str,
    "CgroupVersion": str,
    "CgroupDriver": str,
    "Debug": bool,
    "Warnings": _TEXTS,
    "DockerRootDir": str,
    "KernelVersion": str,
    "Architecture": str,
    "DefaultRuntime": str,
    "Runtimes": _OBJECT,
    "Plugins": {"Authorization": _TEXTS},
    "MemTotal": int,
    "MemoryLimit": bool,
    "PidsLimit": bool,
    "RegistryConfig": {
        "InsecureRegistryCIDRs": _TEXTS,
        "IndexConfigs": {_ANY: {"Name": str, "Mirrors": _TEXTS, "Secure": bool, "Official": bool}},
        "Mirrors": _TEXTS,
    },
    "FirewallBackend": {"Driver": str, "Info": [_TEXTS]},
    "Swarm": {"LocalNodeState": str},
}
IMAGE = {"RepoDigests": _TEXTS, "Config": {"User": str, "Labels": _MAP}}
VOLUMES = {"Volumes": [{"Name": str, "Driver": str, "Options": _MAP}]}
# moby: daemon/container/container.go, as the engine stores it in config.v2.json
STORED = {"NoNewPrivileges": bool, "SeccompProfile": str, "AppArmorProfile": str, "ProcessLabel": str}
NETWORK = {
    "Name": str,
    "Id": str,
    "Options": _MAP,
    "Internal": bool,
    "EnableIPv4": bool,
    "EnableIPv6": bool,
    "IPAM": {"Config": [{"Subnet": str}]},
}
BRIDGE = {"Name": str, "EnableIPv4": bool, "EnableIPv6": bool, "Internal": bool, "Options": _MAP}


def container_problem(inspect: Any, engine: bool = True) -> str:
    """Say what is not as an engine has it in a container's inspect, or lacks that each has; "" if all is right.

    engine: whether an engine said it; what was made of a create request has no name, id and state.
    """
    if not isinstance(inspect, dict):
        return "the container's inspect is no object"
    lacking = [key for key in (_EVERY_INSPECT if engine else _EVERY_REQUEST) if not isinstance(inspect.get(key), dict)]
    lacking += [key for key in _EVERY_IDENTITY if engine and not inspect.get(key)]
    return f"it has no {lacking[0]}" if lacking else problem(inspect, CONTAINER)


def document_problem(value: Any, shape: Any) -> str:
    """As problem, of a whole answer or file: that must be an object."""
    return problem(value, shape) if isinstance(value, dict) else f"it is {value!r:.80}, and no object"


def _fits(value: Any, shape: Any) -> bool:
    """Tell quickly that nothing is wrong; where it is False, problem finds out what. Most values of all inspects fit."""
    # pylint: disable=unidiomatic-typecheck
    kind = type(value)
    if isinstance(shape, type):
        return kind is shape
    if kind is not type(shape):
        return False
    if kind is list:
        for one in value:
            if one is None or not _fits(one, shape[0]):
                return False
        return True
    every = shape.get(_ANY)
    if every is not None:
        for one in value.values():
            if one is not None and not _fits(one, every):
                return False
        return True
    for key in shape.get(_MUST, ()):
        if value.get(key) is None:
            return False
    for key, wanted in shape.items():
        one = value.get(key)
        if one is not None and key != _MUST and type(one) is not wanted and not _fits(one, wanted):
            return False
    return True


def problem(value: Any, shape: Any, place: str = "") -> str:
    """Say what in a decoded JSON value is not of its type, in one sentence; "" if all is. place: the value's own name."""
    return "" if value is None or _fits(value, shape) else _explain(value, shape, place)


def _explain(value: Any, shape: Any, place: str) -> str:
    if value is None:
        return ""
    kind: Type[Any] = shape if isinstance(shape, type) else type(shape)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        return f"{place or 'it'} is {value!r:.80}, where the Engine API has {_TYPES[kind]}"
    if isinstance(shape, list):
        if None in value:  # Go writes and takes none there, and nobody knows what it would mean
            return f"{place or 'it'} has an empty item"
        parts: Iterator[str] = (_explain(item, shape[0], f"{place}[{int(index)}]") for index, item in enumerate(value))
    elif isinstance(shape, dict):
        for key in shape.get(_MUST, ()):
            if value.get(key) is None:
                return f"{place or 'it'} has no {key}"
        before = place + "." if place else ""
        keys: Iterable[str] = value if _ANY in shape else [key for key in shape if key in value]
        parts = (_explain(value[key], shape.get(_ANY) or shape[key], before + str(key)) for key in keys)
    else:
        return ""
    return next((part for part in parts if part), "")
