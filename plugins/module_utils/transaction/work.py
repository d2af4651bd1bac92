# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A transaction under way: its journal entry, the file as it last saw it, and the single acts that steps and rollback share."""

from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import Container
from ansible_collections.containment.docker.plugins.module_utils.dockerd import daemon_json, json_edit, reload_file
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import RESTART
from ansible_collections.containment.docker.plugins.module_utils.dockerd.start_record import digest
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import SystemdError
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    activate,
    guarded_file,
    in_force,
    journal,
    journal_entry,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import NotInForce
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal_entry import PHASES, Entry

LIVE_RESTORE = "live-restore"


class Work:
    """One transaction under way.

    entry: the journal's; settings: those of the next start with the new file; last: the file's bytes (None: no file) as
    this run last saw them, with which each step begins by comparing. pending, in_memory, started: for the result.
    """

    def __init__(self, entry: Entry, host: Host, settings: Mapping[str, Any], last: Optional[bytes]) -> None:
        self.entry = entry
        self.host = host
        self.settings = settings
        self.last = last
        self.pending: Sequence[str] = ()
        self.in_memory: List[str] = []
        self.started: List[Container] = []

    def enter(self, phase: str, **changes: Any) -> None:
        """Record what comes next, before it does, with changes of the entry. Raises JournalError."""
        if phase not in PHASES:
            raise ValueError(phase)
        began = self.entry.activation_began or phase == "activating"
        self.record(phase=phase, activation_began=began, **changes)

    def record(self, **changes: Any) -> None:
        """Change the entry, and put it on disk. Raises JournalError."""
        self.entry = self.entry._replace(**changes)
        try:
            self.host.save_record(journal.TRANSACTION, journal_entry.to_json(self.entry))
        except journal.JournalError:
            # what is recorded already is enough for the next run, and the way back must not wait for a full disk
            if self.entry.phase != "restoring":
                raise

    def put(self, data: Optional[bytes]) -> None:
        """Make the file hold these bytes, or be absent (None); the journal knows them first. Raises ForeignEdit."""
        if digest(data) not in self.entry.written:
            self.record(written=self.entry.written + (digest(data),))
        guarded_file.put(self.host, self.entry.path, self.last, data)
        self.last = data

    def check(self) -> None:
        """Whatever comes next is done on what this run last saw. Raises ForeignEdit."""
        guarded_file.check(self.entry.path, self.last)

    def reload(self, settings: Mapping[str, Any], keys: Sequence[str]) -> None:
        """activate.reload of the file as this run last saw it. Raises NotInForce, ForeignEdit."""
        activate.reload(self.host, settings, keys, self.check)

    def restart(self) -> None:
        """activate.restart with the file as this run last saw it. Raises NotInForce, ForeignEdit."""
        activate.restart(self.host, self.check)

    def with_values(self, data: Optional[bytes], values: Mapping[str, Any]) -> bytes:
        """The bytes with these values merged in."""
        text = daemon_json.decode(data or b"", self.entry.path)
        return json_edit.merge(text, values, path=self.entry.path).encode("utf-8")

    def reloadable(self, data: Optional[bytes]) -> Optional[bytes]:
        """The bytes without what makes this dockerd refuse them in a reload."""
        path = self.entry.path
        left_out = reload_file.obstacles(daemon_json.parse(data or b"", path), self.entry.engine_version)
        if not left_out:
            return data
        return json_edit.merge(daemon_json.decode(data or b"", path), {}, left_out, path).encode("utf-8")

    def reload_with(self, data: Optional[bytes], values: Dict[str, Any]) -> None:
        """Reload with these bytes plus these values; the file stays so. Raises NotInForce, ForeignEdit."""
        self.put(self.reloadable(self.with_values(data, values)))
        self.reload(values, list(values))

    def settle(self, data: Optional[bytes], values: Dict[str, Any]) -> None:
        """Put the final bytes back without a restart, and by a reload before that nothing else stays in memory."""
        if self.entry.reload_resets:
            self.note_in_memory(values, f"a reload would drop flags of {self.host.unit}")
        else:
            try:
                self.reload_with(data, values)
            except NotInForce as reason:
                self.note_in_memory(values, str(reason))
        self.put(data)

    def note_in_memory(self, keys: Iterable[str], reason: str) -> None:
        """Note that these keys keep their value in dockerd's memory."""
        self.in_memory.extend(
            f"{key} stays as it is in dockerd's memory until its next restart ({reason})" for key in sorted(keys)
        )

    def finish(self) -> None:
        """Mark the transaction complete and delete its journal entry. Raises ForeignEdit, JournalError."""
        self.check()
        restarted = self.entry.activation == RESTART and self.entry.activation_began
        # keys that nobody here looked at may be in the file and not in force
        if restarted or self.entry.running_known:
            self._record_in_force()
        self.host.remove_record(journal.TRANSACTION)

    def _record_in_force(self) -> None:
        """Without this record a later run knows less, and restarts once more: no reason to undo what is proven."""
        try:
            pid = self.host.unit_status().main_pid
            if pid:
                in_force.save(self.host, pid, self.entry.path, self.last, self.pending)
        except (SystemdError, journal.JournalError, OSError):
            pass
