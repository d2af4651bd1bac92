# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adds to the evidence of an audit what only the forecast reads, each when a setting asks for it. Reads only.

No work that waits holds the container's evidence: such a circle would keep every inspect in memory.
"""

import os
from functools import lru_cache, partial
from typing import Any, FrozenSet, Optional

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import (
    Evidence,
    Later,
    Unreadable,
)
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine
from ansible_collections.containment.docker.plugins.module_utils.forecast import (
    connections,
    container_files,
    container_use,
    control_groups,
    host_files,
    host_ids,
    id_mapping,
    other_forecasts,
    start_state,
    stock,
)
from ansible_collections.containment.docker.plugins.module_utils.linux import places, procfs, routes
from ansible_collections.containment.docker.plugins.module_utils.linux.process_table import Census

_MOUNTINFO_LIMIT = 16 * 1024 * 1024


def add_shared(shared: Evidence, engine: Engine, unit: str) -> None:
    """Add what is the same for all containers. See setting.ADDED. unit: the daemon's."""
    wanted, search, daemon = shared["wanted"], shared["search"], shared["daemon"]
    shared["slow_points"] = Later(_slow_points)
    shared["file_at"] = Later(lambda: lru_cache(maxsize=4096)(partial(host_files.find, slow=shared["slow_points"])))
    shared["tree_at"] = Later(lambda: partial(host_files.Tree, slow=shared["slow_points"], budget=search))
    shared["remapping"] = Later(lambda: id_mapping.read(str(wanted.get("userns-remap") or "")))
    shared["container_pids"] = Unreadable("which processes are containers' is not known")
    shared["host_ids"] = Later(lambda: _host_ids(shared, engine))
    shared["host_addresses"] = Later(_host_addresses)
    shared["start_problems"] = Later(lambda: start_state.problems(daemon, unit))
    shared["stock"] = Later(lambda: stock.read(engine, daemon))
    shared["kernel_mounts"] = Later(lambda: other_forecasts.read_kernel_mounts(engine, unit))
    shared["selinux_report"] = Later(lambda: other_forecasts.read_selinux(engine, unit))
    shared["selinux_mounts"] = Later(lambda: other_forecasts.read_selinux_mounts(engine, unit))


def _host_ids(shared: Evidence, engine: Engine) -> host_ids.HostIds:
    if not engine.address.local:
        raise Unreadable("the engine is not on this host's unix socket")
    root = str(shared["daemon"]["info"].get("DockerRootDir") or "").rstrip("/")
    mapping = shared["remapping"].mapping
    return host_ids.read(mapping, shared["container_pids"], root, shared["slow_points"], shared["search"])


def add_container(listed: Any, evidence: Evidence) -> None:
    """Add what is the container's own. See setting.ADDED."""
    members, mounts, inspect = evidence.get("processes"), evidence.get("mounts"), evidence.get("inspect")
    if isinstance(members, list) and isinstance(mounts, list) and isinstance(inspect, dict):
        points = frozenset(mount["Destination"] for mount in inspect.get("Mounts") or ()) | {"/dev"}
        pids = sorted({process.pid for process in members})
        evidence["use"] = Later(partial(container_use.look, listed.id, pids, mounts, points))
    elif isinstance(members, Unreadable):
        evidence["use"] = members
    cgroup = evidence.get("cgroup")
    if isinstance(cgroup, bytes):
        evidence["usage"] = Later(partial(control_groups.read, listed.id, cgroup, evidence["host"]))
    elif isinstance(cgroup, Unreadable):
        evidence["usage"] = cgroup
    if isinstance(inspect, dict) and inspect.get("LogPath"):
        evidence["log_bytes"] = Later(partial(_log_bytes, str(inspect["LogPath"])))
    container_files.add(listed.id, evidence)
    if isinstance(members, list) and isinstance(inspect, dict):
        evidence["connections"] = Later(partial(connections.read, listed.id, int(inspect["State"].get("Pid") or 0)))
    elif isinstance(members, Unreadable):
        evidence["connections"] = members


def list_pids(census: Optional[Census]) -> Any:
    """List the processes that are containers', or may be; Unreadable of an engine on another machine."""
    if census is None:
        return Unreadable("the engine is on another machine")
    sure = {pid for pids in census.pids.values() for pid in pids}
    return frozenset(sure | {disputed.process.pid for disputed in census.disputed})


def _log_bytes(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError as error:
        raise Unreadable(f"its log {inert(path, 200)}: {error.strerror}")


def _host_addresses() -> FrozenSet[str]:
    try:
        return routes.local_addresses(bounded_file.read("/proc/net/fib_trie", _MOUNTINFO_LIMIT))
    except (OSError, ValueError) as error:
        raise Unreadable(f"/proc/net/fib_trie: {error}")


def _slow_points() -> FrozenSet[str]:
    try:
        mounts = procfs.parse_mountinfo(bounded_file.read("/proc/self/mountinfo", _MOUNTINFO_LIMIT))
    except (OSError, ValueError) as error:
        raise Unreadable(f"/proc/self/mountinfo: {error}")
    return frozenset(mount.point for mount in mounts if places.is_slow(mount.fstype))
