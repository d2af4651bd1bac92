# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ACLs and file capabilities with shifted ids."""

import struct

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration import attributes
from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap

IDS = IdMap(100000, 65536, 200000, 65536)
BACK = IDS._replace(back=True)
UNDEFINED = 0xFFFFFFFF


def acl(*entries, version=2):
    return struct.pack("<I", version) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def capability(revision, effective=1, root=None, permitted=0x400):
    value = struct.pack("<IIIII", revision | effective, permitted, 0, 0, 0)
    return value if root is None else value + struct.pack("<I", root)


def test_users_and_groups_of_an_acl_are_shifted_and_the_rest_stays():
    before = acl((1, 7, UNDEFINED), (2, 6, 5), (4, 5, UNDEFINED), (8, 4, 9), (16, 7, UNDEFINED), (32, 0, UNDEFINED))
    after = acl(
        (1, 7, UNDEFINED), (2, 6, 100005), (4, 5, UNDEFINED), (8, 4, 200009), (16, 7, UNDEFINED), (32, 0, UNDEFINED)
    )
    assert attributes.shift_acl(before, IDS) == after
    assert attributes.shift_acl(after, IDS) == after
    assert attributes.shift_acl(after, BACK) == before


@pytest.mark.parametrize(
    "value", [b"", b"\2\0\0\0\1", acl((2, 6, 5), version=1), acl((2, 6, 70000)), acl((8, 4, 4294967294))]
)
def test_an_acl_that_is_none_or_names_an_id_without_a_place_is_refused(value):
    assert attributes.shift_acl(value, IDS) is None


def test_capabilities_of_the_hosts_root_become_those_of_the_mapped_root():
    before = capability(0x02000000)
    after = capability(0x03000000, root=100000)
    assert attributes.shift_capability(before, IDS) == after
    assert attributes.shift_capability(after, IDS) == after
    assert attributes.shift_capability(after, BACK) == before


def test_old_capabilities_of_32_bits_keep_their_sets():
    before = struct.pack("<III", 0x01000000, 0x400, 0x1)
    assert attributes.shift_capability(before, IDS) == struct.pack("<IIIIII", 0x03000000, 0x400, 0x1, 0, 0, 100000)


def test_capabilities_of_a_user_namespace_inside_are_shifted_with_it():
    assert attributes.shift_capability(capability(0x03000000, root=7), IDS) == capability(0x03000000, root=100007)


@pytest.mark.parametrize(
    "value", [b"", b"\0" * 20, capability(0x02000000)[:-1], capability(0x04000000), capability(0x03000000, root=70000)]
)
def test_what_is_no_capability_or_has_a_root_without_a_place_is_refused(value):
    assert attributes.shift_capability(value, IDS) is None
