# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read which programs serve a unix socket of the host, as SELinux labels them. Connects to nobody.

linux: security/selinux/hooks.c: the label of the serving socket decides over a connection (selinux_socket_unix_stream_connect)
and over a datagram (selinux_unix_may_send). The kernel shows it for each descriptor of that socket.
"""

import os
from functools import lru_cache
from typing import Dict, FrozenSet, List, NamedTuple, Optional

from ansible_collections.containment.docker.plugins.module_utils.linux import sockets
from ansible_collections.containment.docker.plugins.module_utils.selinux import path_label

_PROCESSES = 20000
_DESCRIPTORS = 1000000


class Listener(NamedTuple):
    """A program that serves a socket.

    label: of its socket; tclass: the SELinux class of that socket, "unix_stream_socket" or "unix_dgram_socket".
    """

    label: str
    tclass: str


@lru_cache(maxsize=64)  # many containers mount the same socket
def list_listeners(path: str) -> FrozenSet[Listener]:
    """List who serves the socket at a path of the host, empty where nobody does or the kernel does not show it.

    A socket that only processes of another pid namespace hold is left out: a container on the host's network can give
    its own socket any path as a name.
    """
    try:
        resolved = path_label.resolve(path, path_label.read_slow_points())
        bound = sockets.bound_to(path, resolved)
    except (OSError, ValueError, path_label.NotLooked):
        return frozenset()
    listeners = set()
    for inode, datagrams in bound.items():
        for descriptor in _descriptors().get(f"socket:[{inode}]", ()):
            label = _label(descriptor, f"socket:[{inode}]")
            if label:
                listeners.add(Listener(label, "unix_dgram_socket" if datagrams else "unix_stream_socket"))
                break
    return frozenset(listeners)


@lru_cache(maxsize=1)  # one pass over all processes serves all mounted sockets
def _descriptors() -> Dict[str, List[str]]:
    """Map each socket, as `socket:[inode]`, to the descriptors of it in this host's own pid namespace."""
    descriptors: Dict[str, List[str]] = {}
    try:
        own = os.readlink("/proc/1/ns/pid")
        processes = [name for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return descriptors
    number = 0
    for process in processes[:_PROCESSES]:
        try:
            if os.readlink(f"/proc/{process}/ns/pid") != own:
                continue
            names = os.listdir(f"/proc/{process}/fd")
        except OSError:
            continue  # it ended
        for name in names:
            number += 1
            link = _link(f"/proc/{process}/fd/{name}")
            if link.startswith("socket:") and number <= _DESCRIPTORS:
                descriptors.setdefault(link, []).append(f"/proc/{process}/fd/{name}")
    return descriptors


def _label(descriptor: str, link: str) -> Optional[str]:
    try:
        value = os.getxattr(descriptor, path_label.XATTR)
    except OSError:
        return None
    # The descriptor may have been closed and its number used again since the pass over all processes.
    return value.rstrip(b"\0").decode("utf-8", "backslashreplace") if _link(descriptor) == link else None


def _link(descriptor: str) -> str:
    try:
        return os.readlink(descriptor)
    except OSError:
        return ""
