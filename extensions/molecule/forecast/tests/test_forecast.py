# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether what broke was forecast, and what was called certain broke."""

import json
import pathlib
import re

import pytest
import yaml

HERE = pathlib.Path(__file__).parents[1]
ROUNDS = yaml.safe_load((HERE / "vars/settings.yml").read_text())["rounds"]
TABLE = {row["name"]: row for row in yaml.safe_load((HERE / "vars/table.yml").read_text())["table"]}
PAGE = HERE.parents[2] / "docs" / "forecast.md"
SURE = ("certain", "likely", "possible")
# The table's swarm is left before the engine is hardened, so no row can tell.
WITHOUT_ROW = {"userns-remap/swarm/daemon"}


class Pass:
    """One setting, put in force on a host after one state of the daemon."""

    def __init__(self, host, effects, round_, setting):
        self.setting = setting["name"]
        before, after = (
            json.loads(host.check_output(f"cat /srv/snapshots/{round_['name']}-{step}.json"))
            for step in ("before", self.setting)
        )
        self.not_working_before = [(name, row["why"]) for name, row in before.items() if not row["works"]]
        self.items = [item for item in effects if item["setting"] == self.setting]
        # (container, the surest item of it or "", whether it broke, why)
        self.rows = [(name, self.surest(TABLE[name]), not row["works"], row["why"]) for name, row in after.items()]

    def surest(self, row):
        own = {item["sure"] for item in self.items if is_about(row, item)}
        return next((sure for sure in SURE if sure in own), "")

    def score(self):
        """[forecast and broke, forecast and did not, neither, not forecast and broke]; forecast is certain or likely."""
        forecast = [(sure in ("certain", "likely"), broke) for _name, sure, broke, _why in self.rows]
        return [forecast.count(pair) for pair in ((True, True), (True, False), (False, False), (False, True))]


def is_about(row, item):
    """Whether an item is about a row: its container, or the subject and kind that the row names."""
    if "subject" in row:
        return item["subject"] == row["subject"] and row.get("kind", item["kind"]) == item["kind"]
    subject = f"container:{row['name']}"
    return item["subject"] == subject or item["subject"].startswith(subject + ":")


@pytest.fixture
def passes(host, result, lab_host):
    """[(round, Pass)] of this host."""
    return [
        (round_["name"], Pass(host, result(round_["name"])["effects"], round_, setting))
        for round_ in ROUNDS
        if lab_host["suite"] in round_.get("suites", [lab_host["suite"]])
        for setting in round_["hardened"]
        if setting.get("cgroup", lab_host["cgroup"]) == lab_host["cgroup"]
    ]


def test_each_container_worked_before(passes):
    assert [one.not_working_before for _round, one in passes if one.not_working_before] == []


def test_what_is_certain_broke(passes):
    unbroken = [(one.setting, row) for _round, one in passes for row in one.rows if row[1] == "certain" and not row[2]]
    assert unbroken == []


def test_each_certain_item_is_of_a_row(passes):
    unproven = {
        item["id"]
        for _round, one in passes
        for item in one.items
        if item["sure"] == "certain" and not any(is_about(TABLE[row[0]], item) for row in one.rows)
    }
    assert unproven - WITHOUT_ROW == set()


def test_nothing_broke_that_was_not_forecast(passes):
    surprises = [
        (one.setting, row)
        for _round, one in passes
        for row in one.rows
        if row[2] and row[1] not in ("certain", "likely")
    ]
    assert surprises == []


def test_the_score_is_that_of_the_page(passes, lab_host):
    lines = [
        f"| {lab_host['suite']} | {name} | {one.setting} | {' | '.join(map(str, one.score()))} |"
        for name, one in passes
    ]
    print("\n".join(lines))
    page = re.sub(r" +", " ", PAGE.read_text(encoding="utf-8"))
    assert [line for line in lines if line not in page] == []
