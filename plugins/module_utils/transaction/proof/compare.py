# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What containers could do before a change and must be able to do after it. Plain data, so that the journal can keep it."""

import time
from typing import Any, Dict, List, Mapping, Sequence, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import Container
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import network as network_probe
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import start as container_probe
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import traffic as container_traffic
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof.network import Probe, Process
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof.traffic import Item

# Running containers whose traffic is tried; the rest is told not to be.
CONTAINERS = 100
ROUNDS_BEFORE = 2
# Losses that are told one by one.
NAMED = 5
# Seconds that a network may take to come back.
PATIENCE = 15.0
_PAUSE = 1.0


def observe(host: Any, keep: Sequence[Container]) -> Dict[str, Any]:
    """What works now. host: a Host. keep: the containers that stay up in a restart. Raises nothing.

    {"starts": bool or None, "why": text, "traffic": [an Item that was answered, as lists], "not_tried": [text]}
    """
    engine = host.engine()
    try:
        attempt = container_probe.attempt(engine)
        known, not_tried = _items(host, engine, keep)
    finally:
        engine.close()
    if attempt.starts is None:
        not_tried.insert(0, f"whether a container starts: {attempt.why}")
    return {
        "starts": attempt.starts,
        "why": attempt.why,
        "traffic": [_plain(item) for item in _answered(known, ROUNDS_BEFORE * network_probe.ROUND_SECONDS)],
        "not_tried": not_tried,
    }


def lost(host: Any, observed: Dict[str, Any], patience: float = PATIENCE) -> List[str]:
    """What worked then and does not now, each as the end of a sentence; [] if all still works.

    What could not be tried again is noted in `observed` as such.
    """
    sentences = []
    if observed["starts"]:
        attempt = _attempt_again(host, patience)
        if attempt.starts is None:
            observed.update(
                starts=None, not_tried=[f"whether a container starts: {attempt.why}"] + observed["not_tried"]
            )
        if attempt.starts is False:
            sentences.append(f"no container starts any more: {attempt.why}")
    known = [_item(plain) for plain in observed["traffic"]]
    answered = _answered(known, patience)
    failed = [item for item in known if item not in answered]
    sentences += [f"{item.container} can't {item.what} any more" for item in _not_their_own(failed)]
    return sentences if len(sentences) <= NAMED else sentences[:NAMED] + [f"so for {len(sentences) - NAMED} more"]


def _attempt_again(host: Any, patience: float) -> container_probe.Attempt:
    deadline = time.monotonic() + patience
    while True:
        engine = host.engine()
        try:
            attempt = container_probe.attempt(engine)
        finally:
            engine.close()
        if attempt.starts is not False or time.monotonic() >= deadline:
            return attempt
        time.sleep(_PAUSE)


def _items(host: Any, engine: Engine, keep: Sequence[Container]) -> Tuple[List[Item], List[str]]:
    """(Items of the containers, what is not tried)"""
    items: List[Item] = []
    not_tried: List[str] = []
    if not keep:
        return items, not_tried
    view = container_traffic.read_host()
    for item in list(keep)[:CONTAINERS]:
        try:
            inspect = engine.get(container_path(item.id))
            items += container_traffic.items(inspect, host.start_ticks(inspect["State"]["Pid"]), view)
        except (EngineError, OSError, LookupError, TypeError, ValueError, AttributeError):
            continue  # it ended meanwhile, or can't be told
    if len(keep) > CONTAINERS:
        not_tried.append(f"the traffic of {len(keep) - CONTAINERS} more containers")
    return items, not_tried


def _answered(known: Sequence[Item], seconds: float) -> List[Item]:
    """Those that are answered within these seconds, in their order."""
    answered: Set[Item] = set()
    unanswered = list(known)
    deadline = time.monotonic() + seconds
    while unanswered:
        began = time.monotonic()
        answers = network_probe.reached([item.probe for item in unanswered])
        answered.update(item for item, answer in zip(unanswered, answers) if answer)
        unanswered = [item for item in unanswered if item not in answered]
        if time.monotonic() >= deadline:
            break
        # what is refused at once is not asked again at once
        time.sleep(max(0.0, _PAUSE - (time.monotonic() - began)) if unanswered else 0)
    return [item for item in known if item in answered]


def _not_their_own(failed: Sequence[Item]) -> List[Item]:
    """Without ports that the container itself no longer serves."""
    inside = [(item, item.inside) for item in failed if item.inside]
    answers = network_probe.reached([probe for _item, probe in inside]) if inside else []
    served = {item: answer for (item, _probe), answer in zip(inside, answers)}
    return [item for item in failed if served.get(item, True)]


def _plain(item: Item) -> List[Any]:
    return [item.container, item.what, list(item.probe), list(item.inside) if item.inside else None]


def _item(plain: Sequence[Any]) -> Item:
    container, what, probe, inside = plain
    return Item(container, what, _probe(probe), _probe(inside) if inside else None)


def _probe(plain: Sequence[Any]) -> Probe:
    process, rest = plain[0], plain[1:]
    return Probe(Process(*process) if process else None, *rest)


def to_result(observed: Mapping[str, Any]) -> Dict[str, Any]:
    """The module's return value `proof`."""
    works = ["a container starts"] if observed["starts"] else []
    works += [f"{item.container} can {item.what}" for item in map(_item, observed["traffic"])]
    not_tried = list(observed["not_tried"])
    if observed["starts"] is False:
        not_tried.append(f"whether a container starts, as none did before: {observed['why']}")
    return {"works": works, "not_tried": not_tried}
