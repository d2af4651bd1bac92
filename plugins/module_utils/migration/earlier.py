# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a remapped data root from earlier has already, by a second engine in it. I/O."""

import os
from typing import Any, Mapping, NamedTuple, Sequence

from ansible_collections.containment.docker.plugins.module_utils.migration import facts, second_engine
from ansible_collections.containment.docker.plugins.module_utils.migration.daemon import Daemon
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Options
from ansible_collections.containment.docker.plugins.module_utils.migration.sandbox import CommandError
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import Refused

_BUILT_IN = {"bridge", "host", "none"}


class Earlier(NamedTuple):
    """taken: kind -> names that exist in both roots; networks: those of the new root."""

    taken: Mapping[str, Sequence[str]] = {}
    networks: Sequence[Mapping[str, Any]] = ()


def read(host: Host, daemon: Daemon, options: Options, ids: IdMap) -> Earlier:
    """It is asked only where there is such a root, and not by a check run. Raises EngineError, CommandError, Refused, OSError."""
    new_root = os.path.join(daemon.root, ids.directory)
    if options.check or not os.path.isdir(new_root):
        return Earlier()
    old = host.engine()
    try:
        second_engine.start(daemon.program, second_engine.configuration(daemon.settings, options.remap))
        new = second_engine.engine()
        try:
            there, here = facts.names(new), facts.names(old)
            networks = [item for item in new.get("/networks") if item["Name"] not in _BUILT_IN]
        finally:
            new.close()
    except CommandError as error:
        raise Refused(f"a second dockerd on {new_root} does not start: {error}")
    finally:
        old.close()
        second_engine.stop()
    return Earlier({kind: sorted(set(there[kind]) & set(here[kind]) - _BUILT_IN) for kind in there}, networks)
