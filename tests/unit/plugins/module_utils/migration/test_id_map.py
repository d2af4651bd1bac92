# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ids of containers and of the host."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap, map_id, unmap_id

IDS = IdMap(100000, 65536, 200000, 1000)


@pytest.mark.parametrize(
    "number, mapped",
    [
        (0, 100000),
        (65535, 165535),
        (65536, None),
        (100000, 100000),
        (165535, 165535),
        (165536, None),
        (4294967294, None),
    ],
)
def test_a_user_id_gets_its_place_in_the_range_once(number, mapped):
    assert IDS.user(number) == mapped


@pytest.mark.parametrize("number, mapped", [(0, 200000), (999, 200999), (1000, None), (200999, 200999)])
def test_a_group_id_is_mapped_by_the_range_of_groups(number, mapped):
    assert IDS.group(number) == mapped


def test_an_id_that_could_be_either_mapped_or_not_has_no_place():
    assert map_id(70000, 65536, 100000) == 70000  # in the range
    assert map_id(1500, 1000, 100000) == 1500
    assert map_id(500, 1000, 100000) == 1500


@pytest.mark.parametrize("number", [0, 1, 65535])
def test_the_way_back_gives_the_id_that_was_mapped(number):
    assert IDS._replace(back=True).user(map_id(number, 100000, 65536)) == number


def test_the_way_back_leaves_other_ids():
    assert unmap_id(7, 100000, 65536) == 7
    assert IDS._replace(back=True).root == 0 and IDS.root == 100000


def test_the_directory_is_named_by_both_first_ids():
    assert IDS.directory == "100000.200000"
