# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which devices a running container was given, by whomever: the engine, CDI, NRI, a runtime or one of its hooks. Pure.

Three witnesses: the specification that the runtime was started with, the nodes in the container's own /dev, and what
the kernel says that its device control group allows.
"""

from typing import Any, Dict, List, Optional, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import (
    Absent,
    Evidence,
    results_beside,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info
from ansible_collections.containment.docker.plugins.module_utils.linux.device_list import Device
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below, clean
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import device_nodes, on_host

# Beside the six nodes: terminals, which are the container's own devpts, and what runc before 1.2 allowed to each
# container (runc: libcontainer/specconv, AllowedDevices: tun, which needs NET_ADMIN).
_TERMINALS = ((5, 1), (5, 2))
_OF_DEVPTS = range(136, 144)
_TUN = (10, 200)
_REMEMBERED = 1024
_WHITEOUT = (0, 0)  # overlay's mark of a deleted file, which systemd allows: no device at all


_WITNESSES = (
    ("specification", "the runtime was given {}"),
    ("nodes", "it has the node {}"),
    ("device_permissions", "its control group allows {}"),
)


def more_than_asked(evidence: Evidence) -> Optional[List[str]]:
    """What each witness shows beyond what every container has and the site allows; None where there is no witness."""
    allowed = _allowed(evidence)
    witnesses = 0
    sentences = []
    for key, words in _WITNESSES:
        try:
            devices = evidence[key]
        except Absent:
            continue
        if devices is None or (key == "device_permissions" and _is_rootless(evidence)):
            continue
        witnesses += 1
        sentences += [words.format(device.where) for device in devices if not allowed.has(device, key)]
    return sentences if witnesses else None


def _is_rootless(evidence: Evidence) -> bool:
    """A rootless engine can't limit devices, and needs not: what it starts is an ordinary user of the host."""
    try:
        return info.is_rootless(evidence["daemon"]["info"])
    except Absent:
        return False


def _allowed(evidence: Evidence) -> "_Allowed":
    """What a container that asks for no device shares with all others of its host."""
    if evidence["inspect"]["HostConfig"].get("Devices") or "host" not in evidence:
        return _Allowed(evidence)
    results, key = results_beside(evidence["host"]), (_allowed, tuple(evidence["policy"]["allowed_devices"]))
    if key not in results:
        results[key] = _Allowed(evidence)
    return results[key]


class _Allowed:
    """What is harmless, or allowed by the site's allowed_devices: by path, number or permission."""

    def __init__(self, evidence: Evidence) -> None:
        listed = evidence["policy"]["allowed_devices"]
        self.permissions = {_normal(one) for one in listed}
        self.paths = [clean(one) for one in listed if one.startswith("/")]
        self.devices: Set[Any] = set()
        self._known: Dict[Tuple[Device, str], bool] = {}
        places = [on_host.place_of(evidence, path) for path in self.paths]
        for path in evidence["inspect"]["HostConfig"].get("Devices") or ():
            requested = clean(path["PathOnHost"])
            if any(below(requested, one) for one in self.paths):
                places.append(on_host.place_of(evidence, requested))
        self.devices.update((place.kind, place.number) for place in places if place is not None and place.number)

    def has(self, device: Device, witness: str) -> bool:
        """Tell whether the device is harmless or allowed. Containers have much the same ones."""
        key = (device, witness)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = self._has(device, witness)
        return self._known[key]

    def _has(self, device: Device, witness: str) -> bool:
        if "r" not in device.access and "w" not in device.access:
            return True  # mknod alone opens nothing
        if device.number == _WHITEOUT:
            return True
        if (device.kind, device.number) in device_nodes.NUMBERS or (device.kind, device.number) in self.devices:
            return True
        if device.kind == "char" and (device.number in _TERMINALS or device.number[0] in _OF_DEVPTS):
            return True
        if device.where.startswith("/"):
            return False
        if witness == "device_permissions" and (device.kind, device.number) == ("char", _TUN):
            return True
        return _normal(device.where) in self.permissions


def _normal(text: str) -> str:
    """A permission with its letters in order; anything else as it is."""
    words = text.split(" ")
    return " ".join(words[:2] + ["".join(sorted(words[2]))]) if len(words) == 3 else text
