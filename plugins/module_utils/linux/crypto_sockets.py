# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the kernel has, or could load, the sockets of its cryptography (AF_ALG). Reads files; opens no such socket."""

import os
import re

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file

# in force: loaded or built in; loadable: loaded by the first who asks; blocked: a line of modprobe.d stops that; absent
IN_FORCE, LOADABLE, BLOCKED, ABSENT = "in force", "loadable", "blocked", "absent"
_LIMIT = 16 * 1024 * 1024
# linux: net/core/sock.c, proto_seq_printf: one line for each protocol that is registered
_REGISTERED = re.compile(rb"^ALG\s", re.M)
_MODULE = re.compile(rb"(^|/)af_alg\.ko(\.[a-z0-9]+)?:", re.M)
# modprobe.d(5). The kernel asks for it by an alias, which blacklist takes away; install replaces the load by a command.
_BLOCKED = re.compile(rb"^\s*(blacklist\s+af[_-]alg|install\s+af[_-]alg\s+\S*/(false|true))\s*$", re.M)
_DIRECTORIES = ("etc/modprobe.d", "run/modprobe.d", "usr/local/lib/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d")


def read_state(root: str = "/") -> str:
    """Return IN_FORCE, LOADABLE, BLOCKED or ABSENT. Raise OSError, ValueError where files can't be read."""
    if _REGISTERED.search(bounded_file.read(os.path.join(root, "proc/net/protocols"), _LIMIT)):
        return IN_FORCE
    if not os.path.exists(os.path.join(root, "proc/modules")):
        return ABSENT  # this kernel loads no modules
    release = bounded_file.read(os.path.join(root, "proc/sys/kernel/osrelease"), 4096).decode("ascii").strip()
    modules = bounded_file.read(os.path.join(root, "lib/modules", release, "modules.dep"), _LIMIT)
    if not _MODULE.search(modules):
        return ABSENT
    return BLOCKED if _is_blocked(root) else LOADABLE


def _is_blocked(root: str) -> bool:
    for directory in _DIRECTORIES:
        path = os.path.join(root, directory)
        for name in sorted(os.listdir(path)) if os.path.isdir(path) else ():
            if name.endswith(".conf") and _BLOCKED.search(bounded_file.read(os.path.join(path, name), _LIMIT)):
                return True
    return False
