# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CapAdd and CapDrop, as dockerd works them out."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux.members import Process
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Status
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.capabilities import (
    DEFAULT,
    EVERY,
    beyond,
    created_with,
    listed,
    names,
)


@pytest.mark.parametrize(
    "add, drop, privileged, expected",
    [
        (None, None, False, DEFAULT),
        ([], [], False, DEFAULT),
        (["SYS_ADMIN"], ["all"], True, EVERY),
        (["ALL"], None, False, EVERY),
        (["all"], ["cap_sys_admin", "MKNOD"], False, EVERY - {"SYS_ADMIN", "MKNOD"}),
        (["ALL"], ["ALL"], False, EVERY),
        (["Cap_Net_Admin"], ["ALL"], False, {"NET_ADMIN"}),
        (None, ["ALL"], False, frozenset()),
        (["NET_RAW"], ["NET_RAW"], False, DEFAULT),
        (["SYS_PTRACE"], ["CAP_NET_RAW"], False, (DEFAULT - {"NET_RAW"}) | {"SYS_PTRACE"}),
    ],
)
def test_created_with(add, drop, privileged, expected):
    assert created_with(add, drop, privileged) == expected


@pytest.mark.parametrize("name", ["", "CAP_", "CAP_ALL", "SYS ADMIN", "SYS_ADMIN\n", "ÄDMIN"])
def test_what_is_no_name(name):
    with pytest.raises(ValueError):
        names([name])


def test_beyond_counts_only_the_given_user_namespaces_and_those_not_known():
    status = Status(False, (1,) * 4, EVERY, frozenset(), 1, 2)
    processes = [Process(1, status, None, "user:[1]"), Process(2, status, None, "user:[2]"), Process(3, status, None)]
    assert [pid for pid, _excess in beyond(processes, DEFAULT, {"user:[1]"})] == [1, 3]


def test_listed_says_what_mounts_first_and_stays_short():
    text = listed(EVERY)
    assert text.startswith("SYS_ADMIN (it can mount), AUDIT_CONTROL") and text.endswith("and 35 more")
