# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files and the ids that containers have now, and would have."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.forecast.mapped_access import (
    UNKNOWN,
    UNMAPPED,
    File,
    Identity,
    Mapping,
    lost,
    to_host,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.subordinate_ids import Range

ONE = (Range("dockremap", 100000, 65536),)
MAPPING = Mapping(ONE, ONE)
ROOT = Identity(0, 0, overrides=True)
WEAK_ROOT = Identity(0, 0)
USER = Identity(1000, 1000, frozenset((7,)))


def file(uid, gid, mode, kind="file"):
    return File("/srv/x", kind, uid, gid, mode)


@pytest.mark.parametrize(
    "number, host", [(0, 100), (9, 109), (10, 500), (19, 509), (20, UNMAPPED), (UNKNOWN, UNMAPPED)]
)
def test_ids_go_through_the_ranges_in_order(number, host):
    assert to_host(number, (Range("a", 100, 10), Range("a", 500, 10))) == host


@pytest.mark.parametrize(
    "identity, of, writable, loss",
    [
        (ROOT, file(0, 0, 0o644), True, "write"),
        (ROOT, file(0, 0, 0o644), False, ""),
        (ROOT, file(0, 0, 0o600), False, "read"),
        (ROOT, file(0, 0, 0o666), True, ""),
        (ROOT, file(1000, 1000, 0o600), False, "read"),
        (ROOT, file(100000, 100000, 0o600), True, ""),
        (ROOT, file(100007, 100009, 0), True, ""),  # its capability counts for mapped owners
        (ROOT, file(100007, 0, 0), True, "read"),  # owner and group must both be mapped
        (ROOT, file(0, 0, 0o755, "dir"), True, "write"),
        (ROOT, file(0, 0, 0o777, "dir"), True, ""),
        (ROOT, file(0, 0, 0o766, "dir"), True, "read"),  # nobody passes a directory without x
        (WEAK_ROOT, file(1000, 1000, 0o600), True, ""),  # could not before
        (USER, file(1000, 1000, 0o644), True, "write"),
        (USER, file(0, 7, 0o660), True, "read"),
        (USER, file(0, 0, 0o644), True, ""),
        (USER, file(101000, 0, 0o600), True, ""),
        (Identity(UNKNOWN, UNKNOWN), file(70, 70, 0o700, "dir"), True, "read"),
        (Identity(UNKNOWN, UNKNOWN), file(0, 0, 0o700, "dir"), True, ""),
        (Identity(UNKNOWN, UNKNOWN), file(0, 70, 0o770, "dir"), True, "read"),
    ],
)
def test_what_is_lost(identity, of, writable, loss):
    assert lost([identity], of, MAPPING, writable) == loss


def test_the_gravest_loss_of_several_processes_counts():
    assert lost([USER, ROOT], file(0, 0, 0o640), MAPPING, True) == "read"
