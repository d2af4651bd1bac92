# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""default-ulimits: which containers hold more files open than they would be allowed. Pure."""

from typing import Iterable

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import LIKELY, POSSIBLE, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting

NAME = "default-ulimits"
_FILES = "nofile"


def of_container(name: str, evidence: Evidence) -> Iterable[Item]:
    """Say whether a process holds more files open than the limit; a process may raise its soft limit up to the hard one."""
    limit = (evidence["wanted"].get(NAME) or {}).get(_FILES)
    own = [str(item.get("Name")) for item in evidence["inspect"]["HostConfig"].get("Ulimits") or ()]
    if not limit or _FILES in own or "use" not in evidence:
        return
    hard, soft, count = int(limit["Hard"]), int(limit["Soft"]), evidence["use"].descriptors
    for most, sure, which in ((hard, LIKELY, "hard"), (soft, POSSIBLE, "soft")):
        if 0 <= most < count:
            yield Item(
                NAME,
                "open-files",
                subject_of(name),
                sure,
                f"a process of it holds {count} files open, and the {which} limit would be {most}",
                "give this container a higher limit with --ulimit nofile",
                {"open files": count, "hard": hard, "soft": soft},
            )
            return


SETTING = Setting(NAME, of_container=of_container)
