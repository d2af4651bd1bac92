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
SETTINGS = [row["name"] for row in yaml.safe_load((HERE / "vars/settings.yml").read_text())["hardened"]]
PAGE = HERE.parents[2] / "docs" / "forecast.md"


@pytest.fixture(params=SETTINGS)
def setting(request):
    return request.param


@pytest.fixture
def rows(host, result, setting):
    """[(container, the surest item of it or "", whether it broke, why)] of those that worked before."""
    before, after = (json.loads(host.check_output("cat /srv/snapshots/%s.json", step)) for step in ("before", setting))
    assert all(row["works"] for row in before.values()), [name for name in before if not before[name]["works"]]
    said = [item for item in result("forecast")["effects"] if item["setting"] == setting]
    return [(name, surest(said, name), not row["works"], row["why"]) for name, row in after.items()]


def surest(items, name):
    subject = f"container:{name}"
    own = {item["sure"] for item in items if item["subject"] == subject or item["subject"].startswith(subject + ":")}
    return next((sure for sure in ("certain", "likely", "possible") if sure in own), "")


def test_what_is_certain_broke(rows):
    assert [row for row in rows if row[1] == "certain" and not row[2]] == []


def test_nothing_broke_that_was_not_forecast(rows):
    assert [row for row in rows if row[2] and row[1] not in ("certain", "likely")] == []


def test_the_score_is_that_of_the_page(rows, setting, lab_host):
    score = [0, 0, 0, 0]
    for _name, sure, broke, _why in rows:
        score[2 * (not broke) + (sure not in ("certain", "likely"))] += 1
    true_positive, false_negative, false_positive, true_negative = score
    line = (
        f"| {lab_host['suite']} | {setting} | {true_positive} | {false_positive} | {true_negative} | {false_negative} |"
    )
    print(line)
    assert line in re.sub(r" +", " ", PAGE.read_text(encoding="utf-8"))
