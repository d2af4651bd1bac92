# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the engine says of its disk use, in the shapes that engines have."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.disk_usage import UNUSABLE, DiskUsage, parse

# 26.1: the lists are null where nothing is in them.
EMPTY = {"LayersSize": 0, "Images": [], "Containers": None, "Volumes": [], "BuildCache": None}
OLD = {
    "LayersSize": 4000,
    "Images": [
        {"Id": "sha256:1", "Size": 3000, "SharedSize": 2000},
        {"Id": "sha256:2", "Size": 3000, "SharedSize": 2000},
    ],
    "Containers": [{"Id": "a", "SizeRw": 70, "SizeRootFs": 3070}, {"Id": "b", "SizeRootFs": 3000}],
    "Volumes": [
        {"Name": "data", "Driver": "local", "UsageData": {"RefCount": 1, "Size": 500}},
        {"Name": "far", "Driver": "nfs", "UsageData": {"RefCount": 1, "Size": -1}},
    ],
}
# API 1.52
NEW = {
    "ImageUsage": {"ActiveCount": 1, "TotalCount": 2, "TotalSize": 4000, "Reclaimable": 10},
    "ContainerUsage": {"TotalCount": 2, "TotalSize": 70},
    "VolumeUsage": {"TotalCount": 1},
}


@pytest.mark.parametrize(
    "answer, usage",
    [
        (EMPTY, DiskUsage(0, 0, 0)),
        (OLD, DiskUsage(4000, 70, 500)),
        (NEW, DiskUsage(4000, 70, 0)),
        (dict(OLD, **NEW), DiskUsage(4000, 70, 0)),  # both are sent to a client that asks so
        ({}, DiskUsage(None, None, None)),
        ({"LayersSize": None, "Volumes": None}, DiskUsage(0, None, 0)),
    ],
)
def test_an_answer_of_any_engine_gives_three_sums(answer, usage):
    assert parse(answer) == usage


@pytest.mark.parametrize(
    "answer", [[], {"ImageUsage": 3}, {"Volumes": [None]}, {"LayersSize": "x"}, {"LayersSize": float("inf")}]
)
def test_another_shape_is_an_error(answer):
    with pytest.raises(UNUSABLE):
        parse(answer)
