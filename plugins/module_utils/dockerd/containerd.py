# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which containerd a dockerd uses, whether it answers, and where it keeps its data. Reads only.

moby: cmd/dockerd/daemon_unix.go and daemon/command/daemon.go (initContainerd, systemContainerdRunning)
"""

import os
import re
import socket
from typing import Any, Dict, Mapping, Optional

DEFAULT_SOCKET, DEFAULT_ROOT, CONFIG = (
    "/run/containerd/containerd.sock",
    "/var/lib/containerd",
    "/etc/containerd/config.toml",
)
_HOSTS = ("/run/containerd", "/var/run/containerd")
_LIMIT = 1 << 20
# RFC 9113: the client's preface and an empty SETTINGS frame; a server answers with SETTINGS of its own, type 4.
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"
_SETTINGS = 4


def socket_of(settings: Mapping[str, Any]) -> str:
    """Return the socket of the containerd that a start with these settings uses, "" where dockerd starts one itself."""
    if (settings.get("features") or {}).get("embedded-containerd"):
        return ""
    named = settings.get("containerd") or ""
    if named:
        return str(named).replace("unix://", "", 1)
    return DEFAULT_SOCKET if os.path.lexists(DEFAULT_SOCKET) else ""


def settings_shown(info: Mapping[str, Any]) -> Optional[Dict[str, Any]]:
    """Return the settings for socket_of and root_of, as docker info shows them; None where it says nothing of it (to 26).

    moby: daemon/info.go; the containerd that dockerd starts, or is, listens below its exec-root: daemon/command/daemon_unix.go.
    """
    part = info.get("Containerd")
    address = part.get("Address") if isinstance(part, dict) else None
    if not isinstance(address, str) or not address:
        return None
    own = address.endswith("/containerd/containerd.sock") and os.path.dirname(address) not in _HOSTS
    return {"features": {"embedded-containerd": True}} if own else {"containerd": address}


def silence(path: str, timeout: float = 5.0) -> str:
    """Say why nothing answers as containerd does at a socket, "" where it does."""
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        client.settimeout(timeout)
        client.connect(path)
        client.sendall(_PREFACE)
        head = b""
        while len(head) < 9:
            piece = client.recv(9 - len(head))
            if not piece:
                return "it closes the connection"
            head += piece
        return "" if head[3] == _SETTINGS else "it answers as no containerd does"
    except socket.timeout:
        return f"it does not answer within {timeout:g} s"
    except OSError as error:
        return error.strerror or str(error)
    finally:
        client.close()


def root_of(settings: Mapping[str, Any], data_root: str, config: str = CONFIG) -> str:
    """Return where containerd keeps its data: its own configuration's root, or below the data root where dockerd starts it."""
    if not socket_of(settings):
        return os.path.join(data_root, "containerd")
    try:
        with open(config, "r", encoding="utf-8", errors="replace") as stream:
            text = stream.read(_LIMIT)
    except OSError:
        return DEFAULT_ROOT
    head = re.split(r"(?m)^\s*\[", text)[0]  # only a key before the first table is the top level's
    match = re.search(r"""(?m)^\s*root\s*=\s*(["'])(/[^"'\n]*)\1""", head)
    return match.group(2) if match else DEFAULT_ROOT
