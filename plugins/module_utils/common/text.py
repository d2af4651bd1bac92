# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make text that a container may have chosen safe to show. Pure."""

SEEN_LIMIT = 500


def inert(text: object, limit: int = SEEN_LIMIT) -> str:
    """Text that a terminal, a log or a table shows as it is: control characters escaped, length bounded."""
    if not isinstance(text, str):
        text = text.decode("utf-8", "backslashreplace") if isinstance(text, bytes) else str(text)
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
