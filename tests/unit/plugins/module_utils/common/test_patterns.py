# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import re

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.patterns import end_of


@pytest.mark.parametrize(
    "pattern, text, at, end",
    [
        (re.compile("[a-z]*"), "abc1", 0, 3),
        (re.compile("[a-z]*"), "abc1", 1, 3),
        (re.compile("[a-z]*"), "abc1", 3, 3),
        (re.compile("[a-z]+"), "abc1", 3, 3),  # no match
        (re.compile(b"[a-z]*"), b"ab", 0, 2),
    ],
)
def test_end_of_returns_the_offset_behind_the_match(pattern, text, at, end):
    assert end_of(pattern, text, at) == end
