# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a change to firewall-backend nftables leaves of the host's forwarding. dockerd then looks after neither.

moby: daemon/libnetwork/drivers/bridge/bridge_linux.go, setup_ip_forwarding.go (from 29.0 on): with iptables dockerd turns
net.ipv4.ip_forward on and sets the policy of iptables' FORWARD chain to DROP; with nftables it refuses to start while
forwarding is off, and leaves that policy as it was.
"""

import glob
import os
import re
import subprocess
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

KEY, NFTABLES = "firewall-backend", "nftables"
# Later directories are overridden by earlier ones, file by file (sysctl.d(5)).
SYSCTL_DIRECTORIES = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d")
_NAMES = ("net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding", "net.ipv4.conf.*.forwarding")
_ASSIGNMENT = re.compile(r"\s*-?\s*([\w./*-]+)\s*=\s*(\S+)\s*\Z")
_POLICY = re.compile(r"^-P FORWARD ([A-Z]+)$", re.MULTILINE)
_LARGEST = 1 << 20
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Forwarding(NamedTuple):
    """policies: iptables or ip6tables -> the policy of its FORWARD chain; kept: whether the next boot turns forwarding on."""

    policies: Mapping[str, str]
    kept: bool


def refusal(settings: Mapping[str, Any], forwarding: Optional[Forwarding]) -> str:
    """Why these settings of the next start would cut containers off, "" if nothing is against them. forwarding: of this host."""
    if forwarding is None or settings.get(KEY) != NFTABLES:
        return ""
    if not forwarding.kept and settings.get("ip-forward", True):
        return (
            f"with {KEY}: {NFTABLES} dockerd does not turn net.ipv4.ip_forward on, and does not start at the "
            f"next boot without it: "
            "put net.ipv4.ip_forward = 1 into a file in /etc/sysctl.d first"
        )
    dropping = sorted(program for program, policy in forwarding.policies.items() if policy == "DROP")
    if dropping:
        return (
            f"with {KEY}: {NFTABLES} the policy DROP of the chain FORWARD of {' and '.join(dropping)} stays and ends all traffic "
            f"of containers: {dropping[0]} -P FORWARD ACCEPT first"
        )
    return ""


def read(programs: Any = ("iptables", "ip6tables"), directories: Any = SYSCTL_DIRECTORIES) -> Forwarding:
    """The Forwarding of this host. A program that is not there, or has no such chain, has no policy."""
    policies: Dict[str, str] = {}
    for program in programs:
        match = _POLICY.search(_chain(program))
        if match:
            policies[program] = match.group(1)
    return Forwarding(policies, kept(directories))


def _chain(program: str) -> str:
    try:
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            [program, "-w", "5", "-S", "FORWARD"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=15,
            env=dict(os.environ, LC_ALL="C", PATH=os.environ.get("PATH", "") + ":" + _PATH),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")


def kept(directories: Any = SYSCTL_DIRECTORIES) -> bool:
    """Whether systemd-sysctl turns net.ipv4.ip_forward on at the next boot."""
    files: Dict[str, str] = {}
    for directory in reversed(list(directories)):
        for path in glob.glob(os.path.join(glob.escape(directory), "*.conf")):
            files[os.path.basename(path)] = path
    value = None
    for name in sorted(files):
        for line in _lines(files[name]):
            match = _ASSIGNMENT.match(line)
            if match and match.group(1).replace("/", ".") in _NAMES:
                value = match.group(2)
    return value == "1"


def _lines(path: str) -> List[str]:
    try:
        with open(path, "rb") as stream:
            text = stream.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip()[:1] not in ("#", ";")]
