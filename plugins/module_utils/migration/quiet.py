# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether anything came, went or started in the first engine while its copies were made: that would be left behind. I/O."""

from typing import Any, Dict, Mapping, NamedTuple, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.migration import facts
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Facts
from ansible_collections.containment.docker.plugins.module_utils.migration.work import Failed
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host

_AGAIN = "run again when nobody else works with this engine"


class Content(NamedTuple):
    """What an engine has, by kind: identity -> (name, what must not change meanwhile)."""

    containers: Mapping[str, Tuple[str, Any]]
    volumes: Mapping[str, Tuple[str, Any]]
    networks: Mapping[str, Tuple[str, Any]]


class Starts(NamedTuple):
    """When each container started last, by id; running: names of those that run."""

    times: Mapping[str, str]
    running: Tuple[str, ...]


def of_facts(collected: Facts) -> Content:
    """What the plan is about."""
    return _content(collected.containers, [volume.inspect for volume in collected.volumes], collected.networks)


def _content(containers: Any, volumes: Any, networks: Any) -> Content:
    return Content(
        {item["Id"]: (container_name.inspected(item), (item["HostConfig"], item["Config"])) for item in containers},
        # not CreatedAt, which is when an entry was last made in it (moby 20.10: volume/local, CreatedAt)
        {item["Name"]: (inert(item["Name"]), None) for item in volumes},
        {item["Id"]: (inert(item["Name"]), None) for item in networks},
    )


def require_same(host: Host, before: Content) -> Starts:
    """Compare what the engine has with what it had, and read what runs. Raises Failed."""
    engine = host.engine()
    try:
        containers = facts.inspects(engine)
        now = _content(containers, engine.get("/volumes").get("Volumes") or (), engine.get("/networks"))
    except EngineError as error:
        raise Failed(inert(error))
    finally:
        engine.close()
    for kind in Content._fields:
        _compare(kind[:-1], getattr(before, kind), getattr(now, kind))
    states: Dict[str, Any] = {item["Id"]: item["State"] for item in containers}
    running = tuple(now.containers[key][0] for key, state in states.items() if state["Running"])
    return Starts({key: str(state.get("StartedAt")) for key, state in states.items()}, running)


def _compare(kind: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    for what, keys, source in (
        ("created", set(now) - set(before), now),
        ("removed", set(before) - set(now), before),
        ("changed", {key for key in set(now) & set(before) if now[key] != before[key]}, now),
    ):
        if keys:
            names = ", ".join(sorted(source[key][0] for key in keys)[:5])
            raise Failed(f"the {kind} {names} was {what} while the copies were made: {_AGAIN}")


def require_stopped(host: Host, before: Content) -> Starts:
    """As require_same, and nothing runs. Raises Failed."""
    starts = require_same(host, before)
    if starts.running:
        names = ", ".join(sorted(starts.running)[:5])
        raise Failed(f"the container {names} was started while volumes were copied: {_AGAIN}")
    return starts


def require_not_started(host: Host, before: Content, since: Starts) -> None:
    """As require_stopped, and nothing was started since, not even shortly. Raises Failed."""
    starts = require_stopped(host, before)
    for key, moment in starts.times.items():
        if moment != since.times[key]:
            name = before.containers[key][0]
            raise Failed(f"the container {name} was started while volumes were copied, and has ended: {_AGAIN}")
