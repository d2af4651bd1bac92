# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a file's change time says about what an earlier walk knows of it, whatever the clock does."""

import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration import identities
from ansible_collections.containment.docker.plugins.module_utils.migration.identities import Identities

SECOND = 10**9
BOOT = 1_700_000_000


def set_clock(monkeypatch, real, since_boot=1000.0):
    """Seconds of the two clocks."""
    monkeypatch.setattr(time, "clock_gettime", {5: real, 7: since_boot}.__getitem__)


def test_the_clock_is_never_later_than_a_change_in_the_same_tick(monkeypatch):
    for number in range(1000):
        tick = (BOOT * SECOND + 4_000_000 * number) + 123_457
        set_clock(monkeypatch, tick // SECOND + tick % SECOND * 1e-9)
        assert tick - 2000 <= identities.read_clock() <= tick


def test_a_file_that_is_made_now_is_not_older_than_the_clock(tmp_path):
    moment = identities.read_clock()
    (tmp_path / "file").touch()
    assert (tmp_path / "file").stat().st_ctime_ns >= moment


@pytest.mark.parametrize(
    "passed, set_by, oldest",
    [
        (100.0, 0.0, 999 * SECOND),
        (100.0, 3600.0, 999 * SECOND),
        (100.0, -0.25, 999 * SECOND),
        (100.0, -0.75, 0),
        (7200.0, -3600.0, 0),
    ],
)
def test_a_clock_that_was_set_back_makes_any_file_one_that_may_have_changed(monkeypatch, passed, set_by, oldest):
    set_clock(monkeypatch, BOOT + 1000.0)
    earlier = Identities(moment=1000 * SECOND, boot=identities.read_boot())
    set_clock(monkeypatch, BOOT + 1000.0 + passed + set_by, 1000.0 + passed)
    assert identities.oldest_change(earlier) == oldest


def test_any_file_may_differ_from_what_nobody_has_read():
    assert identities.oldest_change(Identities()) == 0
