# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record of what a dockerd has in force: its process, its file at that time, and the settings that still wait. Pure.

The file's age proves what a dockerd was started with, until somebody writes the file. Whoever writes it, or activates it, keeps
this.
"""

import base64
import binascii
import hashlib
from typing import Any, Dict, Mapping, NamedTuple, Optional, Tuple

VERSION = 2


class StartRecord(NamedTuple):
    """process: [boot id, pid, start in clock ticks]. path: of the file, behind links, "" in a record of version 1.
    digest: of its bytes, None for no file; data: the bytes themselves, None where there was no file or a record of version
    1 has not kept them. pending: settings of it that are not in force, as containers ran.
    """

    process: Tuple[str, int, int]
    path: str
    digest: Optional[str]
    data: Optional[bytes]
    pending: Tuple[str, ...] = ()


def digest(data: Optional[bytes]) -> Optional[str]:
    """A file's digest, None for no file."""
    return None if data is None else hashlib.sha256(data).hexdigest()


def to_json(record: StartRecord) -> Dict[str, Any]:
    """The record as it stands on disk."""
    return {
        "version": VERSION,
        "process": list(record.process),
        "path": record.path,
        "digest": record.digest,
        "data": None if record.data is None else base64.b64encode(record.data).decode("ascii"),
        "pending": list(record.pending),
    }


def from_json(record: Mapping[str, Any]) -> Optional[StartRecord]:
    """The record of version 1 or 2; None for any other: nothing is known then, which is never wrong."""
    try:
        if record["version"] == 1:
            return StartRecord(_process(record["identity"]), "", record["file"], None, _texts(record["pending"]))
        if record["version"] != VERSION:
            return None
        data = None if record["data"] is None else base64.b64decode(record["data"], validate=True)
        if digest(data) != record["digest"]:
            return None
        return StartRecord(
            _process(record["process"]), str(record["path"]), digest(data), data, _texts(record["pending"])
        )
    except (LookupError, TypeError, ValueError, binascii.Error):
        return None


def _process(value: Any) -> Tuple[str, int, int]:
    boot, pid, ticks = value
    return str(boot), int(pid), int(ticks)


def _texts(value: Any) -> Tuple[str, ...]:
    return tuple(str(item) for item in value)
