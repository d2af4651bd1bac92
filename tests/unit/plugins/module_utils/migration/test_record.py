# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record on disk."""

import json

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import Container
from ansible_collections.containment.docker.plugins.module_utils.migration import record

from .subjects import IDS, ROOT

RECORD = record.Record(
    record.COPYING,
    "default",
    IDS,
    ROOT,
    f"{ROOT}/{IDS.directory}",
    "/usr/bin/dockerd",
    {"data-root": ROOT},
    running=(Container("id", "web", 5, "2026", 7, False, 0, 10, ("db",)),),
    volumes=("data",),
    shifted=("/srv/x",),
)


def test_a_record_is_the_same_after_a_way_over_the_disk():
    assert record.from_json(json.loads(json.dumps(record.to_json(RECORD)))) == RECORD


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"version": None},
        {"phase": "elsewhere"},
        {"volumes": [1]},
        {"ids": ["a", 1, 2, 3]},
        {"ids": [1]},
    ],
)
def test_a_record_that_is_not_ours_is_refused(changes):
    with pytest.raises(ValueError):
        record.from_json(dict(record.to_json(RECORD), **changes))
