# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""log-opts: containers whose logs would get a limit, so that old lines are thrown away. Pure."""

from typing import Iterable

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import POSSIBLE, Item, subject_of
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting

NAME = "log-opts"
_FILES = ("json-file", "local")


def of_container(name: str, evidence: Evidence) -> Iterable[Item]:
    """Say that its log would be cut, where it is not yet."""
    size = (evidence["wanted"].get(NAME) or {}).get("max-size")
    log = evidence["inspect"]["HostConfig"].get("LogConfig") or {}
    if not size or log.get("Type") not in _FILES or (log.get("Config") or {}).get("max-size"):
        return
    yield Item(
        NAME,
        "log-cut",
        subject_of(name),
        POSSIBLE,
        f"its log keeps all lines now, and would keep the last {size} in each file once it is created anew",
        "let what reads its log follow it, or give this container limits of its own",
        {"LogConfig": log.get("Type")},
    )


SETTING = Setting(NAME, of_container=of_container)
