# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mistake in a file of waivers is shown with its file and line wherever such files are read."""

import pathlib
import re

TOP = pathlib.Path(__file__).parents[3]


def test_files_of_waivers_stand_first_where_they_are_joined_with_others():
    """List + failing lookup hides the lookup's own error on ansible-core 2.19 and newer."""
    paths = [path for part in ("roles", "playbooks") for path in (TOP / part).rglob("*.yml")]
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    using = {path for path, text in texts.items() if "waiver_files'" in text}
    assert len(using) >= 3
    assert [path for path in using if re.search(r"\+\s*query\('containment.docker.waiver_files", texts[path])] == []
