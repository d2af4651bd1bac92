# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the forecast says that userns-remap would break here, and who answers for it. I/O; changes nothing."""

import datetime
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError, quote
from ansible_collections.containment.docker.plugins.module_utils.forecast import run, waived
from ansible_collections.containment.docker.plugins.module_utils.judge import waiver as waivers_
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Expected
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import Refused

SETTING = "userns-remap"
# What a migration brings along, or judges itself with more at hand.
_IN_HAND = ("out-of-sight", "volume", "fixed-address", "swarm", "subordinate-ids", "user-namespaces")


def parse(waivers: Sequence[Mapping[str, Any]]) -> Tuple[List[Waiver], List[Waiver]]:
    """The waivers for items of the forecast, and those of the rule userns-remap, by which a container keeps the host's ids.

    waivers: as a person wrote them; those of an audit's other rules are left out. Raises Refused.
    """
    own = [(index, item) for index, item in enumerate(waivers) if item.get("rule") == SETTING]
    try:
        return waived.parse(waivers), [waivers_.parse(index, item, (SETTING,)) for index, item in own]
    except ValueError as error:
        raise Refused(str(error))


def read(
    host: Host,
    engine: Engine,
    remap: str,
    waivers: Sequence[Mapping[str, Any]],
    containers: Sequence[Mapping[str, Any]],
) -> Expected:
    """Forecast this value of userns-remap. waivers: see `parse`. containers: inspects. Raises EngineError, Refused."""
    of_forecast, of_rule = parse(waivers)
    now = datetime.datetime.fromtimestamp(host.now())
    result = run.forecast(run.Options({SETTING: remap}, host.address, host.unit, host.timeout, of_forecast), now)
    effects = [item for item in result["effects"] if item["kind"] not in _IN_HAND]
    obstacles = [f"{item['subject']}: {item['reason']}" for item in result["obstacles"]]
    return Expected(effects, obstacles, _host_users(engine, of_rule, containers, now.date()))


def _host_users(
    engine: Engine, waivers: Sequence[Waiver], containers: Sequence[Mapping[str, Any]], today: datetime.date
) -> Dict[str, str]:
    valid = [item for item in waivers if not item.has_expired(today)]
    result = {}
    for inspect in containers if valid else ():
        evidence = Evidence(inspect=inspect, image=_image(engine, inspect))
        for item in valid:
            if item.selector.kind not in ("host", "daemon") and waivers_.matches(item, "container", evidence):
                result[container_name.inspected(inspect)] = inert(item.owner, 60)
    return result


def _image(engine: Engine, inspect: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return engine.get(f"/images/{quote(inspect['Image'])}/json")
    except EngineError as error:
        if error.status != 404:
            raise
        return {}
