# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How `docker run` and a compose file write what the API calls a container's HostConfig. Pure.

docker/cli: cli/command/container/opts.go, opts/mount.go, opts/gpus.go; compose-spec: 05-services.md
"""

from typing import Any, Dict, Iterable, Iterator, Mapping, NamedTuple, Optional


class Syntax(NamedTuple):
    """The flag, compose's key, and whether these hold one item of a list."""

    flag: str
    compose: str
    many: bool = False


FIELDS = {
    "Binds": Syntax("volume", "volumes", True),
    "CapAdd": Syntax("cap-add", "cap_add", True),
    "CapDrop": Syntax("cap-drop", "cap_drop", True),
    "CgroupParent": Syntax("cgroup-parent", "cgroup_parent"),
    "CgroupnsMode": Syntax("cgroupns", "cgroup"),
    "DeviceCgroupRules": Syntax("device-cgroup-rule", "device_cgroup_rules", True),
    "DeviceRequests": Syntax("gpus", "gpus", True),
    "Devices": Syntax("device", "devices", True),
    "GroupAdd": Syntax("group-add", "group_add", True),
    "Init": Syntax("init", "init"),
    "IpcMode": Syntax("ipc", "ipc"),
    "LogConfig": Syntax("log-opt", "logging"),
    "Memory": Syntax("memory", "mem_limit"),
    "Mounts": Syntax("mount", "volumes", True),
    "NetworkMode": Syntax("network", "network_mode"),
    "PidMode": Syntax("pid", "pid"),
    "PidsLimit": Syntax("pids-limit", "pids_limit"),
    "Privileged": Syntax("privileged", "privileged"),
    "ReadonlyRootfs": Syntax("read-only", "read_only"),
    "RestartPolicy": Syntax("restart", "restart"),
    "Runtime": Syntax("runtime", "runtime"),
    "SecurityOpt": Syntax("security-opt", "security_opt", True),
    "UTSMode": Syntax("uts", "uts"),
    "Umask": Syntax("umask", "umask"),
    "User": Syntax("user", "user"),
    "UsernsMode": Syntax("userns", "userns_mode"),
    "VolumesFrom": Syntax("volumes-from", "volumes_from", True),
}


def flag_value(field: str, value: Any) -> str:
    """What stands behind the flag, not yet quoted."""
    if field == "Mounts":
        return _comma_separated(_mount_options(value))
    if field == "DeviceRequests":
        return _comma_separated(_gpu_options(value))
    return _text(field, value)


def compose_value(field: str, value: Any) -> Any:
    """What stands behind the key, one item of it where it is a list, as data."""
    if field == "Mounts":
        return _long_volume(value)
    if field == "DeviceRequests":
        return _gpu(value)
    if field == "LogConfig":
        key, _equals, option = value.partition("=")
        return {"options": {key: option}}
    if field == "VolumesFrom":
        return "container:" + value
    if field == "Umask":
        return _text(field, value)  # as a text, or YAML of some age would read it as a decimal number
    return value if isinstance(value, (bool, int)) else _text(field, value)


def _text(field: str, value: Any) -> str:
    if field == "SecurityOpt":
        # The client sends the file's text, so the engine doesn't know its name.
        key, _separator, profile = value.partition("=" if "=" in value else ":")
        return value if key != "seccomp" or profile in ("unconfined", "builtin") else "seccomp=FILE"
    if field in ("CapAdd", "CapDrop"):
        name = value.upper()
        return name[len("CAP_") :] if name.startswith("CAP_") else name
    if field == "Devices" and isinstance(value, Mapping):
        return _device(value["PathOnHost"], value.get("PathInContainer"), value.get("CgroupPermissions"))
    if field == "Umask" and isinstance(value, int):
        return f"{value:04o}"
    return str(value)


def _device(path: str, inside: Optional[str], permissions: Optional[str]) -> str:
    rights = [permissions] if permissions and permissions != "rwm" else []
    return ":".join([path] + ([inside or path] if rights or inside not in (None, "", path) else []) + rights)


def _mount_options(mount: Mapping[str, Any]) -> Iterator[str]:
    bind, volume = mount.get("BindOptions") or {}, mount.get("VolumeOptions") or {}
    driver = volume.get("DriverConfig") or {}
    yield f"type={mount['Type']}"
    if mount.get("Source"):
        yield f"source={mount['Source']}"
    yield f"target={mount.get('Target') or ''}"
    if mount.get("ReadOnly"):
        yield "readonly"
    if bind.get("Propagation"):
        yield f"bind-propagation={bind['Propagation']}"
    if bind.get("NonRecursive"):
        yield "bind-nonrecursive"
    if bind.get("ReadOnlyNonRecursive") or bind.get("ReadOnlyForceRecursive"):
        yield f"bind-recursive={'readonly' if bind.get('ReadOnlyForceRecursive') else 'writable'}"
    if driver.get("Name"):
        yield f"volume-driver={driver['Name']}"
    for key, value in (driver.get("Options") or {}).items():
        yield f"volume-opt={key}={value}"


def _long_volume(mount: Mapping[str, Any]) -> Dict[str, Any]:
    """In compose the options of a volume's driver stand where the volume is declared, not where it is used."""
    document = {"type": mount["Type"]}
    if mount.get("Source"):
        document["source"] = mount["Source"]
    document["target"] = mount.get("Target") or ""
    if mount.get("ReadOnly"):
        document["read_only"] = True
    bind = mount.get("BindOptions") or {}
    options = {}
    if bind.get("Propagation"):
        options["propagation"] = bind["Propagation"]
    for key, word in (
        ("NonRecursive", "disabled"),
        ("ReadOnlyNonRecursive", "writable"),
        ("ReadOnlyForceRecursive", "readonly"),
    ):
        if bind.get(key):
            options["recursive"] = word
    return dict(document, bind=options) if options else document


def _gpu_options(request: Mapping[str, Any]) -> Iterator[str]:
    names = request.get("DeviceIDs")
    if request.get("Driver"):
        yield f"driver={request['Driver']}"
    if names:
        yield f"device={','.join(map(str, names))}"
    else:
        yield "all" if request.get("Count") == -1 else f"count={request.get('Count') or 0}"


def _gpu(request: Mapping[str, Any]) -> Dict[str, Any]:
    document = {"driver": request["Driver"]} if request.get("Driver") else {}
    if request.get("DeviceIDs"):
        return dict(document, device_ids=list(request["DeviceIDs"]))
    return dict(document, count="all" if request.get("Count") == -1 else request.get("Count") or 0)


def _comma_separated(fields: Iterable[Any]) -> str:
    """As Go's encoding/csv reads it."""
    return ",".join('"' + f.replace('"', '""') + '"' if set(f) & set(',"\r\n') else f for f in fields)
