# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an audit remembers of the one before it, and what changed since. Pure.

A record has a status for each rule and subject, and no evidence. A container is known by its id: one that has its name
but another id is another container. What an audit did not look at, or could not see, keeps what is known of it.
"""

import hashlib
import json
import re
from collections import OrderedDict
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import SEEN_LIMIT
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import UNLISTED

VERSION = 1
MAX_CONTAINERS = 4096
OPEN = ("fail", "unknown", "waived")
# what POST /containers/{id}/update can change (moby: api/types/container, UpdateConfig)
UPDATABLE = (
    "BlkioWeight",
    "CpuPeriod",
    "CpuQuota",
    "CpuRealtimePeriod",
    "CpuRealtimeRuntime",
    "CpuShares",
    "CpusetCpus",
    "CpusetMems",
    "Memory",
    "MemoryReservation",
    "MemorySwap",
    "NanoCpus",
    "PidsLimit",
    "RestartPolicy",
)
_PASSES = "passes"
_IDLE = "does not apply any more"
_GONE = "gone with the container"
_REPLACED = "gone with the container; another one has its name"
_LETTERS = OrderedDict((("fail", "f"), ("unknown", "u"), ("waived", "w"), ("pass", "p"), ("not_applicable", "n")))
_STATUSES = {letter: status for status, letter in _LETTERS.items()}
_NONE = "."
_TEXT_LIMIT = 10 * SEEN_LIMIT  # inert() escapes a character with ten at most
_ID = re.compile(r"[0-9a-f]{64}\Z")
_RULE = re.compile(r"[a-z][a-z0-9-]{0,63}\Z")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
_FINGERPRINT = re.compile(r"([0-9a-f]{16})?\Z")
_KEYS = frozenset(("version", "at", "engine", "root", "whole", "rules", "subjects"))


class Subject(NamedTuple):
    """name: as findings have it; statuses: by rule; settings: `fingerprint` of a container, "" where not known."""

    name: str
    statuses: Mapping[str, str]
    settings: str = ""


class Record(NamedTuple):
    """The result of an audit, in short.

    at: when, in UTC. engine: its address. root: its data root, "" where not known. whole: each container that the
    engine had is among the subjects. subjects: by container id, "host", "daemon", or UNLISTED.
    """

    at: str
    engine: str
    root: str
    whole: bool
    subjects: Mapping[str, Subject]


class Changes(NamedTuple):
    """What one record has that an earlier one has not.

    since: (subject's key, rule) -> (new or unchanged, the open status that it had, or ""), for what is open and was
    looked at before. resolved: [{rule, subject, was, why}]. updated: names of containers that were updated.
    """

    since: Mapping[Tuple[str, str], Tuple[str, str]]
    resolved: List[Dict[str, str]]
    updated: List[str]


def is_key(text: str) -> bool:
    """Whether a record can have a subject of this key."""
    return text in ("host", "daemon", UNLISTED) or bool(_ID.match(text))


def fingerprint(host_config: Mapping[str, Any]) -> str:
    """Of what a container update can change. Zero, null and a missing key are one: engines differ in these."""
    values = json.dumps([host_config.get(key) or 0 for key in UPDATABLE], sort_keys=True)
    return hashlib.sha256(values.encode("utf-8")).hexdigest()[:16]


def incomparable(then: Record, now: Record) -> str:
    """Why the two can't be compared, "" where they can."""
    if then.engine != now.engine:
        return f"the last result is of another engine, {then.engine}"
    if then.root and now.root and then.root != now.root:
        return f"the engine had another data root then, {then.root}, and so other containers"
    return ""


def compare(then: Record, now: Record) -> Changes:
    """What changed. Only what was seen then and is seen now can be new, unchanged or resolved."""
    since: Dict[Tuple[str, str], Tuple[str, str]] = {}
    resolved: List[Dict[str, str]] = []
    for key, subject in now.subjects.items():
        before = then.subjects.get(key)
        for rule, status in subject.statuses.items():
            was = before.statuses.get(rule, "") if before else ""
            if status not in OPEN:
                if was in OPEN:
                    why = _PASSES if status == "pass" else _IDLE
                    resolved.append(_resolved(rule, subject.name, was, why))
            elif was == status:
                since[key, rule] = ("unchanged", was)
            elif was or (before is None and then.whole and _is_container(key)):
                since[key, rule] = ("new", was if was in OPEN else "")
    if now.whole:
        names = frozenset(subject.name for subject in now.subjects.values())
        for key, gone in then.subjects.items():
            if _is_container(key) and key != UNLISTED and key not in now.subjects:
                why = _REPLACED if gone.name in names else _GONE
                resolved += [_resolved(rule, gone.name, s, why) for rule, s in gone.statuses.items() if s in OPEN]
    return Changes(since, resolved, _updated(then, now))


def merged(then: Optional[Record], now: Record) -> Record:
    """What to keep: the result of now, and what is known from then of what was not looked at or could not be seen."""
    subjects: Dict[str, Subject] = OrderedDict()
    for key, subject in now.subjects.items():
        before = then.subjects.get(key) if then else None
        statuses = dict(before.statuses, **subject.statuses) if before else subject.statuses
        subjects[key] = Subject(subject.name, statuses, subject.settings or (before.settings if before else ""))
    if then:
        for key, before in then.subjects.items():
            if key not in subjects and not (now.whole and _is_container(key)):
                subjects[key] = before
    whole = now.whole or (then is not None and then.whole)
    containers = [key for key in subjects if _is_container(key)]
    for key in containers[MAX_CONTAINERS:]:
        del subjects[key]
        whole = False
    return Record(now.at, now.engine, now.root or (then.root if then else ""), whole, subjects)


def encode(record: Record) -> bytes:
    """The record as a line of JSON. The statuses of a subject are a letter for each rule."""
    rules = sorted({rule for subject in record.subjects.values() for rule in subject.statuses})
    subjects = OrderedDict()
    for key, subject in record.subjects.items():
        letters = "".join(_LETTERS[subject.statuses[r]] if r in subject.statuses else _NONE for r in rules)
        subjects[key] = [subject.name, letters, subject.settings]
    fields = record._asdict()
    fields.update(version=VERSION, rules=rules, subjects=subjects)
    return json.dumps(fields, separators=(",", ":")).encode("utf-8") + b"\n"


def decode(data: bytes) -> Record:
    """The reverse of encode. ValueError says what is wrong with it."""
    try:
        document = json.loads(data.decode("utf-8"), parse_int=_number, parse_float=_number, parse_constant=_number)
    except (ValueError, RecursionError):
        raise ValueError("it is not whole JSON")
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise ValueError("another version of this collection wrote it")
    try:
        return _record(document)
    except (TypeError, AttributeError, LookupError, ValueError):
        raise ValueError("it has a shape that no audit writes")


def _record(document: Any) -> Record:
    rules = document["rules"]
    _demand(frozenset(document) == _KEYS and isinstance(document["whole"], bool) and isinstance(rules, list))
    _demand(_TIME.match(document["at"]) and all(_is_text(document[key]) for key in ("engine", "root")))
    _demand(all(_RULE.match(rule) for rule in rules))
    subjects = OrderedDict()
    for key, (name, letters, settings) in document["subjects"].items():
        _demand(is_key(key) and _is_text(name) and len(letters) == len(rules) and _FINGERPRINT.match(settings))
        statuses = {rule: _STATUSES[letter] for rule, letter in zip(rules, letters) if letter != _NONE}
        subjects[key] = Subject(name, statuses, settings)
    return Record(document["at"], document["engine"], document["root"], document["whole"], subjects)


def _demand(holds: Any) -> None:
    if not holds:
        raise ValueError


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable() and len(value) <= _TEXT_LIMIT


def _number(literal: str) -> Optional[int]:
    """A record has no number but its version, and Python takes minutes over one of a million digits."""
    return VERSION if literal == str(VERSION) else None


def _is_container(key: str) -> bool:
    return key not in ("host", "daemon")


def _resolved(rule: str, subject: str, was: str, why: str) -> Dict[str, str]:
    return {"rule": rule, "subject": subject, "was": was, "why": why}


def _updated(then: Record, now: Record) -> List[str]:
    """Names of the containers whose settings are known from then and from now, and differ."""
    names = []
    for key, subject in now.subjects.items():
        before = then.subjects.get(key)
        if before and before.settings and subject.settings and before.settings != subject.settings:
            names.append(subject.name)
    return names
