# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Group equal denials, with the path that other records of their event name. Pure."""

from collections import OrderedDict
from typing import Callable, Dict, Iterable, Iterator, List, NamedTuple, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.denials import avc
from ansible_collections.containment.docker.plugins.module_utils.denials.avc import Avc

# How many different ones are kept, and how many events may be unfinished at a time: a container makes them at will.
GROUPS = 500
_OPEN = 256
_PIDS = 32


class Group(NamedTuple):
    """One denial and its like. like: the first; first, last: seconds since the epoch; pids: of some of them."""

    like: Avc
    wanted: Tuple[str, ...]
    first: float
    last: float
    count: int  # type: ignore[assignment]  # tuple.count, which nobody calls
    pids: Tuple[int, ...]


class Grouped(NamedTuple):
    """left_out: denials of further kinds than are kept; foreign: records that could not be understood."""

    groups: List[Group]
    left_out: int
    foreign: int


def group_denials(records: Iterable[Tuple[str, bytes]], since: float, chosen: Callable[[Avc], bool]) -> Grouped:
    """Group what was denied since then by container, target and permission.

    records: (type, the rest of the record from `audit(` on), the same one may come twice; chosen: which denials count.
    """
    groups: Dict[Tuple[object, ...], Group] = OrderedDict()
    stamps: Set[Tuple[object, ...]] = set()
    counts = {"left_out": 0, "foreign": 0}
    for denial in _read_denials(records, since, chosen, counts):
        again = denial.stamp + (denial.wanted, denial.tclass, denial.target, denial.ino, denial.name)
        if again in stamps:
            continue
        if len(stamps) < 100 * GROUPS:
            stamps.add(again)
        key = (denial.source, denial.target, denial.tclass, denial.path or (denial.name, denial.ino), denial.port)
        if key in groups:
            groups[key] = _add(groups[key], denial)
        elif len(groups) < GROUPS:
            when, pids = denial.stamp.time, (denial.pid,) if denial.pid else ()
            groups[key] = Group(denial, denial.wanted, when, when, 1, pids)
        else:
            counts["left_out"] += 1
    return Grouped(list(groups.values()), counts["left_out"], counts["foreign"])


def _add(known: Group, denial: Avc) -> Group:
    wanted = known.wanted + tuple(word for word in denial.wanted if word not in known.wanted)
    pids = known.pids
    if denial.pid and denial.pid not in pids and len(pids) < _PIDS:
        pids += (denial.pid,)
    # let through once and held back once is held back
    like = known.like._replace(permissive=known.like.permissive and denial.permissive)
    first, last = min(known.first, denial.stamp.time), max(known.last, denial.stamp.time)
    return Group(like, wanted, first, last, known.count + 1, pids)


def _read_denials(
    records: Iterable[Tuple[str, bytes]], since: float, chosen: Callable[[Avc], bool], counts: Dict[str, int]
) -> Iterator[Avc]:
    unfinished: OrderedDict[avc.Stamp, Tuple[List[Avc], List[avc.Path]]] = OrderedDict()
    for kind, record in records:
        when = avc.parse_stamp(record)
        if kind not in ("AVC", "PATH") or when is not None and when.time < since:
            continue
        if kind == "PATH":
            path = avc.parse_path(record) if when in unfinished else None
            if path and when and len(unfinished[when][1]) < _PIDS:
                unfinished[when][1].append(path)
            continue
        try:
            denial = avc.parse_denial(record)
        except avc.Foreign:
            counts["foreign"] += 1
            continue
        if denial is None or not chosen(denial):
            continue
        unfinished.setdefault(denial.stamp, ([], []))[0].append(denial)
        if len(unfinished) > _OPEN:
            yield from _name_paths(*unfinished.popitem(last=False)[1])
    while unfinished:
        yield from _name_paths(*unfinished.popitem(last=False)[1])


def _name_paths(denials: List[Avc], paths: List[avc.Path]) -> Iterator[Avc]:
    for denial in denials:
        names = [path.name for path in paths if path.ino and path.ino == denial.ino]
        yield denial._replace(path=names[0]) if names and not denial.path else denial
