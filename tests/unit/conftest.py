# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds in all unit tests."""

import gc
import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.judge import rule

ON_A_HOST = rule.MISTAKES


@pytest.fixture(autouse=True)
def mistakes_in_rules_are_errors(monkeypatch):
    """On a host a mistake in a rule is an unknown finding with its reason; here it fails the test."""
    monkeypatch.setattr(rule, "MISTAKES", ())


@pytest.fixture
def mistakes_as_on_a_host(mistakes_in_rules_are_errors):
    """For a test of what a host does: a MonkeyPatch, whose undo() ends it."""
    patch = pytest.MonkeyPatch()
    patch.setattr(rule, "MISTAKES", ON_A_HOST)
    yield patch
    patch.undo()


@pytest.fixture
def nothing_stays_open():
    """Fails a test that leaves a descriptor open. What earlier tests left to the collector of garbage goes before."""
    gc.collect()
    before = set(os.listdir("/proc/self/fd"))
    yield
    assert set(os.listdir("/proc/self/fd")) <= before
