# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a transaction, each recorded in the journal before it is taken."""

import os
from typing import Any, Dict, Iterable, List, Mapping, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine
from ansible_collections.containment.docker.plugins.module_utils.dockerd import daemon_json, json_edit, reload_file
from ansible_collections.containment.docker.plugins.module_utils.dockerd.activation import NONE
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import same
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import RELOAD, RESTART
from ansible_collections.containment.docker.plugins.module_utils.evidence import daemon as daemon_evidence
from ansible_collections.containment.docker.plugins.module_utils.systemd import docker_unit, systemctl
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    activate,
    containers,
    guarded_file,
    in_force,
    journal,
    preflight,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import NotInForce, Target
from ansible_collections.containment.docker.plugins.module_utils.transaction.guarded_file import ForeignEdit
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import text_of
from ansible_collections.containment.docker.plugins.module_utils.transaction.plan import unproven
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import compare as container_proof

LIVE_RESTORE = "live-restore"


class Work:
    """One transaction under way. entry: the journal's record; settings: those of the next start with the new file; last:
    the file's bytes (None: no file) as this run last saw them, with which each step begins by comparing.
    """

    def __init__(
        self, entry: Dict[str, Any], target: Target, settings: Mapping[str, Any], last: Optional[bytes]
    ) -> None:
        self.entry = entry
        self.target = target
        self.settings = settings
        self.last = last
        self.pending: List[str] = []
        self.in_memory: List[str] = []
        self.started: List[Dict[str, Any]] = []

    def phase(self, name: str) -> None:
        """Record what comes next."""
        self.entry["phase"] = name
        if name == "activating":
            self.entry["asked"] = True
        self.save()

    def put(self, data: Optional[bytes]) -> None:
        """Make the file hold these bytes, or be absent (None); the journal knows them first, as ours."""
        digest = in_force.digest(data)
        if digest not in self.entry["ours"]:
            self.entry["ours"].append(digest)
            self.save()
        guarded_file.put(self.entry["path"], self.last, data)
        self.last = data

    def check(self) -> None:
        """Whatever comes next is done on what this run last saw. Raises ForeignEdit."""
        guarded_file.check(self.entry["path"], self.last)

    def reload(self, settings: Mapping[str, Any], keys: List[str]) -> None:
        """activate.reload of the file as this run last saw it. Raises NotInForce, ForeignEdit."""
        activate.reload(self.target, settings, keys, self.check)

    def restart(self) -> None:
        """activate.restart with the file as this run last saw it. Raises NotInForce, ForeignEdit."""
        activate.restart(self.target, self.check)

    def with_values(self, data: Optional[bytes], values: Mapping[str, Any]) -> bytes:
        """The bytes with these values merged in."""
        text = daemon_json.decode(data or b"", self.entry["path"])
        return json_edit.merge(text, values, path=self.entry["path"]).encode("utf-8")

    def reloadable(self, data: Optional[bytes]) -> Optional[bytes]:
        """The bytes without what makes this dockerd refuse them in a reload."""
        path = self.entry["path"]
        left_out = reload_file.obstacles(daemon_json.parse(data or b"", path), self.entry.get("engine_version"))
        if not left_out:
            return data
        return json_edit.merge(daemon_json.decode(data or b"", path), {}, left_out, path).encode("utf-8")

    def save(self) -> None:
        """Put the record on disk."""
        try:
            journal.save(journal.TRANSACTION, self.entry)
        except journal.JournalError:
            # what is recorded already is enough for the next run, and the way back must not wait for a full disk
            if self.entry["phase"] != "restoring":
                raise

    def do(self) -> None:
        """All steps forward. Raises NotInForce, ForeignEdit."""
        try:
            self._observe()
            self._spare_containers()
            self.phase("writing")
            self.put(journal.unpack(self.entry["start"]))
            self.phase("written")
            self._activate()
            self.prove()
            self.start_again()
            self.finish()
        except (NotInForce, ForeignEdit):
            raise
        except Exception as error:  # also an answer of a shape that no engine gives: there is a way back
            raise NotInForce(text_of(error))

    def _observe(self):
        """What containers can do now, to compare with afterwards."""
        if self.entry.get("probe") and self.entry["activation"] != NONE:
            self.phase("observing")
            kept = self.entry["keep"] if self.entry["activation"] == RESTART else ()
            self.entry["proof"] = container_proof.observe(self.target, kept)

    def _spare_containers(self):
        if self.entry["turn_on"]:
            self.phase("live-restore")
            self.reload_with(journal.unpack(self.entry["before"]), {LIVE_RESTORE: True})
        if self.entry["stop"]:
            self.phase("stopping")
            for item in self.entry["stop"]:
                self.check()
                activate.stop(self.target, item["id"], item["stop_timeout"])
            self.phase("stopped")

    def _activate(self):
        if self.entry["activation"] == NONE:
            self.pending = self.entry["pending_before"]
            return
        self.phase("activating")
        if self.entry["activation"] == RELOAD:
            start = journal.unpack(self.entry["start"])
            self.put(self.reloadable(start))
            self.reload(self.settings, self.entry["keys"])
            self.put(start)
        else:
            self.restart()

    def prove(self) -> None:
        """The strongest evidence that there is, for each key; then the containers. Raises NotInForce."""
        if self.entry["activation"] == NONE:
            return
        self.phase("proving")
        engine = self.target.engine()
        try:
            daemon = daemon_evidence.collect(engine, self.target.unit)
            info = daemon["info"]
            bridge = _bridge(daemon)
            settles = self.entry["start"] != self.entry["after"]
            keys = [key for key in self.entry["keys"] if not (settles and key == LIVE_RESTORE)]
            if self.entry["activation"] == RESTART:
                self._prove_file(keys, daemon["running"])
            running = preflight.running_containers(engine)
            denied, waiting = unproven(keys, self.settings, info, bridge, len(running))
            self.pending = [key for key in waiting + self.entry["pending_before"] if key in waiting or running]
            self.pending = sorted(set(self.pending))
            if denied:
                raise NotInForce(f"dockerd came up, but says that {' and '.join(denied)} is not in force")
            self.prove_containers(engine)
        finally:
            engine.close()
        if self.entry.get("proof"):
            broken = container_proof.lost(self.target, self.entry["proof"])
            if broken:
                raise NotInForce(f"dockerd came up, but {'; '.join(broken)}")
        if settles:
            self.entry["pending"] = self.pending
            self.phase("settling")
            self.settle_forward()

    def start_again(self) -> None:
        """Start what was stopped and is still this engine's. Raises NotInForce where one does not start any more."""
        if not self.entry.get("start_again"):
            return
        self.phase("starting")
        done = containers.start_stopped(self.target, self.entry["stop"])
        self.started = done.started
        wrong = [f"{sentence} does not start any more" for sentence in done.failed] + done.left
        if wrong:
            raise NotInForce(f"dockerd came up, but {'; '.join(wrong)}")

    def settle_forward(self) -> None:
        """What was only there to keep the containers alive goes again."""
        wanted = self.settings.get(LIVE_RESTORE, False)
        self.settle(journal.unpack(self.entry["after"]), {LIVE_RESTORE: wanted})

    def _prove_file(self, keys, running):
        """For what the API does not show: dockerd started after the file was written, and reads it with its flags."""
        for key in keys:
            have, want = running.get(key), self.settings.get(key)
            if key == "data-root":
                have = have and os.path.realpath(have)
            if not same(have, want):
                raise NotInForce(f"dockerd was started with another value of {key}")

    def prove_containers(self, engine: Engine) -> None:
        """Those to be kept are the same processes, and nothing of those stopped is left. Raises NotInForce."""
        gone = containers.lost_names(engine, self.entry["keep"])
        if gone:
            raise NotInForce(
                f"dockerd came up without the running container{'' if len(gone) == 1 else 's'} {', '.join(gone)}"
            )
        orphans = containers.outside(self.target, self.entry["stop"])
        if orphans:
            raise NotInForce(f"process {int(min(orphans.values()))} of a stopped container is still alive")

    def settle(self, data: Optional[bytes], values: Dict[str, Any]) -> None:
        """Put the final bytes back without a restart, and by a reload before that nothing else stays in memory."""
        if self.entry["reload_resets"]:
            self.remember(values, f"a reload would drop flags of {self.target.unit}")
        else:
            try:
                self.reload_with(data, values)
            except NotInForce as reason:
                self.remember(values, str(reason))
        self.put(data)

    def remember(self, values: Iterable[str], reason: str) -> None:
        """Note that these keys keep their value in dockerd's memory."""
        self.in_memory.extend(
            f"{key} stays as it is in dockerd's memory until its next restart ({reason})" for key in sorted(values)
        )

    def reload_with(self, data: Optional[bytes], values: Dict[str, Any]) -> None:
        """Reload with the file plus these values; the file stays so. Raises NotInForce."""
        self.put(self.reloadable(self.with_values(data, values)))
        self.reload(values, list(values))

    def finish(self) -> None:
        """Nothing is half-way any more."""
        self.check()
        started_with_it = self.entry["activation"] == RESTART and self.entry.get("asked")
        # keys that nobody here looked at may be in the file and not in force
        if started_with_it or self.entry["proven"]:
            self._record_in_force()
        journal.remove(journal.TRANSACTION)

    def _record_in_force(self):
        """Without this record a later run knows less, and restarts once more: no reason to undo what is proven."""
        try:
            pid = docker_unit.life(self.target.unit).pid
            if pid:
                in_force.save(pid, self.last, self.pending)
        except (systemctl.SystemdError, journal.JournalError, OSError):
            pass


def _bridge(daemon):
    try:
        return daemon["bridge"]
    except Absent:
        return None
