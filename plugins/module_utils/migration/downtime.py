# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of a migration during which containers do not run: stop, last copies, switch, start, compare."""

import concurrent.futures
import functools
import threading
from typing import Any, Callable, Dict, List, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import stop_order
from ansible_collections.containment.docker.plugins.module_utils.migration import (
    bulk_copy,
    facts,
    interfaces,
    prove,
    quiet,
    record,
    sandbox,
    second_engine,
    stale_rules,
    tree,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.identities import read_clock
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Layer, Volume
from ansible_collections.containment.docker.plugins.module_utils.migration.prepare import NewRoot
from ansible_collections.containment.docker.plugins.module_utils.migration.sandbox import CommandError
from ansible_collections.containment.docker.plugins.module_utils.migration.work import (
    Failed,
    Work,
    inspect,
    stop_containers,
    switch,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction import containers

# More would only wait for the same disk.
_AT_ONCE = 4


def migrate(work: Work, new_root: NewRoot) -> Dict[str, Any]:
    """Take the new root into use. Raises Failed, NotRestored, JournalError. Returns seconds of downtime and what started.

    Directories outside of the data root are shifted after the switch: until then dockerd may return to the old root by
    itself, and start containers there that would meet them with mapped ids.
    """
    content = quiet.of_facts(work.facts)
    quiet.require_same(work.host, content)
    running = _running(work)
    begin = work.host.monotonic()
    work.enter(record.STOPPING, running=tuple(stop_order(running)), bridges=facts.bridges(work.facts.networks))
    stop_containers(work.host, work.record.running)
    starts = quiet.require_stopped(work.host, content)
    stopped = read_clock()
    work.enter(record.COPYING)
    _fail_for_trouble(lambda: _copy(work, new_root))
    quiet.require_not_started(work.host, content, starts)
    work.enter(record.SWITCHING)
    switch(work.host, work.options.remap, work.options.probe)
    work.enter(record.STARTING, begun=_nanoseconds(work))
    _fail_for_trouble(lambda: _require_rest(work, new_root, stopped))
    still = interfaces.remove_bridges(work.record.bridges)
    rules = stale_rules.remove(work.record.bridges)
    _fail_for_trouble(lambda: _shift(work))
    started = prove.start(work, new_root)
    seconds = work.host.monotonic() - begin
    notes = prove.require_alive(work, started)
    prove.require_equal(work, new_root)
    work.enter(record.DONE, started=tuple(started), finished=_nanoseconds(work))
    notes += [f"the container {item.name} is not started" for item in work.record.running if item.name not in started]
    notes += [f"the bridge {name} of the old data root is left in the kernel" for name in still] + rules
    return {"downtime": round(seconds, 1), "started": started, "notes": notes}


def _require_rest(work: Work, new_root: NewRoot, since: int) -> None:
    """Nothing has written to the old volumes since then (ns since the epoch). Raises bulk_copy.Changed.

    A last copy that takes milliseconds would miss who writes now and then; what it writes after it is not in the copy.
    """
    for volume in work.facts.volumes:
        if volume.inspect["Name"] in new_root.volumes:
            bulk_copy.require_rest(volume.inspect["Mountpoint"], since)


def _nanoseconds(work: Work) -> int:
    return int(work.host.now() * 1e9)


def _fail_for_trouble(function: Any) -> None:
    try:
        function()
    except (CommandError, tree.Unshiftable, bulk_copy.Changed, EngineError) as error:
        raise Failed(inert(error))
    except OSError as error:
        raise Failed(f"{error.filename or 'a file'}: {error.strerror}")


def _running(work: Work) -> List[Any]:
    engine = work.host.engine()
    try:
        return containers.running(work.host, engine)
    except EngineError as error:
        raise Failed(inert(error))
    finally:
        engine.close()


def _copy(work: Work, new_root: NewRoot) -> None:
    new = second_engine.engine()
    volumes = {volume.inspect["Name"]: volume for volume in work.facts.volumes}
    ended = threading.Event()
    jobs = [
        functools.partial(_copy_volume, work, new_root, volumes[name], new_root.volumes[name], ended)
        for name in new_root.volumes
    ]
    try:
        for item in () if work.options.drop_layers else work.facts.containers:
            name, layer = container_name.inspected(item), work.facts.layers.get(item["Id"])
            if name in new_root.definitions and layer is not None and layer.path:
                target = facts.upper(inspect(new, name), work.facts.new_root)
                if not target:
                    raise Failed(f"the new container {inert(name)} has no layer of its own that can be written")
                jobs.append(functools.partial(_copy_layer, work, name, layer, target))
    finally:
        new.close()
    _do_together(jobs, ended)
    second_engine.stop()


def _copy_volume(work: Work, new_root: NewRoot, volume: Volume, target: str, ended: threading.Event) -> None:
    name, content = volume.inspect["Name"], volume.content or tree.NOTHING
    copied = name in new_root.copied
    with work.progress.copying(f"volume {name}, last copy", 0 if copied else content.size, target):
        earlier = content.identities if copied else None
        source, since = volume.inspect["Mountpoint"], new_root.copied.get(name, 0)
        bulk_copy.copy_last(source, target, work.facts.ids, earlier, since, functools.partial(_go_on, ended))
        tree.strip(target, work.options.drop_devices, work.options.drop_set_ids)


def _go_on(ended: threading.Event) -> None:
    if ended.is_set():
        raise CommandError("another copy failed")


def _copy_layer(work: Work, name: str, layer: Layer, target: str) -> None:
    with work.progress.copying(f"layer of {name}", layer.content.size if layer.content else 0, target):
        bulk_copy.copy_layer(layer.path, target, work.facts.ids)


def _do_together(jobs: Sequence[Callable[[], None]], ended: threading.Event) -> None:
    """Do some of them at once, as each waits for systemd and for the disk. After the first failure, which is raised, none is
    begun, and what copies is stopped; `ended` says so to those that no unit does."""
    failures: List[BaseException] = []

    def do(job: Callable[[], None]) -> None:
        if failures:
            return
        try:
            job()
        except BaseException as error:  # whatever it is: raised below, when no other job is at work
            failures.append(error)
            ended.set()
            if len(failures) == 1:
                _stop_copying()

    with concurrent.futures.ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        for job in jobs:
            pool.submit(do, job)
    if failures:
        raise failures[0]


def _stop_copying() -> None:
    try:
        sandbox.stop_service(sandbox.COPY_UNITS)
    except CommandError:
        pass  # then it ends by itself


def _shift(work: Work) -> None:
    for path in work.options.shift:
        work.enter(record.STARTING, shifted=work.record.shifted + (path,))
        tree.shift(path, work.facts.ids)
