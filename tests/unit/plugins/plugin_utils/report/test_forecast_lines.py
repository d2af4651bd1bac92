# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A forecast as lines."""

from ansible_collections.containment.docker.plugins.plugin_utils.report.forecast_lines import forecast_lines

ITEM = {"id": "icc/connection/container:web:db", "sure": "likely", "message": "web\x1b[2J", "remedy": "a network"}
WAIVER = {"expired": False, "expires": "2031-01-31", "owner": "ops", "reason": "moves"}


def lines(*items, obstacles=(), accept=()):
    return forecast_lines({"effects": list(items), "obstacles": list(obstacles)}, accept)


def test_the_surest_comes_first_and_each_has_its_remedy():
    assert lines(ITEM, dict(ITEM, id="x/y/daemon", sure="certain")) == [
        "CERTAIN x/y/daemon: web\\x1b[2J",
        "    a network",
        "LIKELY icc/connection/container:web:db: web\\x1b[2J",
        "    a network",
    ]


def test_who_answers_for_it_is_named():
    assert lines(dict(ITEM, waiver=WAIVER))[0].endswith("(waived until 2031-01-31, ops: moves)")
    assert "the waiver has expired on 2031-01-31" in lines(dict(ITEM, waiver=dict(WAIVER, expired=True)))[0]
    assert lines(ITEM, accept=[ITEM["id"]])[0].endswith("(accepted)")


def test_what_was_not_looked_at_is_no_silence():
    obstacle = {"setting": "icc", "subject": "container:web", "reason": "no root"}
    assert lines(obstacles=[obstacle]) == ["NOT LOOKED AT icc, container:web: no root"]


def test_nothing_is_said_in_words():
    assert lines() == ["Nothing is known to break."]
