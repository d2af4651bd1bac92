# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hardening_forecast_info returned, as lines for a terminal. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.plugin_utils.plain import plain

SURE = ("certain", "likely", "possible")
_TEXT = 600


def forecast_lines(result: Mapping[str, Any], accept: Sequence[str] = ()) -> list[str]:
    """A line for each thing that breaks, the surest first and below it the remedy; then what could not be looked at."""
    result = plain(result)
    lines = []
    for sure in SURE:
        for item in result["effects"]:
            if item["sure"] == sure:
                lines.append(
                    f"{sure.upper()} {inert(item['id'], _TEXT)}: {inert(item['message'], _TEXT)}{_answer(item, accept)}"
                )
                lines.append(f"    {inert(item['remedy'], _TEXT)}")
    for obstacle in result["obstacles"]:
        setting = obstacle["setting"] or "all settings"
        lines.append(
            f"NOT LOOKED AT {setting}, {inert(obstacle['subject'], _TEXT)}: {inert(obstacle['reason'], _TEXT)}"
        )
    return lines or ["Nothing is known to break."]


def _answer(item: Mapping[str, Any], accept: Sequence[str]) -> str:
    if item["id"] in accept:
        return " (accepted)"
    waiver = item.get("waiver")
    if not waiver:
        return ""
    state = "the waiver has expired on" if waiver["expired"] else "waived until"
    return f" ({state} {inert(waiver['expires'], 20)}, {inert(waiver['owner'], 80)}: {inert(waiver['reason'], 200)})"
