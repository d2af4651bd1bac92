# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remove the rules by which dockerd masqueraded networks whose bridges are gone. I/O.

dockerd leaves the rules of networks that it does not know any more, and one of them does harm: "masquerade what comes from this
subnet and does not leave by that bridge" is true of all traffic within the network that has the subnet now, so that
containers see each other by the gateway's address. The others match nothing, and an administrator may have written some of
them: they stay.
"""

import os
import re
import shutil
from typing import Iterable, List, Set

from ansible_collections.containment.docker.plugins.module_utils.common import programs
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.migration import sandbox

_PROGRAMS = ("iptables", "ip6tables")
_TABLE = "*nat"
# moby: daemon/libnetwork/drivers/bridge, its rule of a network's subnet, as iptables-save writes it
_MASQUERADE = re.compile(r"-A (POSTROUTING -s \S+ ! -o (\S+) -j MASQUERADE)\Z")
_WAIT_SECONDS = "10"
_CLASS = "/sys/class/net"
# only a kernel with IPv6 has it
_IP6 = "/proc/net/if_inet6"


def remove(names: Iterable[str]) -> List[str]:
    """Remove the rules of these bridges, but of those that exist. Sentences about what is left, none if nothing is."""
    gone = {name for name in names if not os.path.lexists(f"{_CLASS}/{name}")}
    notes = []
    for program in _PROGRAMS if gone else ():
        save, restore = (shutil.which(f"{program}-{what}", path=programs.PATH) for what in ("save", "restore"))
        if not save or not restore or (program == _PROGRAMS[1] and not os.path.exists(_IP6)):
            continue  # then dockerd made none by it
        try:
            text = commands(sandbox.run([save]), gone)
            if text:
                sandbox.run([restore, "--noflush", "--wait", _WAIT_SECONDS], text.encode("utf-8", "surrogateescape"))
        except sandbox.CommandError as error:
            notes.append(
                f"rules by which {program} masquerades networks of bridges that are gone are left ({inert(error)}): "
                f"remove those that name {', '.join(sorted(gone)[:5])}, or containers see each other by their gateway's address"
            )
    return notes


def commands(saved: str, gone: Set[str]) -> str:
    """What iptables-restore is given to remove them. saved: of iptables-save. Pure."""
    rules: List[str] = []
    table = ""
    for line in saved.splitlines():
        table = line if line.startswith("*") else table
        match = _MASQUERADE.match(line) if table == _TABLE else None
        if match and match.group(2) in gone:
            rules.append(f"-D {match.group(1)}\n")
    return f"{_TABLE}\n{''.join(rules)}COMMIT\n" if rules else ""
