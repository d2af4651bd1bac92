# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""log-opts: containers whose logs would get a limit, so that old lines are thrown away. Pure.

moby: daemon/logger/jsonfilelog/jsonfilelog.go (one file unless max-file says more; sizes are those of go-units, FromHumanSize)
"""

import re
from typing import Any, Iterable, Mapping, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import LIKELY, POSSIBLE, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting

NAME = "log-opts"
_FILES = ("json-file", "local")
_SIZE = re.compile(r"([0-9]{1,15}) ?([kmgtp]?)b?\Z")
_POWERS = ("", "k", "m", "g", "t", "p")


def kept_bytes(options: Mapping[str, Any]) -> Optional[int]:
    """Return how much of a log these options keep at most; None where they don't say, or not as dockerd takes it."""
    match = _SIZE.match(str(options.get("max-size") or "").lower())
    count = str(options.get("max-file") or "1")
    if not match or not count.isdigit():
        return None
    return int(match.group(1)) * 1000 ** _POWERS.index(match.group(2)) * int(count)


def of_container(name: str, evidence: Evidence) -> Iterable[Item]:
    """Say that its log would be cut, where it is not yet."""
    options = evidence["wanted"].get(NAME) or {}
    size = options.get("max-size")
    log = evidence["inspect"]["HostConfig"].get("LogConfig") or {}
    if not size or log.get("Type") not in _FILES or (log.get("Config") or {}).get("max-size"):
        return
    kept = kept_bytes(options)
    length = evidence["log_bytes"] if "log_bytes" in evidence else 0
    longer = kept is not None and length > kept
    yield Item(
        NAME,
        "log-cut",
        subject_of(name),
        LIKELY if longer else POSSIBLE,
        f"its log has {length} bytes now, of which the last {kept} would be kept once it is created anew"
        if longer
        else f"its log keeps all lines now, and would keep the last {size} in each file once it is created anew",
        "let what reads its log follow it, or give this container limits of its own",
        {"LogConfig": log.get("Type")},
    )


SETTING = Setting(NAME, of_container=of_container)
