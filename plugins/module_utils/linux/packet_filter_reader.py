# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the packet filter of this host: what iptables-save and nft print. One process for each family of addresses."""

from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.common import programs
from ansible_collections.containment.docker.plugins.module_utils.linux import iptables_save, nft_ruleset
from ansible_collections.containment.docker.plugins.module_utils.linux.packet_filter import NFTABLES, PacketFilter

IP, IP6 = "ip", "ip6"
_LIMIT = 16 * 1024 * 1024
_PROGRAM = {IP: "iptables", IP6: "ip6tables"}
# Where the kernel lists the tables of the older backend.
_LEGACY_TABLES = {IP: "/proc/net/ip_tables_names", IP6: "/proc/net/ip6_tables_names"}


def read(family: str, backend: str) -> PacketFilter:
    """Return the host's packet filter of a family, as that backend holds it. Raise OSError, ValueError.

    Where iptables-save shows nothing of Docker's, the kernel may have it in iptables' other backend, as after a change of
    the alternative while dockerd ran.
    """
    if backend == NFTABLES:
        tables = nft_ruleset.parse(_run("nft", "-j", "list", "ruleset"), family)
        # 28.5 says so with DOCKER_FIREWALL_BACKEND=nftables in its environment, and writes rules of iptables
        return tables if tables.forward else _iptables(family, tables)
    return _iptables(family, None)


def _iptables(family: str, otherwise: Optional[PacketFilter]) -> PacketFilter:
    """The rules of iptables. otherwise: what to return where Docker's are not there."""
    try:
        own = _any_iptables(family)
    except OSError:
        if otherwise is None:
            raise
        return otherwise
    return own if otherwise is None or is_dockers(own) else otherwise


def _any_iptables(family: str) -> PacketFilter:
    own = iptables_save.parse(_run(f"{_PROGRAM[family]}-save"))
    if is_dockers(own):
        return own
    for kind in ("legacy", "nft"):
        if kind == "legacy" and not _has_legacy_tables(family):
            continue
        try:
            other = iptables_save.parse(_run(f"{_PROGRAM[family]}-{kind}-save"))
        except OSError:
            continue  # no such backend here
        if is_dockers(other):
            return other
    return own


def is_dockers(packet_filter: PacketFilter) -> bool:
    """Return whether forwarded packets come to a chain of Docker's. DOCKER-USER stays behind when 29 changes to nftables."""
    targets = [rule.target for rule in packet_filter.forward.get("FORWARD", ())]
    return any(target.startswith("DOCKER") and target != "DOCKER-USER" for target in targets)


def _has_legacy_tables(family: str) -> bool:
    try:
        with open(_LEGACY_TABLES[family], "rb") as stream:
            return b"filter" in stream.read(4096).split()
    except OSError:
        return False


def _run(*command: str) -> bytes:
    done = programs.run(command, 30)
    if done.status != 0:
        raise OSError(f"{command[0]} ends with status {done.status}")
    if len(done.output) > _LIMIT:
        raise OSError(f"the packet filter has more than {_LIMIT} bytes of rules")
    return done.output
