# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remove bridges of the kernel that belong to no engine, or make one. I/O, by ioctl, as hosts need not have iproute2."""

import fcntl
import os
import socket
import struct
from typing import Iterable, List

# linux: include/uapi/linux/sockios.h, if.h
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _SIOCBRADDBR, _SIOCBRDELBR, _IFF_UP = 0x8913, 0x8914, 0x89A0, 0x89A1, 0x1
_SIOCSIFADDR, _SIOCSIFNETMASK = 0x8916, 0x891C
_REQUEST = struct.Struct("16sh22x")
# struct sockaddr_in
_ADDRESS = struct.Struct("16sHH4s16x")


def add_bridge(name: str, address: str, mask: str) -> None:
    """Make a bridge without a port, with an address, so that whoever is given it chooses none. Raises OSError."""
    device = name.encode("ascii")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, _SIOCBRADDBR, device.ljust(16, b"\0"))
        for request, value in ((_SIOCSIFADDR, address), (_SIOCSIFNETMASK, mask)):
            fcntl.ioctl(handle, request, _ADDRESS.pack(device, socket.AF_INET, 0, socket.inet_aton(value)))


def remove_bridges(names: Iterable[str]) -> List[str]:
    """Remove those of these bridges that exist and have no port; the names of those that are there still."""
    still = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        for name in names:
            place = f"/sys/class/net/{name}"
            if not os.path.isdir(f"{place}/bridge"):
                continue
            try:
                if os.listdir(f"{place}/brif"):
                    raise OSError("it has ports")
                _remove(handle, name.encode("ascii"))
            except OSError:
                still.append(name)
    return still


def _remove(handle: socket.socket, name: bytes) -> None:
    _name, flags = _REQUEST.unpack(fcntl.ioctl(handle, _SIOCGIFFLAGS, _REQUEST.pack(name, 0)))
    fcntl.ioctl(handle, _SIOCSIFFLAGS, _REQUEST.pack(name, flags & ~_IFF_UP))
    fcntl.ioctl(handle, _SIOCBRDELBR, name.ljust(16, b"\0"))
