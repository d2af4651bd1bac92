# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nobody controls the engine over TCP without a client certificate."""

import re
import socket
import struct
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict

# moby: daemon/info.go, fillAPIInfo (20.10 to 29): one for each tcp host in force that verifies no client, loopback too
_WARNING = re.compile(
    r"(?:WARNING|\[DEPRECATION NOTICE\]): API is accessible on (https?://\S+) "
    r"without (encryption|TLS client verification)"
)


def _tls(settings: dict) -> Verdict:
    """Whether a TCP socket of these settings asks clients for a certificate.

    tlsverify, whatever its value, turns TLS on; TLS verifies clients unless tlsverify is false (moby:
    cmd/dockerd/daemon.go, loadDaemonCliConfig and newAPIServerConfig).
    """
    verify = settings.get("tlsverify")
    if verify is None and settings.get("tls") is not True:
        return Verdict(False, "without TLS")
    if verify is False:
        return Verdict(False, "with TLS that asks for no client certificate")
    if not settings.get("tlscacert"):
        # From daemon.json alone, Go then takes the machine's own list of authorities.
        return Verdict(None, "with tlsverify but no tlscacert, so perhaps trusting every public authority")
    return Verdict(True, "with client certificates verified")


def _tcp_hosts(settings: Mapping[str, Any]) -> List[str]:
    """The tcp addresses among `hosts`: those without a scheme, and the default where TLS is on, count too.

    moby: opts/hosts.go, ParseHost
    """
    secure = settings.get("tlsverify") is not None or settings.get("tls") is True
    default = "tcp://localhost:2376" if secure else "unix://"
    hosts = [host.strip() or default for host in settings.get("hosts") or [""]]
    return [host for host in hosts if host.partition("://")[0] not in ("unix", "fd", "npipe")]


def _configured(evidence: Evidence) -> Optional[Verdict]:
    settings = evidence["configured"]
    hosts = _tcp_hosts(settings)
    if hosts:
        tls = _tls(settings)
        return Verdict(tls.ok, f"the next start listens on {', '.join(hosts[:5])} {tls.seen}")
    if any(host.strip().startswith("fd://") for host in settings.get("hosts") or ()):
        return None  # systemd's socket unit decides
    return Verdict(True, "the next start listens on no TCP address")


def _warned(info: Mapping[str, Any]) -> List[str]:
    if engine_info.version(info) < (20, 10):
        raise Unreadable("an engine before 20.10 does not say on which addresses it listens")
    matches = [_WARNING.match(warning) for warning in info.get("Warnings") or ()]
    return [f"{match.group(1)} without {match.group(2)}" for match in matches if match]


def _trusts_anybody(evidence: Evidence) -> Optional[Verdict]:
    """Doubt about a tcp host in force that verifies clients, but perhaps by the wrong authorities; otherwise None."""
    try:
        settings = evidence["running"]
    except (Absent, Unreadable):
        return None
    hosts, tls = _tcp_hosts(settings), _tls(settings)
    return Verdict(None, f"dockerd listens on {hosts[0]} {tls.seen}") if hosts and tls.ok is None else None


def _effective(evidence: Evidence) -> Verdict:
    opened = _warned(evidence["info"])
    if opened:
        return Verdict(False, f"docker info: the API is accessible on {', '.join(opened[:5])}")
    if "inherited" not in evidence:
        return Verdict(None, "docker info warns of no open TCP address; systemd's sockets can't be seen from here")
    return _trusts_anybody(evidence) or Verdict(True, "docker info warns of no TCP address that verifies no client")


def _kernel(evidence: Evidence) -> Verdict:
    """dockerd's own sockets: the API's stand in `hosts`, which docker info warns of, or come from systemd.

    The others are no API: ports that dockerd only keeps for containers and services where the userland proxy is off
    (moby: libnetwork/portmapper/proxy.go, libnetwork/service_linux.go), the swarm's own, metrics.
    """
    listeners = evidence["listeners"]
    if not listeners:
        return Verdict(True, "dockerd listens on no TCP port")
    opened = _warned(evidence["info"])
    if opened:
        return Verdict(False, f"dockerd listens on {_text(listeners)}, the API on {', '.join(opened[:5])}")
    if evidence["inherited"]:
        tls = _tls(evidence["running"])
        return Verdict(tls.ok, f"systemd gives dockerd the API socket {_text(evidence['inherited'])}, {tls.seen}")
    return _trusts_anybody(evidence) or Verdict(
        True, f"dockerd listens on {_text(listeners)}, on none for the API without client certificates"
    )


def _text(listeners: Sequence[Tuple[str, int]]) -> str:
    return ", ".join(f"{_address(address)} port {int(port)}" for address, port in listeners[:5])


def _address(hexadecimal: str) -> str:
    """The address that /proc/net/tcp{,6} writes as 32-bit words in the machine's byte order."""
    words = [int(hexadecimal[i : i + 8], 16) for i in range(0, len(hexadecimal), 8)]
    family = socket.AF_INET if len(words) == 1 else socket.AF_INET6
    return socket.inet_ntop(family, struct.pack(f"={len(words)}I", *words))


RULE = Rule(
    id="tcp-socket",
    title="The engine's API is not open over TCP",
    severity="critical",
    weakness={"daemon": "the engine's API is open over TCP"},
    rationale=(
        "Who reaches the API is root on the host. A TCP socket that asks for no client certificate gives that to the "
        "network; on loopback it gives it to every user and, through forged requests, to a browser on the host."
    ),
    remediation=(
        "Take the tcp address out of hosts in daemon.json, out of the unit's flags and out of docker.socket, and use "
        "ssh. Where it must stay, set tlsverify with tlscacert, tlscert and tlskey. Then restart the daemon."
    ),
    references={"CIS 1.6": ("2.7",), "CIS 1.8": ("2.8",), "NIST SP 800-190": ("4.4.3",)},
    reads=(
        "daemon.configured",
        "daemon.info",
        "daemon.inherited",
        "daemon.listeners",
        "daemon.running",
    ),
    daemon={"configured": _configured, "effective": _effective, "kernel": _kernel},
)
