# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collects what a transaction decides on: the file, the next start, the running daemon, its containers. Reads only."""

import glob
import os
import re
import time
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import address as engine_address
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError, container_path
from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import (
    Container,
    from_inspect,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd import (
    daemon_json,
    forwarding,
    log_drivers,
    obstacles,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import DEFAULTS
from ansible_collections.containment.docker.plugins.module_utils.evidence import daemon as daemon_evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence import daemon_config
from ansible_collections.containment.docker.plugins.module_utils.linux import processes
from ansible_collections.containment.docker.plugins.module_utils.systemd import docker_unit, systemctl
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    activate,
    config_file,
    in_force,
    user_mapping,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.model import Situation, Stock

SETTLE_SECONDS = 15
_CONTAINER_ID = re.compile(r"[0-9a-f]{64}\Z")
_REMAPPED = re.compile(r"\d+\.\d+\Z")


class Refused(Exception):
    """The transaction does not begin; the text says why in one sentence. Nothing was changed."""


class Hides(Refused):
    """Refused as these keys would put what the engine has out of its sight, or stop what runs.

    keys: those of `config` that may be left out of the change; empty where that would not help. recovered: what became
    of an earlier run, as the transaction had begun to tell.
    """

    def __init__(self, reason: str, keys: Sequence[str], recovered: str = "") -> None:
        super().__init__(reason)
        self.keys = tuple(keys)
        self.recovered = recovered


class Found(NamedTuple):
    """The file and the unit before the change. running: whether the daemon runs; state: the unit's, as systemd says it."""

    path: str
    original: Optional[bytes]
    text: str
    settings: Dict[str, Any]
    argv: Sequence[str]
    flags: dockerd_flags.Flags
    running: bool
    state: str


def find(target: activate.Target, path: Optional[str]) -> Found:
    """The file that the unit's next start reads, and whether the daemon runs. Raises Refused."""
    _check_address(target.address)
    start = systemctl.next_start(target.unit)
    if not start.managed:
        raise Refused(obstacles.no_unit(target.unit, start.reason))
    if start.argv is None:
        raise Refused(start.reason)
    flags = dockerd_flags.parse(start.argv[1:])
    own = flags.config_file or daemon_config.DEFAULT_FILE
    if path and os.path.realpath(path) != os.path.realpath(own):
        raise Refused(f"{target.unit} reads {own}, not {path}")
    state = _settled(target.unit)
    original, text, settings = read(own)
    return Found(
        own, original, text, settings, start.argv, flags, state.active in ("active", "reloading"), state.active
    )


def read(path: str) -> Tuple[Optional[bytes], str, Dict[str, Any]]:
    """(bytes or None, text, settings) of daemon.json. Raises Refused."""
    try:
        data = config_file.read(path)
        return data, daemon_json.decode(data or b"", path), daemon_json.parse(data or b"", path)
    except daemon_json.ConfigError as error:
        raise Refused(str(error))


def parsed(path: str, data: Optional[bytes]) -> Dict[str, Any]:
    """The settings in these bytes. Raises ConfigError."""
    return daemon_json.parse(data or b"", path)


def next_settings(unit: str, path: str, data: Optional[bytes]) -> Dict[str, Any]:
    """What the unit's next start would have with these bytes. Raises ConfigError, SystemdError."""
    start = systemctl.next_start(unit)
    if start.argv is None:
        raise systemctl.SystemdError(start.reason)
    return _resolved(dockerd_flags.merged(parsed(path, data), dockerd_flags.parse(start.argv[1:]), DEFAULTS))


def _check_address(address):
    try:
        local = engine_address.parse(address).local
    except ValueError as error:
        raise Refused(str(error))
    if not local:
        raise Refused(
            f"the engine's address must be a unix socket of this host, as its process must be seen; not {address}"
        )


def _settled(unit):
    """The unit's Life once it is neither starting nor stopping, nor waiting for systemd to start it again."""
    failed, since = set(), time.time()
    try:

        def look():
            now = docker_unit.life(unit)
            if now.sub == "auto-restart":
                failed.add(now.invocation)
            return now if now.active in ("active", "reloading", "inactive", "failed") else None

        state = activate.wait(SETTLE_SECONDS, look) or docker_unit.life(unit)
    except systemctl.SystemdError as error:
        raise Refused(str(error))
    settled = state.active in ("active", "reloading", "inactive", "failed")
    if not settled and len(failed) > 1:
        raise Refused(
            f"{unit} can't start with its present configuration, systemd has tried it {len(failed)} "
            f"times{docker_unit.words(unit, since)}"
        )
    if state.sub == "auto-restart":
        raise Refused(
            f"{unit} has ended, and systemd waits for more than {SETTLE_SECONDS} s before it starts it again: "
            f"run again when it is up"
        )
    if not settled:
        raise Refused(f"{unit} is {state.active} for more than {int(SETTLE_SECONDS)} s")
    return state


def situation(
    target: activate.Target,
    found: Found,
    after: Mapping[str, Any],
    wanted: Sequence[str],
    accept: bool,
    assume: Sequence[str],
) -> Situation:
    """The evidence for a plan where the daemon runs. assume: see user_mapping.unready. Raises Refused."""
    engine = target.engine()
    try:
        daemon = daemon_evidence.collect(engine, target.unit)
        process, info = _process(target, daemon), daemon["info"]
        stock = _stock(engine, info)
        drivers = log_drivers.known(engine, info) if "log-driver" in wanted else None
    except (Unreadable, EngineError) as reason:
        raise Refused(f"{target.unit} runs, but: {reason}")
    finally:
        engine.close()
    following = dockerd_flags.merged(after, found.flags, DEFAULTS)
    running_flags = dockerd_flags.parse(process.argv[1:])
    remap = following.get("userns-remap")
    return Situation(
        before=found.settings,
        after=after,
        wanted=wanted,
        running=_resolved(_in_force(daemon, found, process, running_flags)),
        next=_resolved(following),
        running_flags=running_flags.settings,
        next_flags=found.flags,
        info=info,
        bridge=_bridge(daemon),
        stock=stock,
        accept=accept,
        unready=user_mapping.unready(remap, assume) if remap else (),
        remapped=user_mapping.remapped(remap) if remap else (),
        waiting=(in_force.record(process.pid, found.original) or {}).get("pending", ()),
        unit=target.unit,
        log_drivers=drivers,
        forwarding=forwarding.read() if forwarding.KEY in wanted else None,
    )


def _process(target, daemon):
    if daemon["state"] != "running":
        raise Unreadable("its state changed while it was looked at")
    process = daemon["process"]
    if process.pid != docker_unit.life(target.unit).pid:
        raise Unreadable(f"process {int(process.pid)} serves {target.address}, not the unit's")
    return process


def _bridge(daemon):
    try:
        return daemon["bridge"]
    except (Absent, Unreadable):
        return None


def _resolved(settings):
    """Paths as the engine tells them: without symbolic links."""
    if settings and settings.get("data-root"):
        settings = dict(settings)
        settings["data-root"] = os.path.realpath(settings["data-root"])
    return settings


def _in_force(daemon, found, process, flags):
    """The settings that the daemon runs with, None where neither the file's age nor our own record proves them."""
    try:
        return daemon["running"]
    except Unreadable:
        record = in_force.record(process.pid, found.original)
        return dockerd_flags.merged(found.settings, flags, DEFAULTS) if record is not None else None


def _stock(engine, info):
    running = running_containers(engine)
    volumes = engine.get("/volumes").get("Volumes") or ()
    return Stock(tuple(running), info["Containers"], info["Images"], len(volumes))


def running_containers(engine: Any) -> List[Container]:
    """What runs now. Raises EngineError."""
    found = []
    for item in list(engine.each("/containers/json")):
        try:
            inspect = engine.get(container_path(item["Id"]))
            if inspect["State"]["Running"] and inspect["State"]["Pid"]:
                found.append(from_inspect(inspect, docker_unit.start_ticks(inspect["State"]["Pid"])))
        except EngineError as error:
            if error.status != 404:
                raise
        except OSError:
            continue  # it ended meanwhile
    return found


def holds_data(root: str) -> bool:
    """Whether a stopped engine's data root has containers, images or volumes. Only names are looked at."""
    return any(
        glob.glob(os.path.join(glob.escape(top), pattern))
        for top in _roots(root)
        for pattern in (
            "containers/*",
            "volumes/*/_data",
            "image/*/imagedb/content/sha256/*",
            "containerd/daemon/*/*/*/snapshots/*",
        )
    )


def alive_in(root: str) -> int:
    """How many containers of a stopped engine's data root run on, as live-restore leaves them, by their processes."""
    names = [os.path.basename(path) for top in _roots(root) for path in glob.glob(glob.escape(top) + "/containers/*")]
    known = frozenset(name for name in names if _CONTAINER_ID.match(name))
    return len(processes.census(known)) if known else 0


def _roots(root):
    """The data root, and those that a remapped daemon has below it."""
    return [root] + [path for path in glob.glob(glob.escape(root) + "/*") if _REMAPPED.match(os.path.basename(path))]
