# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seam of a transaction: all that it asks of its host, and all that it does to it, but for reading daemon.json.

No other file of this package reaches systemd, the engine, dockerd's process, the clock or the journal on disk, or writes
daemon.json, so that a test puts a fake host here and lets any step fail (tests/unit/plugins/module_utils/fake_host.py).
"""

import copy
import datetime
import os
import time
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import DEFAULT_ADDRESS, Engine
from ansible_collections.containment.docker.plugins.module_utils.dockerd import containerd, program, start_conditions
from ansible_collections.containment.docker.plugins.module_utils.dockerd import process as daemon_process
from ansible_collections.containment.docker.plugins.module_utils.evidence import daemon as daemon_evidence
from ansible_collections.containment.docker.plugins.module_utils.linux import process_handle, process_table
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl
from ansible_collections.containment.docker.plugins.module_utils.systemd.unit_file import UnitState
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    config_file,
    docker_unit,
    exclusive,
    journal,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import compare as container_proof

POLL_SECONDS = 0.1


class Host:
    """One daemon of this host: its unit, its engine's address, and the seconds that one activation may take.

    Methods raise SystemdError, EngineError, OSError, ConfigError and JournalError, as what they call does.
    """

    poll = POLL_SECONDS
    lock_path = exclusive.LOCK
    state_directory = journal.DIRECTORY

    def __init__(
        self, unit: str = systemctl.DOCKER_SERVICE, address: str = DEFAULT_ADDRESS, timeout: float = 60.0
    ) -> None:
        self.unit = unit
        self.address = address
        self.timeout = timeout

    def of_daemon(self, unit: str, address: str, timeout: float) -> "Host":
        """The same host for another daemon, or with another patience."""
        other = copy.copy(self)
        other.unit, other.address, other.timeout = unit, address, timeout
        return other

    def is_root(self) -> bool:
        """Whether this process may change a daemon."""
        return os.geteuid() == 0

    # the engine

    def engine(self, timeout: Optional[float] = None) -> Engine:
        """A fresh client of the Engine API: its own deadline starts now."""
        return Engine(self.address, timeout or self.timeout)

    def evidence(self, engine: Engine) -> Evidence:
        """What the daemon shows of itself; see evidence.daemon.collect."""
        return daemon_evidence.collect(engine, self.unit)

    # systemd

    def next_start(self) -> systemctl.NextStart:
        """The command line of the unit's next start."""
        return systemctl.next_start(self.unit)

    def unit_status(self) -> UnitState:
        """The unit as it is now."""
        return systemctl.state(self.unit)

    def reset_failed(self) -> None:
        """Give the unit, and the socket that it needs, their starts back."""
        docker_unit.reset_failed(self.unit)

    def restart_unit(self) -> None:
        """Ask systemd to restart the unit, without waiting for it."""
        systemctl.systemctl(["restart", "--no-block", "--", self.unit])

    def log(self, since: float) -> str:
        """What the unit logged since then (seconds since the epoch); "" where that can't be read."""
        return docker_unit.log(self.unit, since)

    # processes

    def dockerd(self, pid: int) -> daemon_process.DaemonProcess:
        """The dockerd of this pid. ValueError if it is none."""
        return daemon_process.read(pid)

    def start_ticks(self, pid: int) -> int:
        """When a process started, in clock ticks after boot. OSError if it is gone."""
        return process_handle.start_ticks(pid)

    def signal(self, pid: int, number: int) -> None:
        """Send a signal to a process."""
        os.kill(pid, number)

    def container_processes(self, ids: FrozenSet[str]) -> Dict[str, List[int]]:
        """The pids of each of these containers, by the kernel's control groups."""
        return process_table.list_by_cgroup(ids)

    # the dockerd program

    def program_version(self, path: str) -> Optional[str]:
        """The version of a dockerd program, None where it can't be run."""
        return program.version(path)

    def program_problem(self, argv: Sequence[str], data: bytes, version: Optional[str]) -> Optional[str]:
        """What dockerd --validate has against these bytes, None if nothing or if it can't be asked."""
        return program.problem(argv, data, version)

    def start_problems(self, start: start_conditions.Start) -> List[start_conditions.StartProblem]:
        """What is in the way of a start, whatever daemon.json says."""
        now = datetime.datetime.fromtimestamp(self.now(), datetime.timezone.utc)
        return start_conditions.problems(start, now, self.program_version)

    def containerd_silence(self, settings: Mapping[str, Any]) -> str:
        """Why the containerd of a dockerd with these settings is silent; "" where it answers, or where dockerd runs its own."""
        path = containerd.socket_of(settings)
        why = containerd.silence(path) if path else ""
        return f"containerd does not answer at {inert(path, 100)}: {inert(why, 100)}" if why else ""

    # what containers can do

    def observe(self, keep: Sequence[Any]) -> Dict[str, Any]:
        """What works now; see proof.compare.observe."""
        return container_proof.observe(self, keep)

    def lost(self, observed: Dict[str, Any]) -> List[str]:
        """What worked then and does not now; see proof.compare.lost."""
        return container_proof.lost(self, observed)

    # files

    def write_file(self, path: str, data: bytes, expected: config_file.File) -> None:
        """Replace daemon.json; see config_file.write."""
        config_file.write(path, data, expected)

    def remove_file(self, path: str, expected: config_file.File) -> None:
        """Remove daemon.json; see config_file.remove."""
        config_file.remove(path, expected)

    def open_journal(self) -> None:
        """Make the journal's directory where need be, and see that only its owner can write there."""
        journal.open_directory(self.state_directory)

    def load_record(self, name: str) -> Optional[Dict[str, Any]]:
        """The journal's record of that name, None if there is none."""
        return journal.load(name, self.state_directory)

    def save_record(self, name: str, record: Mapping[str, Any]) -> None:
        """Put a record into the journal."""
        journal.save(name, record, self.state_directory)

    def remove_record(self, name: str) -> None:
        """Take a record out of the journal."""
        journal.remove(name, self.state_directory)

    # time

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds of a clock that nobody sets."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
