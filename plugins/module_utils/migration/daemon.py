# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The daemon that is to be migrated: its program, its settings, its data root. I/O; changes nothing."""

from typing import Any, Dict, NamedTuple, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.dockerd import daemon_json
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.migration import facts
from ansible_collections.containment.docker.plugins.module_utils.migration.work import KEY
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import SystemdError
from ansible_collections.containment.docker.plugins.module_utils.transaction import config_file, locate, preflight
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import Refused


class Daemon(NamedTuple):
    """The daemon: its program, the settings of its next start, userns-remap in its file, its data root in force.

    file: the text of daemon.json, None without one.
    """

    program: str
    settings: Dict[str, Any]
    remap: Optional[str]
    root: str
    file: Optional[str]


def read(host: Host) -> Daemon:
    """The daemon as it is. Raises Refused."""
    service = preflight.find(host, None)
    if not locate.is_running(service.status):
        raise Refused(f"{host.unit} does not run, so nobody can say what it has: start it first")
    data = config_file.read(service.start.path)
    try:
        settings = locate.next_settings(host, service.start.path, data)
        own = daemon_json.parse(data or b"", service.start.path)
    except (ConfigError, SystemdError) as error:
        raise Refused(str(error))
    engine = host.engine()
    try:
        root = facts.data_root(engine)
    except EngineError as error:
        raise Refused(inert(error))
    finally:
        engine.close()
    text = None if data is None else daemon_json.decode(data, service.start.path)
    argv = service.start.argv or ("dockerd",)
    return Daemon(argv[0], settings, own.get(KEY) or None, root, text)
