# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of a migration during which containers do not run: stop, last copies, switch, start, compare."""

import concurrent.futures
import time
from typing import Any, Dict, List, Mapping

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import stop_order
from ansible_collections.containment.docker.plugins.module_utils.migration import (
    bulk_copy,
    compare,
    facts,
    interfaces,
    record,
    second_engine,
    tree,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.prepare import Made
from ansible_collections.containment.docker.plugins.module_utils.migration.sandbox import CommandError
from ansible_collections.containment.docker.plugins.module_utils.migration.work import (
    Failed,
    Work,
    inspect,
    stop_container,
    switch,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction import containers

# A container that can't live with mapped ids ends at once.
_SETTLE_SECONDS = 3.0
_AT_ONCE = 16


def migrate(work: Work, made: Made) -> Dict[str, Any]:
    """Take the new root into use. Raises Failed, NotRestored, JournalError. Returns seconds of downtime and what started."""
    running = _running(work)
    _require_unchanged(work)
    begin = time.monotonic()
    work.enter(record.STOPPING, running=tuple(stop_order(running)), bridges=facts.bridges(work.facts.networks))
    _stop(work)
    work.enter(record.COPYING)
    try:
        _copy(work, made)
        second_engine.stop()
        for path in work.options.shift:
            work.enter(record.COPYING, shifted=work.record.shifted + (path,))
            tree.shift(path, work.facts.ids)
    except (CommandError, tree.Unshiftable, bulk_copy.Changed, EngineError) as error:
        raise Failed(inert(error))
    except OSError as error:
        raise Failed(f"{error.filename or 'a file'}: {error.strerror}")
    work.enter(record.SWITCHING)
    switch(work.host, work.options.remap, work.options.probe)
    work.enter(record.STARTING)
    still = interfaces.remove_bridges(work.record.bridges)
    started = _start(work, made)
    seconds = time.monotonic() - begin
    _compare(work, made)
    work.enter(record.DONE, finished=time.time_ns() if hasattr(time, "time_ns") else int(time.time() * 1e9))
    return {"downtime": round(seconds, 1), "started": started, "bridges": still}


def _running(work: Work) -> List[Any]:
    engine = work.host.engine()
    try:
        return containers.running(work.host, engine)
    except EngineError as error:
        raise Failed(inert(error))
    finally:
        engine.close()


def _stop(work: Work) -> None:
    """Stop what runs, dependents first, and all at once that no other one needs: each may take its whole stop timeout."""
    rest = list(work.record.running)
    while rest:
        needed = {key for item in rest for key in item.needs}
        group = [item for item in rest if not {item.id, item.name} & needed] or rest
        with concurrent.futures.ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            for _done in pool.map(lambda item: stop_container(work.host, item), group):
                pass
        rest = [item for item in rest if item not in group]


def _require_unchanged(work: Work) -> None:
    """What was made in the new root is what was there when the plan was made. Nothing was stopped yet."""
    engine = work.host.engine()
    try:
        now = {item["Id"]: (item["HostConfig"], item["Config"]) for item in facts.inspects(engine)}
    except EngineError as error:
        raise Failed(inert(error))
    finally:
        engine.close()
    before = {item["Id"]: (item["HostConfig"], item["Config"]) for item in work.facts.containers}
    if now != before:
        raise Failed(
            "containers were created, removed or changed while their copies were made: run again when that rests"
        )


def _copy(work: Work, made: Made) -> None:
    new = second_engine.engine()
    mountpoints = {volume.inspect["Name"]: volume.inspect["Mountpoint"] for volume in work.facts.volumes}
    try:
        for name, target in made.volumes.items():
            bulk_copy.copy_last(mountpoints[name], target, work.facts.ids, name in made.copied)
        if work.options.drop_layers:
            return
        for item in work.facts.containers:
            name, layer = container_name.inspected(item), work.facts.layers.get(item["Id"])
            if name in made.definitions and layer is not None and layer.path:
                target = facts.upper(inspect(new, name), work.facts.new_root)
                if not target:
                    raise Failed(f"the new container {inert(name)} has no layer of its own that can be written")
                bulk_copy.copy_layer(layer.path, target, work.facts.ids)
    finally:
        new.close()


def _start(work: Work, made: Made) -> List[str]:
    """Start what ran, in the reverse of the order of its stop, paused where it was."""
    engine, started = work.host.engine(), []
    try:
        for item in reversed(work.record.running):
            if item.name not in made.definitions:
                continue
            try:
                engine.post(container_path(item.name, "start"))
                if item.paused:
                    engine.post(container_path(item.name, "pause"))
            except EngineError as error:
                raise Failed(f"the container {inert(item.name)} does not start with mapped ids: {inert(error)}")
            started.append(item.name)
        _require_alive(engine, started)
    finally:
        engine.close()
    return started


def _require_alive(engine: Engine, names: List[str]) -> None:
    end = time.monotonic() + (_SETTLE_SECONDS if names else 0)
    while time.monotonic() < end:
        time.sleep(0.25)
    for name in names:
        state = _ask(engine, name)["State"]
        if state.get("Restarting") or (not state["Running"] and state["ExitCode"] != 0):
            raise Failed(
                f"the container {inert(name)} ended with status {state['ExitCode']} at once with mapped ids "
                f"({inert(state.get('Error') or 'see its log')})"
            )


def _ask(engine: Engine, name: str) -> Mapping[str, Any]:
    try:
        return inspect(engine, name)
    except EngineError as error:
        raise Failed(f"the container {inert(name)} can't be looked at: {inert(error)}")


def _compare(work: Work, made: Made) -> None:
    """Every container is as it was, and what runs has mapped ids by the kernel's word."""
    before = {container_name.inspected(item): item for item in work.facts.containers}
    engine, found = work.host.engine(), []
    try:
        for name, wanted in made.definitions.items():
            after = _ask(engine, name)
            found += compare.differences(before[name], after, wanted)
            if after["State"]["Running"] and after["HostConfig"].get("UsernsMode") != "host":
                found += _unmapped(name, after["State"]["Pid"], work.facts.ids.uid)
    finally:
        engine.close()
    if found:
        raise Failed(f"what was made is not what was there: {'; '.join(found[:5])}")


def _unmapped(name: str, pid: int, first: int) -> List[str]:
    try:
        with open(f"/proc/{int(pid)}/uid_map", encoding="ascii") as stream:
            fields = stream.readline().split()
    except OSError:
        return []  # it ended; its own affair
    return (
        []
        if fields[:2] == ["0", str(first)]
        else [f"{inert(name)}: its root is the host's id {' '.join(fields[1:2])}, not {first}"]
    )
