# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regular expressions for readers that walk along a text. Pure."""

from typing import AnyStr, Pattern


def end_of(pattern: Pattern[AnyStr], text: AnyStr, at: int = 0) -> int:
    """Return the offset behind what pattern matches at `at`: `at` itself where it matches nothing."""
    match = pattern.match(text, at)
    return match.end() if match else at
