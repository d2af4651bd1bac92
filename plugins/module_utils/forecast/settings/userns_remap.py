# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""userns-remap: containers get ids of their own, and the engine another data root. Pure.

moby: daemon/daemon_unix.go, verifyPlatformContainerSettings.
"""

import re
from typing import Any, Iterable, List, Mapping, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import CERTAIN, LIKELY, POSSIBLE, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting
from ansible_collections.containment.docker.plugins.module_utils.forecast.settings import (
    userns_files,
    userns_host,
    userns_ids,
)

NAME = "userns-remap"
_ANONYMOUS = re.compile(r"[0-9a-f]{64}\Z")  # made anew with each container
_KEEP = "run it with --userns=host, where it has to stay as it is"
# What only the host's own user namespace grants (linux: capable() instead of ns_capable()).
_HOST_CAPABILITIES = {
    "SYS_TIME": "set the clock",
    "SYS_MODULE": "load kernel modules",
    "SYS_RAWIO": "use raw devices and ports",
    "SYS_BOOT": "reboot",
    "SYS_NICE": "raise priorities of the host's scheduler",
    "SYS_RESOURCE": "go beyond limits",
    "SYS_PACCT": "switch process accounting",
    "SYS_TTY_CONFIG": "configure terminals",
    "SYSLOG": "read the kernel's log",
    "MKNOD": "make device nodes",
    "IPC_LOCK": "lock memory beyond its limit",
    "LINUX_IMMUTABLE": "change immutable files",
    "DAC_READ_SEARCH": "open files by handle",
    "AUDIT_CONTROL": "configure the audit system",
    "MAC_ADMIN": "change the LSM's policy",
    "BPF": "load BPF programs",
    "PERFMON": "watch other processes",
    "WAKE_ALARM": "wake the machine",
    "BLOCK_SUSPEND": "keep the machine awake",
    "SYS_ADMIN": "mount filesystems of the host",
}


def of_container(name: str, evidence: Evidence) -> Iterable[Item]:
    """Say what of a container is refused by the engine, or does not work with its new ids."""
    inspect, remapping = evidence["inspect"], evidence["remapping"]
    config = inspect["HostConfig"]
    if remapping.turned_off:
        return
    for mount in inspect.get("Mounts") or ():
        if mount.get("Type") == "volume":
            yield from _volume(name, mount, evidence)
    yield from _addresses(name, inspect)
    if config.get("UsernsMode") == "host":
        return
    yield from _refused(name, config)
    yield from _across(name, config, evidence)
    yield from _capabilities(name, config)
    if not config.get("Privileged"):
        yield from userns_files.of_container(name, evidence)


def _volume(name: str, mount: Mapping[str, Any], evidence: Evidence) -> Iterable[Item]:
    driver = mount.get("Driver") or "local"
    volume = str(mount.get("Name") or "")
    if driver != "local":
        yield Item(
            NAME,
            "volume-driver",
            subject_of(name, volume),
            LIKELY,
            f"the volume driver {driver} gives files ids of the host, which the container's processes don't have any more",
            "ask the driver's documentation for remapped ids, or run the container with --userns=host",
            {"Driver": driver},
        )
    elif not _ANONYMOUS.match(volume) and _has_files(mount, evidence):
        yield Item(
            NAME,
            "volume",
            subject_of(name, volume),
            LIKELY,
            f"its volume {volume} stays behind in the old data root: it starts with an empty one",
            "copy the volume into the new data root, with owners shifted to the new range, before it is started",
            {"Destination": mount.get("Destination")},
        )


def _addresses(name: str, inspect: Mapping[str, Any]) -> Iterable[Item]:
    """Addresses that somebody has chosen: their networks stay behind, and made anew have the subnet that is asked for then."""
    networks = (inspect.get("NetworkSettings") or {}).get("Networks") or {}
    for network, endpoint in sorted(networks.items()):
        fixed = (endpoint or {}).get("IPAMConfig") or {}
        addresses = [str(fixed[key]) for key in ("IPv4Address", "IPv6Address") if fixed.get(key)]
        if addresses:
            yield Item(
                NAME,
                "fixed-address",
                subject_of(name, str(network)),
                POSSIBLE,
                f"it has {' and '.join(addresses)} in the network {network}, which stays behind in the old data root: in one "
                "that is made anew with another subnet it can't be started",
                f"make {network} anew with the same subnet (docker network create --subnet; docker_daemon_migrate does so)",
                {"addresses": ", ".join(addresses)},
            )


def _has_files(mount: Mapping[str, Any], evidence: Evidence) -> bool:
    """Whether there is anything in a volume that could be missed; True where that can't be seen."""
    path = str(mount.get("Source") or "")
    return not path or any(True for _file in evidence["tree_at"](path).files()) or evidence["file_at"](path) is None


