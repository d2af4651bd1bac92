# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest

from ansible_collections.containment.docker.plugins.plugin_utils.terminal.columns import (
    choose_width,
    cut,
    measure,
    pad,
    wrap,
)


@pytest.mark.parametrize("text, columns", [("abc", 3), ("\u5bb9\u5668", 4), ("e\u0301", 1), ("", 0)])
def test_text_is_measured_in_columns(text, columns):
    assert measure(text) == columns


@pytest.mark.parametrize(
    "text, width, shorter",
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("\u5bb9\u5668\u5bb9", 4, "\u5bb9…"), ("a" * 9999, 2, "a…")],
)
def test_long_text_ends_in_an_ellipsis_and_fits(text, width, shorter):
    assert cut(text, width) == shorter


@pytest.mark.parametrize("text", ["", "abc", "a" * 50, "\u5bb9" * 20])
def test_padded_text_has_exactly_the_width(text):
    assert measure(pad(text, 11)) == 11


@pytest.mark.parametrize(
    "text, lines",
    [
        ("one two three", ["one two", "three"]),
        ("abcdefghijklmnop", ["abcdefgh", "ijklmnop"]),
        ("one two three four five six", ["one two", "three", "four", "five six"]),
        ("one two three four five sixteen", ["one two", "three", "four", "five si…"]),
        ("\u5bb9" * 6, ["\u5bb9" * 4, "\u5bb9" * 2]),
        ("", [""]),
        ("  ", [""]),
    ],
)
def test_text_is_broken_between_words_and_cut_in_the_last_line(text, lines):
    assert wrap(text, 8, 4) == lines


@pytest.mark.parametrize("columns, width", [(0, 64), (80, 80), (100, 100), (300, 100)])
def test_a_table_takes_at_most_a_hundred_columns(columns, width):
    assert choose_width(columns) == width
