# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal's entry of a transaction: all that a later run needs to finish it or to undo it. Pure.

On disk it is one JSON object with a `version`. Version 2 has the fields of Entry by their names; bytes are base64, containers
objects.
Version 1 (0.1.0, which may lack the key) had other names for some; it is read, and goes on as version 2.
"""

import base64
import binascii
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import Container
from ansible_collections.containment.docker.plugins.module_utils.transaction.docker_unit import Mark

VERSION = 2
# What a transaction does, in this order as far as it has to; `restoring` is the way back from any of them.
PHASES = (
    "prepared",
    "observing",
    "live-restore",
    "stopping",
    "stopped",
    "writing",
    "written",
    "activating",
    "proving",
    "starting",
    "settling",
    "restoring",
)
_VERSION_1 = {
    "running_known": "proven",
    "waiting": "pending_before",
    "written": "ours",
    "turn_on_live_restore": "turn_on",
    "activation_began": "asked",
    "rollback_left": "back_from",
}


class EntryError(ValueError):
    """The record is no entry that this release understands; the text is a part of a sentence."""


class Entry(NamedTuple):
    """One transaction under way.

    path, unit, address, timeout: the file, and the daemon as Host has it
    engine_version: the engine's, before
    activation: none, reload or restart; keys: what it brings into force; waiting: keys that wait for the last container to end
    running_known: whether it was known which settings were in force before
    before, start, after: the file's bytes (None: no file) at first, while dockerd is activated, and in the end
    live_restore: whether it was in force before; turn_on_live_restore: whether a reload has to turn it on first
    reload_resets: settings given by flags that a reload would drop
    dockerd: the process from before
    keep, stop: containers that must survive, and those to stop, in this order; start_again: those are to run afterwards, too
    probe: whether to compare what containers can do; proof: what they could do before, see proof.compare.observe
    written: digests (None: no file) of all that this transaction has put into the file
    phase: one of PHASES, which may have begun; activation_began: whether dockerd may have seen the new file
    pending: keys that are not in force yet, once that is known
    rollback_left: the process that the way back was about to replace, (0, 0) for none; None before that
    """

    path: str
    unit: str
    address: str
    timeout: float
    engine_version: Optional[str]
    activation: str
    keys: Tuple[str, ...]
    waiting: Tuple[str, ...]
    running_known: bool
    before: Optional[bytes]
    start: Optional[bytes]
    after: Optional[bytes]
    live_restore: bool
    turn_on_live_restore: bool
    reload_resets: Tuple[str, ...]
    dockerd: Mark
    keep: Tuple[Container, ...]
    stop: Tuple[Container, ...]
    written: Tuple[Optional[str], ...]
    start_again: bool = False
    probe: bool = True
    phase: str = "prepared"
    activation_began: bool = False
    proof: Optional[Dict[str, Any]] = None
    pending: Tuple[str, ...] = ()
    rollback_left: Optional[Mark] = None


def to_json(entry: Entry) -> Dict[str, Any]:
    """The entry as it stands on disk."""
    return dict({name: _encode(value) for name, value in entry._asdict().items()}, version=VERSION)


def from_json(record: Mapping[str, Any]) -> Entry:
    """The entry of a record of version 1 or 2. Raises EntryError."""
    version = record.get("version", 1)
    if version not in (1, VERSION) or isinstance(version, bool):
        raise EntryError("it was written by another version of this collection: finish with that one")
    values = {}
    for field in Entry._fields:
        name = _VERSION_1.get(field, field) if version == 1 else field
        if name in record:
            try:
                values[field] = _DECODE[field](record[name])
            except (TypeError, ValueError, LookupError) as error:
                raise EntryError(f"its {name} is not understood ({type(error).__name__})")
        elif field not in Entry._field_defaults:
            raise EntryError(f"it lacks {name}")
    return Entry(**values)


def _encode(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, Container):
        return dict(value._asdict(), needs=list(value.needs))
    return [_encode(item) for item in value] if isinstance(value, tuple) else value


def _only(kind: Any) -> Callable[[Any], Any]:
    def decode(value: Any) -> Any:
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise TypeError
        return value

    return decode


def _or_none(decode: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else decode(value)


def _many(decode: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: tuple(decode(item) for item in _only(list)(value))


def _one_of(choices: Tuple[str, ...]) -> Callable[[Any], Any]:
    return lambda value: choices[choices.index(value)]


def _bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(_only(str)(value), validate=True)
    except binascii.Error:
        raise ValueError


def _mark(value: Any) -> Tuple[int, int]:
    pid, ticks = _many(_only(int))(value)
    return pid, ticks


def _container(value: Any) -> Container:
    fields = dict(_only(dict)(value))
    for name, kind in (
        ("id", str),
        ("name", str),
        ("pid", int),
        ("ticks", int),
        ("stop_timeout", int),
        ("paused", bool),
    ):
        _only(kind)(fields[name])
    return Container(**dict(fields, needs=_many(_only(str))(fields["needs"])))


_text, _flag, _texts = _only(str), _only(bool), _many(_only(str))
_DECODE: Dict[str, Callable[[Any], Any]] = {
    "path": _text,
    "unit": _text,
    "address": _text,
    "timeout": _only((int, float)),
    "engine_version": _or_none(_text),
    "activation": _one_of(("none", "reload", "restart")),
    "keys": _texts,
    "waiting": _texts,
    "running_known": _flag,
    "before": _or_none(_bytes),
    "start": _or_none(_bytes),
    "after": _or_none(_bytes),
    "live_restore": _flag,
    "turn_on_live_restore": _flag,
    "reload_resets": _texts,
    "dockerd": _mark,
    "keep": _many(_container),
    "stop": _many(_container),
    "written": _many(_or_none(_text)),
    "start_again": _flag,
    "probe": _flag,
    "phase": _one_of(PHASES),
    "activation_began": _flag,
    "proof": _or_none(_only(dict)),
    "pending": _texts,
    "rollback_left": _or_none(_mark),
}
