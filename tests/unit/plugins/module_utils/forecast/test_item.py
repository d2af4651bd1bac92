# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The items of the forecast: stable ids, and text that is inert."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of
from ansible_collections.containment.docker.plugins.module_utils.forecast import item, search_budget, setting

WHOLE = item.Item("icc", "connection", "container:web:db", item.LIKELY, "web talks to db", "a network of its own")


def test_an_id_is_setting_kind_and_subject():
    assert WHOLE.id == "icc/connection/container:web:db"
    assert WHOLE.rule == "icc/connection"


def test_text_of_a_container_is_escaped():
    plain = item.to_json(
        WHOLE._replace(message="\x1b[2J\n", remedy="\u202e", subject=subject_of("web", "/a\nb"), evidence={"a": b"\0"})
    )
    assert plain["message"] == "\\x1b[2J\\n"
    assert plain["remedy"] == "\\u202e"
    assert plain["id"] == "icc/connection/container:web:/a\\nb"
    assert plain["evidence"] == {"a": "\\x00"}


def test_one_id_keeps_its_surest_item():
    surer, other = WHOLE._replace(sure=item.CERTAIN), WHOLE._replace(subject="daemon")
    assert item.keep_surest([WHOLE, other, surer, WHOLE]) == [surer, other]


def ask_setting(function):
    return setting.ask("icc", "container:web", function)


def test_what_cannot_be_read_is_an_obstacle_and_keeps_the_items_before():
    def work():
        yield WHOLE
        raise Unreadable("no\x1broot")

    assert ask_setting(work) == ([WHOLE], [setting.Obstacle("icc", "container:web", "no\\x1broot")])


def test_missing_evidence_is_an_obstacle():
    def work():
        yield WHOLE
        raise Absent("processes")

    assert ask_setting(work)[1] == [setting.Obstacle("icc", "container:web", "there is no evidence of processes")]


def test_a_budget_ends_by_files_and_says_so():
    budget = search_budget.Budget(10, 3, clock=lambda: 0.0)
    assert [budget.take(), budget.take(2), budget.take()] == [True, True, False]
    assert budget.ended == "the search ended after 3 files (option search_files)"


def test_a_budget_ends_by_time_and_says_so():
    times = iter([0.0, 1.0, 2.5, 2.6])
    budget = search_budget.Budget(2, 100, clock=lambda: next(times))
    assert [budget.take(), budget.take(), budget.take()] == [True, False, False]
    assert budget.ended == "the search ended after 2 seconds (option search_seconds)"