def refused_by_engine(config: Mapping[str, Any]) -> List[Tuple[str, str]]:
    """List (kind of the item, option) of what a remapped engine refuses. config: a container's HostConfig."""
    if config.get("UsernsMode") == "host":
        return []
    options = [
        ("privileged", bool(config.get("Privileged")), "--privileged"),
        ("host-network", config.get("NetworkMode") == "host", "--network=host"),
        ("host-pid", config.get("PidMode") == "host", "--pid=host"),
    ]
    return [(kind, option) for kind, is_asked, option in options if is_asked]


def _refused(name: str, config: Mapping[str, Any]) -> Iterable[Item]:
    for kind, option in refused_by_engine(config):
        yield Item(
            NAME,
            kind,
            subject_of(name),
            CERTAIN,
            f"the engine refuses {option} for a container that has a user namespace",
            f"leave {option} out, or {_KEEP}",
        )
    if config.get("IpcMode") == "host" and not config.get("Privileged"):
        yield Item(
            NAME,
            "host-ipc",
            subject_of(name),
            CERTAIN,
            "with --ipc=host runc can't mount /dev/mqueue from a user namespace, and the container does not start",
            f"leave --ipc=host out, or {_KEEP}",
        )


def _across(name: str, config: Mapping[str, Any], evidence: Evidence) -> Iterable[Item]:
    """What it shares with a container that stays in the host's user namespace."""
    for kind in ("Network", "Pid", "Ipc"):
        mode, _colon, other = str(config.get(kind + "Mode") or "").partition(":")
        if mode == "container" and evidence["modes_of"](other).get("UsernsMode") == "host":
            yield Item(
                NAME,
                f"{kind.lower()}-of",
                subject_of(name),
                CERTAIN,
                f"it joins the {kind.lower()} namespace of a container that stays in the host's user namespace, "
                "and can't from its own",
                "run both with --userns=host, or both without",
                {f"{kind}Mode": config.get(f"{kind}Mode")},
            )


def _capabilities(name: str, config: Mapping[str, Any]) -> Iterable[Item]:
    if config.get("Privileged"):
        return
    names = [str(item).upper() for item in config.get("CapAdd") or ()]
    names = [item[4:] if item.startswith("CAP_") else item for item in names]
    for capability in sorted(set(names) & set(_HOST_CAPABILITIES)):
        yield Item(
            NAME,
            "host-capability",
            subject_of(name, capability),
            LIKELY,
            f"{capability} to {_HOST_CAPABILITIES[capability]} counts only in the host's user namespace",
            f"leave it out where it is not needed, or {_KEEP}",
            {"CapAdd": capability},
        )
    if "ALL" in names:
        yield Item(
            NAME,
            "host-capability",
            subject_of(name, "ALL"),
            POSSIBLE,
            "of the capabilities that it has many count only in the host's user namespace",
            f"give it only what it needs, or {_KEEP}",
            {"CapAdd": "ALL"},
        )


SETTING = Setting(
    NAME, of_host=userns_host.of_host, of_container=of_container, note=userns_ids.note, of_all=userns_ids.of_all
)
