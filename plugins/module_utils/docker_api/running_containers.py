# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The running containers of a transaction: in which order they stop, and whether they are still the same. Pure."""

from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name

# moby: daemon/stop.go, container.StopTimeout
DEFAULT_STOP_TIMEOUT = 10
_KILLED = (137, 143, 255)


class Container(NamedTuple):
    """A container that runs. started: as the engine writes it (RFC 3339); ticks: its first process's start, in clock
    ticks after boot; needs: ids and names of the containers that it shares something with.
    """

    id: str
    name: str
    pid: int
    started: str
    ticks: int
    paused: bool
    restarts: int
    stop_timeout: int
    needs: Tuple[str, ...]


def from_inspect(inspect: Mapping[str, Any], ticks: int) -> Container:
    """The Container in GET /containers/<id>/json of one that runs. Raises LookupError or TypeError for other shapes."""
    state, timeout = inspect["State"], inspect["Config"].get("StopTimeout")
    return Container(
        id=inspect["Id"],
        name=container_name.inspected(inspect),
        pid=state["Pid"],
        started=state["StartedAt"],
        ticks=ticks,
        paused=state["Paused"],
        restarts=inspect["RestartCount"],
        stop_timeout=DEFAULT_STOP_TIMEOUT if timeout is None else timeout,
        needs=tuple(_needs(inspect["HostConfig"])),
    )


def _needs(host: Mapping[str, Any]) -> Iterator[str]:
    for mode in ("NetworkMode", "IpcMode", "PidMode"):
        kind, _colon, other = (host.get(mode) or "").partition(":")
        if kind == "container":
            yield other
    for volumes in host.get("VolumesFrom") or ():
        yield volumes.partition(":")[0]
    for link in host.get("Links") or ():
        yield link.partition(":")[0].lstrip("/")


def stop_order(containers: Sequence[Container]) -> List[Container]:
    """Dependents before what they depend on, otherwise the newest first. A start takes the reverse."""
    by_key: Dict[str, Container] = {}
    for container in containers:
        by_key[container.name] = container
    for container in containers:  # an id wins over a name that looks like one
        by_key[container.id] = container
    starts: List[Container] = []
    ordered = set()

    def place(container: Container) -> None:
        pending = [(container, False)]
        while pending:  # not recursive: a chain may be as long as the host has containers
            item, ready = pending.pop()
            if ready:
                starts.append(item)
            elif item.id not in ordered:
                ordered.add(item.id)
                pending.append((item, True))
                pending.extend((by_key[key], False) for key in item.needs if key in by_key)

    for container in sorted(containers, key=lambda item: (item.started, item.id)):
        place(container)
    return starts[::-1]


def lost(before: Sequence[Container], inspects: Mapping[str, Mapping[str, Any]], ticks: Mapping[int, int]) -> List[str]:
    """Names of the containers that did not survive: neither the same process nor an end of their own.

    inspects: id -> inspect after the change, without those that are gone; ticks: pid -> start time of that process now.
    One that ended by itself meanwhile (exit status of its own), or that its restart policy started again, is not lost.
    """
    return [item.name for item in before if not _survived(item, inspects.get(item.id), ticks)]


def _survived(before: Container, after: Optional[Mapping[str, Any]], ticks: Mapping[int, int]) -> bool:
    if after is None:
        return False
    state = after["State"]
    if state["Running"] and state["Pid"] == before.pid:
        return state["StartedAt"] == before.started and ticks.get(before.pid) == before.ticks
    if after["RestartCount"] > before.restarts:
        return True
    return not state["Running"] and state["ExitCode"] not in _KILLED
