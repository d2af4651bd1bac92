# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the forecast says: one item for each thing that a setting would break. Pure."""

from typing import Any, Dict, Iterable, List, Mapping, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert

CERTAIN, LIKELY, POSSIBLE = SURE = ("certain", "likely", "possible")
DAEMON, HOST = "daemon", "host"
_TEXT_LIMIT = 500


class Item(NamedTuple):
    """One thing that breaks when a setting is turned on.

    setting: a name of forecast/catalogue.py. kind: what breaks, in a word or two with dashes, as `published-port`. subject:
    `container:<name>`, `container:<name>:<what of it>`, `daemon`, `host`, or either with `:<what of it>`, inert and bounded.
    sure: certain (it breaks), likely (it breaks unless something unusual holds) or possible (it breaks if it is used).
    message: what breaks and why. remedy: what to do about it. evidence: where that was read, {name: text or number}.
    """

    setting: str
    kind: str
    subject: str
    sure: str
    message: str
    remedy: str
    evidence: Mapping[str, Any] = {}

    @property
    def id(self) -> str:
        """Name the item for waivers and for docker_daemon_accept, the same at each run: `setting/kind/subject`."""
        return f"{self.setting}/{self.kind}/{self.subject}"

    @property
    def rule(self) -> str:
        """Name what a waiver waives: `setting/kind`; its selector names the subject."""
        return f"{self.setting}/{self.kind}"


def to_json(item: Item) -> Dict[str, Any]:
    """Turn an item into plain data, with its id: what hardening_forecast_info returns."""
    return {
        "id": item.id,
        "setting": item.setting,
        "kind": item.kind,
        "subject": item.subject,
        "sure": item.sure,
        "message": inert(item.message, _TEXT_LIMIT),
        "remedy": inert(item.remedy, _TEXT_LIMIT),
        "evidence": {
            key: inert(value, _TEXT_LIMIT) if isinstance(value, (str, bytes)) else value
            for key, value in item.evidence.items()
        },
    }


def keep_surest(items: Iterable[Item]) -> List[Item]:
    """Keep one item for each id, the surest, in the order in which they came."""
    kept: Dict[str, Item] = {}
    for item in items:
        other = kept.get(item.id)
        if other is None or SURE.index(item.sure) < SURE.index(other.sure):
            kept[item.id] = item
    return list(kept.values())
