# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalogue has what stands beside it, and each rule an entry in the scenario `audit`."""

import yaml

from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID, RULES
from ansible_collections.containment.docker.tools import new_rule, render_catalogue

SCENARIO = new_rule.files_of(new_rule.ROOT, "x")[2].read_text(encoding="utf-8")
TABLE = yaml.safe_load(SCENARIO)


def test_the_committed_catalogue_is_current():
    assert render_catalogue.PATH.read_text(encoding="utf-8") == render_catalogue.rendered(), "run make rules"


def test_a_file_more_is_a_rule_more(tmp_path):
    for name in ("b_rule.py", "a_rule.py", "__init__.py", "catalogue.py"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert render_catalogue.rule_modules(tmp_path) == ["a_rule", "b_rule"]


def test_each_rule_is_shown_by_the_scenario_or_it_says_where_else():
    by_container = {rule for weakness in TABLE["weaknesses"] for rule in weakness["rules"]}
    by_daemon = {entry["rule"] for entry in TABLE["daemon"]}
    assert by_container | by_daemon | set(TABLE["elsewhere"]) == set(BY_ID)
    assert (by_container | by_daemon) & set(TABLE["elsewhere"]) == set()
    assert by_container <= {rule.id for rule in RULES if rule.container}
    assert by_daemon <= {rule.id for rule in RULES if rule.daemon}


def test_the_scenario_is_filled_in():
    assert [line for line in SCENARIO.splitlines() if "FILL IN" in line] == [], "see docs/adding-a-rule.md"
