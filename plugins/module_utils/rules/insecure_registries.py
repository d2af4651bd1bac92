# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images come only from registries that prove who they are."""

import ipaddress
from typing import AbstractSet, Iterable, List, Optional, Sequence, Union

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict

KEY = "insecure-registries"
# What every engine takes as insecure, ::1 from 28 on (moby: daemon/pkg/registry/config.go, loadInsecureRegistries)
_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


def _normal(entry: str) -> str:
    """An entry as docker info shows it: without a scheme; a network by its first address."""
    if entry.lower().startswith(("http://", "https://")):
        entry = entry.partition("://")[2]
    network = _network(entry)
    return str(network) if network else entry.lower()


def _network(entry: str) -> Optional[Union[ipaddress.IPv4Network, ipaddress.IPv6Network]]:
    try:
        return ipaddress.ip_network(entry, strict=False) if "/" in entry else None
    except ValueError:
        return None


def _is_loopback(entry: str) -> bool:
    """Whether an entry, normalised, means only this machine: a network, host or host:port."""
    network = _network(entry)
    if network is None:
        host = entry[1:].partition("]")[0] if entry.startswith("[") else entry.partition(":")[0]
        if host == "localhost":
            return True
        try:
            network = ipaddress.ip_network(host)
        except ValueError:
            return False
    return any(
        network.version == loop.version and network.network_address in loop and network.prefixlen >= loop.prefixlen
        for loop in _LOOPBACK
    )


def _judge(entries: Sequence[str], mirrors: Sequence[str], evidence: Evidence, where: str) -> Verdict:
    allowed = {_normal(entry) for entry in evidence["policy"]["allowed_insecure_registries"]}
    bad = _beyond(entries, allowed)
    if bad:
        return Verdict(False, f"{where} trusts without TLS: {', '.join(bad[:10])}")
    bad = _beyond((_host(mirror) for mirror in mirrors if mirror.lower().startswith("http://")), allowed)
    if bad:
        return Verdict(False, f"{where} takes images from mirrors over plain http: {', '.join(bad[:10])}")
    return Verdict(True, f"{where} trusts no registry without TLS beyond loopback and what is allowed")


def _beyond(entries: Iterable[str], allowed: AbstractSet[str]) -> List[str]:
    return [entry for entry in sorted({_normal(entry) for entry in entries} - allowed) if not _is_loopback(entry)]


def _host(url: str) -> str:
    """host or host:port of a mirror; dockerd takes no user and no query in one (moby: registry/config.go)."""
    return url.partition("://")[2].partition("/")[0]


def _configured(evidence: Evidence) -> Verdict:
    settings = evidence["configured"]
    entries, mirrors = settings.get(KEY) or (), settings.get("registry-mirrors") or ()
    return _judge(entries, mirrors, evidence, "the configuration of the next start")


def _effective(evidence: Evidence) -> Verdict:
    config = engine_info.field(evidence["info"], "RegistryConfig")
    indexes = config.get("IndexConfigs") or {}
    entries = list(config.get("InsecureRegistryCIDRs") or ())
    entries += [name for name, index in indexes.items() if (index or {}).get("Secure") is not True]
    return _judge(entries, config.get("Mirrors") or (), evidence, "the running daemon")


RULE = Rule(
    id="insecure-registries",
    title="Registries are spoken to over verified TLS",
    severity="high",
    weakness={"daemon": "registries are used without verified TLS"},
    rationale=(
        "For an insecure registry the daemon accepts any certificate, or none. Whoever sits on the way replaces the "
        "image that the host then runs, and reads the credentials that it sends. A mirror over plain http is as good as "
        "that: a tag is resolved by what it answers."
    ),
    remediation=(
        "Give the registry a certificate, put its authority under /etc/docker/certs.d, take the registry out of "
        "insecure-registries and restart the daemon: a reload does not forget a key that is gone. Name mirrors in "
        "registry-mirrors by https. Where it can't be "
        "helped, name it in allowed_insecure_registries."
    ),
    references={
        "CIS 1.6": ("2.5",),
        "CIS 1.8": ("2.5",),
        "STIG": ("DKER-EE-001800",),
        "NIST SP 800-190": ("4.2.1",),
    },
    reads=(
        "daemon.configured",
        "daemon.info",
        "policy",
    ),
    daemon={"configured": _configured, "effective": _effective},
    settings={KEY: []},
)
