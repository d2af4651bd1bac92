# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collects what a transaction decides on: the next start, the running daemon, its containers. Reads only."""

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import address as engine_address
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError
from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd import forwarding, log_drivers, obstacles
from ansible_collections.containment.docker.plugins.module_utils.dockerd.process import DaemonProcess
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import DEFAULTS
from ansible_collections.containment.docker.plugins.module_utils.dockerd.start_record import StartRecord
from ansible_collections.containment.docker.plugins.module_utils.evidence import packet_filter
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    containers,
    in_force,
    locate,
    user_mapping,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.change import Change
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.locate import NextStart
from ansible_collections.containment.docker.plugins.module_utils.transaction.model import Situation, Stock
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import Refused


class Daemon(NamedTuple):
    """The daemon before the change: its next start, and its unit's status, settled."""

    start: NextStart
    status: UnitState


def find(host: Host, path: Optional[str]) -> Daemon:
    """The daemon to be changed. path: what its file must be, where that is given. Raises Refused."""
    _require_local(host.address)
    start = locate.next_start(host)
    if not start.is_managed:
        raise Refused(obstacles.no_unit(host.unit, start.reason))
    if start.reason:
        raise Refused(start.reason)
    if locate.is_other_file(path, start):
        raise Refused(f"{host.unit} reads {start.path}, not {path}")
    return Daemon(start, locate.settled(host))


def _require_local(address: str) -> None:
    try:
        local = engine_address.parse(address).local
    except ValueError as error:
        raise Refused(str(error))
    if not local:
        raise Refused(
            f"the engine's address must be a unix socket of this host, as its process must be seen; not {address}"
        )


def situation(
    host: Host, start: NextStart, change: Change, wanted: Sequence[str], accept: bool, assume: Sequence[str]
) -> Situation:
    """The evidence for a plan where the daemon runs. assume: see user_mapping.unready. Raises Refused."""
    engine = host.engine()
    following = dockerd_flags.merged(change.settings_after, start.flags, DEFAULTS)
    try:
        daemon = host.evidence(engine)
        process, info = _process(host, daemon), daemon["info"]
        stock = _stock(host, engine, info)
        drivers = log_drivers.known(engine, info) if "log-driver" in wanted else None
        networks6 = _networks6(engine) if following.get(forwarding.KEY) == forwarding.NFTABLES else None
    except (Unreadable, EngineError) as reason:
        raise Refused(f"{host.unit} runs, but: {reason}{_why_silent(host, start, change)}")
    finally:
        engine.close()
    running_flags = dockerd_flags.parse(process.argv[1:])
    remap = following.get("userns-remap")
    record = in_force.record_of(host, process.pid, change.file.data)
    return Situation(
        before=change.settings_before,
        after=change.settings_after,
        wanted=wanted,
        running=locate.resolved(_in_force(daemon, change, record, running_flags)),
        next=locate.resolved(following),
        running_flags=running_flags.settings,
        next_flags=start.flags,
        info=info,
        bridge=_bridge(daemon),
        stock=stock,
        accept=accept,
        unready=user_mapping.unready(remap, assume) if remap else (),
        remapped=user_mapping.remapped(remap) if remap else (),
        waiting=record.pending if record else (),
        unit=host.unit,
        log_drivers=drivers,
        forwarding=None if networks6 is None else forwarding.read(networks6=networks6),
    )


def _networks6(engine: Any) -> List[str]:
    """The bridge networks with IPv6."""
    return [inert(network["Name"], 60) for network in packet_filter.list_networks(engine) if network.get("EnableIPv6")]


def _why_silent(host: Host, start: NextStart, change: Change) -> str:
    """What dockerd itself waits for: its answer to /info has containerd's version."""
    why = host.containerd_silence(dockerd_flags.merged(change.settings_before, start.flags, DEFAULTS))
    return f", as {why}: that is not because of this change; restart containerd first, then run again" if why else ""


def _process(host: Host, daemon: Evidence) -> DaemonProcess:
    if daemon["state"] != "running":
        raise Unreadable("its state changed while it was looked at")
    process = daemon["process"]
    if process.pid != host.unit_status().main_pid:
        raise Unreadable(f"process {int(process.pid)} serves {host.address}, not the unit's")
    return process


def _bridge(daemon: Evidence) -> Optional[Dict[str, Any]]:
    try:
        return daemon["bridge"]
    except (Absent, Unreadable):
        return None


def _in_force(
    daemon: Evidence, change: Change, record: Optional[StartRecord], flags: dockerd_flags.Flags
) -> Optional[Dict[str, Any]]:
    """The settings that the daemon runs with, None where neither the file's age nor our own record proves them."""
    try:
        return daemon["running"]
    except Unreadable:
        return dockerd_flags.merged(change.settings_before, flags, DEFAULTS) if record is not None else None


def _stock(host: Host, engine: Engine, info: Mapping[str, Any]) -> Stock:
    running = containers.running(host, engine)
    volumes = engine.get("/volumes").get("Volumes") or ()
    return Stock(tuple(running), info["Containers"], info["Images"], len(volumes))
