# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one record of what a dockerd has in force."""

import json

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.start_record import (
    StartRecord,
    digest,
    from_json,
    to_json,
)

RECORD = StartRecord(("boot", 12, 345), "/etc/docker/daemon.json", digest(b"{\xff}"), b"{\xff}", ("icc",))


@pytest.mark.parametrize("record", [RECORD, RECORD._replace(digest=None, data=None, pending=())])
def test_a_record_is_the_same_after_a_stay_on_disk(record):
    assert from_json(json.loads(json.dumps(to_json(record)))) == record


def test_a_record_of_version_1_has_no_bytes():
    old = {"version": 1, "identity": ["boot", 12, 345], "file": "0123", "pending": ["icc"]}
    assert from_json(old) == StartRecord(("boot", 12, 345), "", "0123", None, ("icc",))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 3},
        {"version": None},
        {"process": ["boot", 12]},
        {"process": None},
        {"digest": "of other bytes"},
        {"data": "not base64 !"},
        {"pending": 7},
        {"data": None},
    ],
)
def test_what_is_not_understood_proves_nothing(change):
    assert from_json(dict(to_json(RECORD), **change)) is None


def test_a_record_that_lacks_something_proves_nothing():
    for key in to_json(RECORD):
        record = to_json(RECORD)
        del record[key]
        assert from_json(record) is None
