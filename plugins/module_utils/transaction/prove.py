# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a change is in force, by the strongest evidence that there is for each key, and whether the containers are there."""

import os
from typing import Any, Mapping, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import same
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import RESTART
from ansible_collections.containment.docker.plugins.module_utils.transaction import containers
from ansible_collections.containment.docker.plugins.module_utils.transaction.activate import NotInForce
from ansible_collections.containment.docker.plugins.module_utils.transaction.plan import unproven
from ansible_collections.containment.docker.plugins.module_utils.transaction.work import LIVE_RESTORE, Work


def prove(work: Work) -> None:
    """Compare with the engine, the process, the containers and what they could do; note what waits in work.pending.

    Raises NotInForce, and what the host raises.
    """
    entry = work.entry
    engine = work.host.engine()
    try:
        daemon = work.host.evidence(engine)
        info = daemon["info"]
        # live-restore that only keeps the containers alive is not the change, and goes again
        settles = entry.start != entry.after
        keys = [key for key in entry.keys if not (settles and key == LIVE_RESTORE)]
        if entry.activation == RESTART:
            _prove_file(keys, daemon["running"], work.settings)
        running = containers.running(work.host, engine)
        denied, waiting = unproven(keys, work.settings, info, _bridge(daemon), len(running))
        work.pending = sorted({key for key in [*waiting, *entry.waiting] if key in waiting or running})
        if denied:
            raise NotInForce(f"dockerd came up, but says that {' and '.join(denied)} is not in force")
        _prove_containers(work, engine)
    finally:
        engine.close()
    if entry.proof:
        broken = work.host.lost(entry.proof)
        if broken:
            raise NotInForce(f"dockerd came up, but {'; '.join(broken)}")


def _prove_file(keys: Sequence[str], running: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    """For what the API does not show: dockerd started after the file was written, and reads it with its flags."""
    for key in keys:
        have, want = running.get(key), settings.get(key)
        if key == "data-root":
            have = have and os.path.realpath(have)
        if not same(have, want):
            raise NotInForce(f"dockerd was started with another value of {key}")


def _prove_containers(work: Work, engine: Engine) -> None:
    """Those to be kept are the same processes, and nothing of those stopped is left."""
    gone = containers.lost_names(work.host, engine, work.entry.keep)
    if gone:
        raise NotInForce(
            f"dockerd came up without the running container{'' if len(gone) == 1 else 's'} {', '.join(gone)}"
        )
    orphans = containers.outside(work.host, work.entry.stop)
    if orphans:
        raise NotInForce(f"process {int(min(orphans.values()))} of a stopped container is still alive")


def _bridge(daemon: Evidence) -> Optional[Mapping[str, Any]]:
    try:
        return daemon["bridge"]
    except Absent:
        return None
