# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who listens on a unix socket of the host, as SELinux calls it. Reads only: connects to nobody.

linux: security/selinux/hooks.c, selinux_socket_unix_stream_connect: the label of the listening socket decides, which the
kernel also shows for the descriptor of who holds it.
"""

import os
from functools import lru_cache
from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.linux import sockets
from ansible_collections.containment.docker.plugins.module_utils.selinux import path_label

_PROCESSES = 20000  # that are looked at for one socket


@lru_cache(maxsize=64)  # many containers have the same socket, and one look at all processes tells of it
def label(path: str) -> Optional[str]:
    """The label of the listening socket, None where nobody listens on it or that can't be seen."""
    try:
        links = {f"socket:[{int(inode)}]" for inode in sockets.listeners_on(path)}
        names = [name for name in os.listdir("/proc") if name.isdigit()] if links else []
    except (OSError, ValueError):
        return None
    for name in names[:_PROCESSES]:
        directory = f"/proc/{name}/fd"
        try:
            descriptors = os.listdir(directory)
        except OSError:
            continue  # it ended
        for descriptor in descriptors:
            found = _label(f"{directory}/{descriptor}", links)
            if found:
                return found
    return None


def _label(descriptor, links):
    try:
        if os.readlink(descriptor) not in links:
            return None
        value = os.getxattr(descriptor, path_label.XATTR)
    except OSError:
        return None
    return value.rstrip(b"\0").decode("utf-8", "backslashreplace")
