# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which kernel modules a start of dockerd needs that the running kernel neither has nor can load any more. Reads only.

That is so where the kernel's package was exchanged under it, or a package of modules is missing (RHEL 10.2 has xt_addrtype in
kernel-modules-extra). A restart then fails, whatever changed in daemon.json.
"""

import os
import re
from typing import Any, List, Mapping, Match, NamedTuple, Optional, Set

_LIMIT = 16 * 1024 * 1024
_OVERLAY_DRIVERS = ("overlay2", "overlayfs", "overlay")
_MODULE = re.compile(r"(?:^|/)([^/:]+)\.ko(?:\.[a-z0-9]+)?(?::|$)")


class Missing(NamedTuple):
    """A module that is not there. certain: whether that is known; it may be built in where the kernel's own list is gone, too."""

    name: str
    certain: bool
    why: str


def needed(driver: str, settings: Mapping[str, Any]) -> List[str]:
    """Return the modules that dockerd needs with a storage driver and the settings of its next start.

    moby: daemon/libnetwork/drivers/bridge/setup_ip_tables_linux.go (addrtype in the rules of nat)
    """
    names = ["overlay"] if driver in _OVERLAY_DRIVERS else []
    uses_iptables = settings.get("iptables", True) and settings.get("firewall-backend", "iptables") == "iptables"
    if uses_iptables and settings.get("bridge") != "none":
        names.append("xt_addrtype")
    return names


def missing(names: List[str], release: Optional[str] = None, root: str = "/") -> List[Missing]:
    """Return those of these modules that are neither loaded nor built in nor to be loaded. release: of the running kernel.

    A kernel that loads no modules at all shows no /proc/modules: then only what it says it has counts.
    """
    modular = os.path.exists(os.path.join(root, "proc/modules"))
    directory = os.path.join(root, "lib/modules", release or os.uname().release)
    modules = []
    for name in names:
        has = _kernel_has(name, root)
        if has or os.path.isdir(os.path.join(root, "sys/module", name)):
            continue
        if not modular:
            if has is False:
                modules.append(Missing(name, True, "the running kernel was built without it, and loads no modules"))
            continue
        listed = _listed(directory)
        if listed is None:
            why = f"there is no {directory}: the package of the running kernel was removed or exchanged"
            modules.append(Missing(name, has is False, why))
        elif name not in listed:
            modules.append(Missing(name, True, f"{directory} has no such module"))
    return modules


def _kernel_has(name: str, root: str) -> Optional[bool]:
    """Whether the running kernel has it in use; None where it doesn't say."""
    if name == "overlay":
        return _word_in(os.path.join(root, "proc/filesystems"), "overlay")
    if name == "xt_addrtype" and _word_in(os.path.join(root, "proc/net/ip_tables_matches"), "addrtype"):
        return True
    return None  # only those of iptables' older backend are listed there


def _word_in(path: str, word: str) -> Optional[bool]:
    try:
        with open(path, "r", encoding="utf-8", errors="replace") as stream:
            return word in stream.read(_LIMIT).split()
    except OSError:
        return None


def _listed(directory: str) -> Optional[Set[str]]:
    """The names in modules.dep and modules.builtin, None where neither can be read."""
    names: Set[str] = set()
    read = False
    for name in ("modules.dep", "modules.builtin"):
        try:
            with open(os.path.join(directory, name), "r", encoding="utf-8", errors="replace") as stream:
                lines = stream.read(_LIMIT).splitlines()
        except OSError:
            continue
        read = True
        names.update(match.group(1).replace("-", "_") for match in map(_module_of, lines) if match)
    return names if read else None


def _module_of(line: str) -> Optional[Match[str]]:
    return _MODULE.search(line.split(":")[0])
