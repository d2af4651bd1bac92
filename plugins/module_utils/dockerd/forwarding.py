# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a change to firewall-backend nftables leaves of the host's forwarding. dockerd then looks after neither.

moby: daemon/libnetwork/drivers/bridge/bridge_linux.go, setup_ip_forwarding.go, bridge_store.go (from 29.0 on): with iptables
dockerd turns forwarding on and sets the policy of iptables' FORWARD chain to DROP; with nftables it makes no network while
forwarding is off, and leaves that policy as it was. Seen on a dockerd built from moby's sources of August 2026: without
net.ipv4.ip_forward it does not start, or, where containers run on, it starts and forgets every other network; so it does
with those that have IPv6 where net.ipv6.conf.all.forwarding is off. They stay lost when forwarding is on again.
"""

import glob
import os
import re
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common import programs

KEY, NFTABLES = "firewall-backend", "nftables"
# Later directories are overridden by earlier ones, file by file (sysctl.d(5)).
SYSCTL_DIRECTORIES = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d")
_PROC = "/proc/sys/net"
_ON6 = ("/ipv6/conf/all/forwarding", "/ipv6/conf/default/forwarding")
_NAME, _NAME6 = "net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"
_NAMES = (_NAME, "net.ipv4.conf.all.forwarding", "net.ipv4.conf.*.forwarding")
_NAMES6 = (_NAME6, "net.ipv6.conf.*.forwarding")
_ASSIGNMENT = re.compile(r"\s*-?\s*([\w./*-]+)\s*=\s*(\S+)\s*\Z")
_POLICY = re.compile(r"^-P FORWARD ([A-Z]+)$", re.MULTILINE)
_LARGEST = 1 << 20
_MOST_SHOWN = 4


class Forwarding(NamedTuple):
    """What the host forwards.

    policies: iptables or ip6tables -> the policy of its FORWARD chain
    kept, kept6: whether the next boot turns forwarding on; on, on6: whether it is on
    networks6: the engine's networks with IPv6
    """

    policies: Mapping[str, str]
    kept: bool
    kept6: bool = True
    on: bool = True
    on6: bool = True
    networks6: Sequence[str] = ()


def refusal(settings: Mapping[str, Any], forwarding: Optional[Forwarding]) -> str:
    """Why these settings of the next start would cut containers off, "" if nothing is against them. forwarding: of this host."""
    if forwarding is None or settings.get(KEY) != NFTABLES:
        return ""
    missing = off(settings, forwarding) or _first_missing(settings, forwarding, forwarding.kept, forwarding.kept6)
    if missing:
        return missing
    dropping = sorted(program for program, policy in forwarding.policies.items() if policy == "DROP")
    if dropping:
        return (
            f"with {KEY}: {NFTABLES} the policy DROP of the chain FORWARD of {' and '.join(dropping)} stays and ends all traffic "
            f"of containers: {dropping[0]} -P FORWARD ACCEPT first"
        )
    return ""


def off(settings: Mapping[str, Any], forwarding: Optional[Forwarding]) -> str:
    """Why any restart into these settings would cut containers off, "" if nothing is against it."""
    if forwarding is None or settings.get(KEY) != NFTABLES:
        return ""
    missing = _first_missing(settings, forwarding, forwarding.on, forwarding.on6)
    return f"{missing}, and turn it on (sysctl --system)" if missing else ""


def _first_missing(settings: Mapping[str, Any], forwarding: Forwarding, ipv4: bool, ipv6: bool) -> str:
    """What there is to say where forwarding of a family is needed and not there, "" otherwise."""
    if not settings.get("ip-forward", True):
        return ""
    start = f"with {KEY}: {NFTABLES} dockerd does not turn"
    cure = "= 1 into a file in /etc/sysctl.d first"
    if not ipv4:
        lost = "without it does not start, also at the next boot, or loses the networks that were made"
        return f"{start} {_NAME} on, and {lost}: put {_NAME} {cure}"
    names = list(forwarding.networks6) or ["bridge"] * bool(settings.get("ipv6"))
    if names and not ipv6:
        more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
        lost = f"at a start without it loses the networks with IPv6 ({', '.join(names[:_MOST_SHOWN])}{more})"
        return f"{start} {_NAME6} on, and {lost}: put {_NAME6} {cure}"
    return ""


def read(
    programs: Any = ("iptables", "ip6tables"),
    directories: Any = SYSCTL_DIRECTORIES,
    networks6: Sequence[str] = (),
    proc: str = _PROC,
) -> Forwarding:
    """The Forwarding of this host. A program that is not there, or has no such chain, has no policy."""
    policies: Dict[str, str] = {}
    for program in programs:
        match = _POLICY.search(_chain(program))
        if match:
            policies[program] = match.group(1)
    on, on6 = _is_on(proc + "/ipv4/ip_forward"), all(_is_on(proc + path) for path in _ON6)
    return Forwarding(policies, kept(directories), kept(directories, _NAMES6), on, on6, networks6)


def _is_on(path: str) -> bool:
    return _lines(path)[:1] == ["1"]


def _chain(program: str) -> str:
    try:
        done = programs.run([program, "-w", "5", "-S", "FORWARD"], 15)
    except OSError:
        return ""
    return done.output.decode("utf-8", "replace")


def kept(directories: Any = SYSCTL_DIRECTORIES, names: Sequence[str] = _NAMES) -> bool:
    """Whether systemd-sysctl turns forwarding on at the next boot. names: that do it, the last line deciding."""
    files: Dict[str, str] = {}
    for directory in reversed(list(directories)):
        for path in glob.glob(os.path.join(glob.escape(directory), "*.conf")):
            files[os.path.basename(path)] = path
    value = None
    for name in sorted(files):
        for line in _lines(files[name]):
            match = _ASSIGNMENT.match(line)
            if match and match.group(1).replace("/", ".") in names:
                value = match.group(2)
    return value == "1"


def _lines(path: str) -> List[str]:
    try:
        with open(path, "rb") as stream:
            return stream.read(_LARGEST).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
