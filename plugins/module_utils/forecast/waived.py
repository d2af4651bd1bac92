# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which items someone answers for, by the waivers that findings have, too. Pure.

A waiver of the forecast names `setting/kind` or the whole id as its rule; its selector is that of any waiver.
"""

import datetime
from typing import Any, Dict, List, Mapping, Sequence, Set

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver, to_plain
from ansible_collections.containment.docker.plugins.module_utils.forecast import catalogue
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import Item, to_json
from ansible_collections.containment.docker.plugins.module_utils.judge import waiver as waivers_

_ELSEWHERE = ("daemon", "host")


class _Names:
    """What a waiver's rule may be; a stand-in for the list of all rules."""

    def __contains__(self, rule: object) -> bool:
        setting, slash, kind = str(rule).partition("/")
        return bool(slash and kind) and setting in catalogue.BY_NAME


def parse(waivers: Sequence[Mapping[str, Any]]) -> List[Waiver]:
    """Parse those that are for the forecast, of a list that may have an audit's as well. Raise ValueError."""
    return [
        waivers_.parse(index, waiver, _Names())
        for index, waiver in enumerate(waivers)
        if waivers_.is_of_forecast(waiver)
    ]


class Book:
    """The waivers, and which of them select which container."""

    def __init__(self, waivers: Sequence[Waiver], today: datetime.date) -> None:
        self._waivers, self._today = waivers, today
        self._of_container: Dict[str, List[Waiver]] = {}
        self._used: Set[Waiver] = set()

    def select(self, name: str, evidence: Evidence) -> None:
        """Note which waivers select a container, while its evidence can be read."""
        selected = [
            w for w in self._waivers if w.selector.kind not in _ELSEWHERE and waivers_.matches(w, "container", evidence)
        ]
        if selected:
            self._of_container[name] = selected

    def to_json(self, item: Item) -> Dict[str, Any]:
        """Turn an item into plain data, with the waiver that selects it, if any; an expired one is shown, too."""
        plain = to_json(item)
        kind, _colon, rest = item.subject.partition(":")
        if kind in _ELSEWHERE:
            candidates: Sequence[Waiver] = [w for w in self._waivers if w.selector.kind == kind]
        else:
            candidates = self._of_container.get(rest.partition(":")[0], ())
        matching = [w for w in candidates if w.selector.rule in (item.rule, item.id)]
        matching = [
            w
            for w in matching
            if not w.selector.when_message or waivers_.says(plain["message"], w.selector.when_message)
        ]
        for waiver in sorted(matching, key=lambda w: w.last_day):
            self._used.add(waiver)
            plain["waiver"] = waivers_.show(waiver, self._today)
        return plain

    def counts(self, plain: Mapping[str, Any]) -> bool:
        """Tell whether an item, as `to_json` gave it, has a waiver that has not expired."""
        return "waiver" in plain and not plain["waiver"]["expired"]

    def unused(self) -> List[Dict[str, str]]:
        """List the waivers that selected no item."""
        return [to_plain(waiver) for waiver in self._waivers if waiver not in self._used]
