# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Subjects of items: bounded, inert, and distinct."""

from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of


def test_long_subjects_that_differ_at_their_end_stay_distinct():
    first, second = (subject_of("web", "/x" * 3000 + end) for end in "ab")
    assert first != second
    assert len(first) == len(second) == 200
    assert first.startswith("container:web:/x")
    assert first == subject_of("web", "/x" * 3000 + "a")


def test_a_subject_with_a_surrogate_has_an_id():
    assert subject_of("web", "/" + "\udcff" * 400).isprintable()
