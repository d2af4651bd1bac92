# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container-create request in the shape of an inspect. Pure."""

from typing import Any, Dict, Mapping

_DRIVER = {"Name": None, "Options": None}
_MOUNT = {
    "Type": None,
    "Source": None,
    "Target": None,
    "ReadOnly": None,
    "Consistency": None,
    "BindOptions": dict.fromkeys(
        (
            "Propagation",
            "NonRecursive",
            "CreateMountpoint",
            "ReadOnlyNonRecursive",
            "ReadOnlyForceRecursive",
        )
    ),
    "VolumeOptions": {"NoCopy": None, "Labels": None, "Subpath": None, "DriverConfig": _DRIVER},
    "ImageOptions": {"Subpath": None},
    "TmpfsOptions": {"SizeBytes": None, "Mode": None, "Options": None},
    "ClusterOptions": {},
}
# moby: api/types/container/hostconfig.go, v20.10 to 29.10
_HOST_CONFIG: Dict[str, Any] = dict.fromkeys(
    (
        "Annotations",
        "AutoRemove",
        "Binds",
        "BlkioDeviceReadBps",
        "BlkioDeviceReadIOps",
        "BlkioDeviceWriteBps",
        "BlkioDeviceWriteIOps",
        "BlkioWeight",
        "BlkioWeightDevice",
        "CapAdd",
        "CapDrop",
        "Cgroup",
        "CgroupParent",
        "CgroupnsMode",
        "ConsoleSize",
        "ContainerIDFile",
        "CpuCount",
        "CpuPercent",
        "CpuPeriod",
        "CpuQuota",
        "CpuRealtimePeriod",
        "CpuRealtimeRuntime",
        "CpuShares",
        "CpusetCpus",
        "CpusetMems",
        "DeviceCgroupRules",
        "Dns",
        "DnsOptions",
        "DnsSearch",
        "ExtraHosts",
        "GroupAdd",
        "IOMaximumBandwidth",
        "IOMaximumIOps",
        "Init",
        "IpcMode",
        "Isolation",
        "KernelMemory",
        "KernelMemoryTCP",
        "Links",
        "LogConfig",
        "MaskedPaths",
        "Memory",
        "MemoryReservation",
        "MemorySwap",
        "MemorySwappiness",
        "NanoCpus",
        "NetworkMode",
        "OomKillDisable",
        "OomScoreAdj",
        "PidMode",
        "PidsLimit",
        "PortBindings",
        "Privileged",
        "PublishAllPorts",
        "ReadonlyPaths",
        "ReadonlyRootfs",
        "RestartPolicy",
        "Runtime",
        "SecurityOpt",
        "ShmSize",
        "StorageOpt",
        "Sysctls",
        "Tmpfs",
        "UTSMode",
        "Ulimits",
        "Umask",
        "UsernsMode",
        "VolumeDriver",
        "VolumesFrom",
    )
)
_HOST_CONFIG.update(
    Mounts=_MOUNT,
    Devices=dict.fromkeys(("PathOnHost", "PathInContainer", "CgroupPermissions")),
    DeviceRequests=dict.fromkeys(("Driver", "Count", "DeviceIDs", "Capabilities", "Options")),
)
# moby: api/types/container/config.go; these stand at the top of a request
_REQUEST: Dict[str, Any] = dict.fromkeys(
    (
        "ArgsEscaped",
        "AttachStderr",
        "AttachStdin",
        "AttachStdout",
        "Cmd",
        "Domainname",
        "Entrypoint",
        "Env",
        "ExposedPorts",
        "Healthcheck",
        "Hostname",
        "Image",
        "Labels",
        "MacAddress",
        "NetworkDisabled",
        "NetworkingConfig",
        "OnBuild",
        "OpenStdin",
        "Shell",
        "StdinOnce",
        "StopSignal",
        "StopTimeout",
        "Tty",
        "User",
        "Volumes",
        "WorkingDir",
    )
)
_REQUEST["HostConfig"] = _HOST_CONFIG


def as_inspect(request: Mapping[str, Any]) -> Dict[str, Any]:
    """{"Config": …, "HostConfig": …} of a create request: what is not asked is absent, as the daemon decides it.

    ValueError for what is no create request, and for a known key in another letter case: dockerd takes it (Go's
    encoding/json does not regard case), while no rule here would see it.
    """
    if _of_compose(request):
        raise ValueError(
            "this is a compose file's, and these rules read what Docker makes of it: give the inspect of its container, "
            "or a create request as the API takes it (Image, HostConfig)"
        )
    _check_case(request, _REQUEST, "")
    host_config = {} if request.get("HostConfig") is None else request["HostConfig"]
    if "Image" not in request or not isinstance(host_config, Mapping):
        raise ValueError("neither an inspect (Config, State) nor a create request (Image, HostConfig)")
    config = {key: value for key, value in request.items() if key not in ("HostConfig", "NetworkingConfig")}
    return {"Config": config, "HostConfig": dict(host_config)}


def _of_compose(document: Mapping[str, Any]) -> bool:
    """Whether it is a whole compose file or one of its services. Either way it is no request, as all names are lower case."""
    keys = [str(key) for key in document]
    return all(key == key.lower() for key in keys) and any(key in keys for key in ("services", "image", "build"))


def _check_case(request: Mapping[str, Any], known: Mapping[str, Any], place: str) -> None:
    canonical = {name.lower(): name for name in known}
    for key, value in request.items():
        name = canonical.get(str(key).lower())
        if name is None:
            continue
        if key != name:
            raise ValueError(f"{place}{key} must be written {name}")
        if known[name] is not None:
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, Mapping):
                    _check_case(item, known[name], place + name + ".")
