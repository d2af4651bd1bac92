# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What changed since the last audit of this target: reads its record, compares, keeps the new one."""

import datetime
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.audit import history_record
from ansible_collections.containment.docker.plugins.module_utils.audit.history_record import Record, Subject
from ansible_collections.containment.docker.plugins.module_utils.common import trusted_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.common.trusted_file import RecordError
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import UNLISTED


class Audited(NamedTuple):
    """A subject of this audit. key: see history_record.Record; settings: see history_record.Subject.

    statuses: of each rule that was judged; findings: those of them that the result has whole.
    """

    key: str
    name: str
    statuses: Mapping[str, str]
    findings: List[Dict[str, Any]]
    settings: str


def settings(evidence: Evidence) -> str:
    """The fingerprint of the container's settings, "" where they can't be read."""
    try:
        return history_record.fingerprint(evidence["inspect"]["HostConfig"])
    except (Absent, Unreadable):
        return ""


def record(now: datetime.datetime, engine: str, daemon: Evidence, judged: Sequence[Audited]) -> Record:
    """The Record of this audit. now: local time; engine: its address; daemon: its evidence."""
    known = [subject for subject in judged if history_record.is_key(subject.key)]
    whole = len(known) == len(judged) and not any(subject.key == UNLISTED for subject in judged)
    subjects = {subject.key: Subject(inert(subject.name), subject.statuses, subject.settings) for subject in known}
    try:
        root = inert(daemon["info"].get("DockerRootDir") or "")
    except (Absent, Unreadable):
        root = ""
    at = now.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Record(at, inert(engine), root, whole, subjects)


def since_last(path: str, now: Record, judged: Sequence[Audited], why_not: str = "") -> Dict[str, Any]:
    """Mark the findings in place with `since` and `was`; the `last` of posture_info's result.

    why_not: why the record of now is not to be written, "" to write it. What goes wrong is said, and never fails the audit.
    """
    then, reason, not_kept, keep = None, "", why_not, not why_not
    try:
        with trusted_file.opened(path, keep) as place:
            then, reason = _comparable(place, now)
            if keep:
                trusted_file.write(place, history_record.encode(history_record.merged(then, now)))
    except RecordError as error:
        reason = reason or ("" if then else str(error))
        not_kept = not_kept or str(error)
    last = {"at": "", "new": 0, "unchanged": 0, "resolved": [], "updated": [], "reason": reason, "not_kept": not_kept}
    if then:
        changes = history_record.compare(then, now)
        _mark(judged, changes.since)
        marks = [since for since, _was in changes.since.values()]
        last.update(at=then.at, new=marks.count("new"), unchanged=marks.count("unchanged"))
        last.update(resolved=changes.resolved, updated=changes.updated)
    return last


def _comparable(place: trusted_file.Place, now: Record) -> Tuple[Optional[Record], str]:
    """(the last record or None, why there is none that can be compared)."""
    try:
        data = trusted_file.read(place)
        then = history_record.decode(data) if data is not None else None
    except RecordError as error:
        return None, str(error)
    except ValueError as error:
        return None, f"{place.path} can't be used: {error}"
    if then is None:
        return None, f"there is no earlier result in {place.path}"
    reason = history_record.incomparable(then, now)
    return (None, reason) if reason else (then, "")


def _mark(judged: Sequence[Audited], since: Mapping[Tuple[str, str], Tuple[str, str]]) -> None:
    for subject in judged:
        for finding in subject.findings:
            mark = since.get((subject.key, finding["rule"]))
            if mark:
                finding["since"] = mark[0]
                if mark[0] == "new" and mark[1]:
                    finding["was"] = mark[1]
