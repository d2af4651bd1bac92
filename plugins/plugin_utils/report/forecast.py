# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forecast that an audit's result may carry: what breaks where a setting is turned on. Pure.

It is what hardening_forecast_info returns, under the key `forecast` of the result. It comes from the target, so each item is
checked, and each text is made inert.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.plugin_utils.markdown import code, prose, table
from ansible_collections.containment.docker.plugins.plugin_utils.plain import plain

SURE = ("certain", "likely", "possible")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\Z")
_SUBJECT_LIMIT = 300
_TEXT_LIMIT = 2000


class ForecastItem(NamedTuple):
    """One thing that breaks. sure: see SURE. waiver: who answers for it and until when, "" for nobody or no more."""

    setting: str
    kind: str
    subject: str
    sure: str
    message: str
    remedy: str
    waiver: str = ""


class Forecast(NamedTuple):
    """The items, the surest first and waived ones last, and what could not be looked at, each as a sentence."""

    items: Sequence[ForecastItem] = ()
    obstacles: Sequence[str] = ()


def read_forecast(result: Mapping[str, Any]) -> Forecast:
    """Read the forecast in an audit's result, which is empty where it has none. ValueError."""
    forecast = plain(result.get("forecast")) or {}
    try:
        items = [_item(item) for item in forecast.get("effects") or ()]
        obstacles = [
            inert(f"{item['setting']}: {item['subject']}: {item['reason']}", _TEXT_LIMIT)
            for item in forecast.get("obstacles") or ()
        ]
        obstacles += [inert(reason, _TEXT_LIMIT) for reason in forecast.get("reasons") or ()]
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(
            f"forecast is not what hardening_forecast_info returns: {type(error).__name__}: {error}"
        ) from error
    items.sort(key=lambda item: (bool(item.waiver), SURE.index(item.sure), item.setting, item.kind, item.subject))
    return Forecast(items, obstacles)


def _item(item: Mapping[str, Any]) -> ForecastItem:
    for key in ("setting", "kind"):
        if not (isinstance(item[key], str) and _NAME.match(item[key])):
            raise ValueError(f"forecast: {inert(item[key], 60)} is no name of a {key}")
    if item["sure"] not in SURE:
        raise ValueError(f"forecast: {inert(item['sure'], 60)} is none of {', '.join(SURE)}")
    waiver = item.get("waiver") or {}
    counts = waiver and not waiver.get("expired")
    return ForecastItem(
        setting=item["setting"],
        kind=item["kind"],
        subject=inert(item["subject"], _SUBJECT_LIMIT),
        sure=item["sure"],
        message=inert(item["message"], _TEXT_LIMIT),
        remedy=inert(item["remedy"], _TEXT_LIMIT),
        waiver=inert(f"{waiver['owner']} until {waiver['expires']}: {waiver['reason']}", _TEXT_LIMIT) if counts else "",
    )


def write_lines(forecast: Forecast) -> list[str]:
    """The forecast as lines of a terminal."""
    lines = [
        f"{'would break':<14} {_sure(item):<8} {item.setting}/{item.kind}/{item.subject}: {item.message}; {item.remedy}"
        for item in forecast.items
    ]
    return lines + [f"not forecast: {text}" for text in forecast.obstacles]


def write_blocks(forecast: Forecast) -> list[str]:
    """The forecast as blocks of Markdown."""
    rows = [[_sure(item), *map(code, item[:3]), prose(item.message), prose(item.remedy)] for item in forecast.items]
    blocks = ["## Would break", table("Sure|Setting|Kind|Subject|What|Remedy", rows)] if rows else []
    obstacles = "\n".join(f"- {code(text, _TEXT_LIMIT)}" for text in forecast.obstacles)
    return blocks + (["## Not forecast", obstacles] if obstacles else [])


def _sure(item: ForecastItem) -> str:
    return "waived" if item.waiver else item.sure
