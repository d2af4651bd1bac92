# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal's entry on disk: today's version, and that of 0.1.0 as it was recorded from runs at each of its phases."""

import json
import os
from pathlib import Path

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.running_containers import Container
from ansible_collections.containment.docker.plugins.module_utils.transaction import journal, journal_entry
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal_entry import (
    PHASES,
    Entry,
    EntryError,
    from_json,
    to_json,
)
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.fake_host import FakeHost, Killed
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.transaction import test_run_faults as faults

VERSION_1 = json.loads(Path(__file__).parent.joinpath("samples/journal-version-1.json").read_text(encoding="utf-8"))
CONTAINER = Container("c" * 64, "web", 4711, "2026-01-01T00:00:00Z", 1000, False, 0, 10, ("db",))
ENTRY = Entry(
    path="/etc/docker/daemon.json",
    unit="docker.service",
    address="unix:///run/docker.sock",
    timeout=60.0,
    engine_version="26.1.5",
    activation="restart",
    keys=("icc",),
    waiting=("bip",),
    running_known=True,
    before=None,
    start=b"{}",
    after=b'{"icc": false}\xff',
    live_restore=False,
    turn_on_live_restore=True,
    reload_resets=("debug",),
    dockerd=(12, 345),
    keep=(CONTAINER,),
    stop=(CONTAINER._replace(needs=()),),
    written=(None, "0123"),
    proof={"starts": True, "traffic": [["web", "x", [None, "tcp"], None]]},
    rollback_left=(0, 0),
)


@pytest.mark.parametrize("phase", PHASES)
def test_an_entry_is_the_same_after_a_stay_on_disk(phase):
    entry = ENTRY._replace(phase=phase)
    record = json.loads(json.dumps(to_json(entry)))
    assert record["version"] == 2 and from_json(record) == entry


def test_each_field_has_a_shape():
    assert tuple(journal_entry._DECODE) == Entry._fields


@pytest.mark.parametrize("field", Entry._fields)
@pytest.mark.parametrize("value", [7, "x", [7], {"x": 1}, [["x"]], True, float("nan"), "\ud800"])
def test_a_value_of_another_shape_is_named(field, value):
    record = json.loads(json.dumps(to_json(ENTRY)))
    record[field] = value
    try:
        again = to_json(from_json(record))
    except EntryError as reason:
        assert str(reason).startswith(f"its {field} is not understood")
    else:
        assert json.dumps(again[field]) == json.dumps(value)


@pytest.mark.parametrize("field", [name for name in Entry._fields if name not in Entry._field_defaults])
def test_a_record_without_a_needed_field_is_refused(field):
    record = to_json(ENTRY)
    del record[field]
    with pytest.raises(EntryError, match=f"it lacks {field}"):
        from_json(record)


@pytest.mark.parametrize("version", [0, 3, "1", None, True])
def test_another_version_is_refused(version):
    with pytest.raises(EntryError, match="another version of this collection"):
        from_json(dict(to_json(ENTRY), version=version))


@pytest.mark.parametrize("name", sorted(VERSION_1))
def test_an_entry_of_version_1_is_read_with_or_without_its_version(name):
    record = VERSION_1[name]
    entry = from_json(record)
    assert (entry.phase, entry.keys, entry.activation_began) == (
        record["phase"],
        tuple(record["keys"]),
        record.get("asked", False),
    )
    assert [item._asdict() for item in entry.stop] == [dict(item, needs=()) for item in record["stop"]]
    assert entry.start_again is False
    unversioned = {key: value for key, value in record.items() if key != "version"}
    assert from_json(unversioned) == entry == from_json(to_json(entry))


@pytest.mark.parametrize("name", sorted(VERSION_1))
def test_what_version_1_left_half_way_is_finished_or_undone(monkeypatch, tmp_path, name):
    """The run is killed by today's code in the same phase; then the journal is what version 1 wrote there."""
    change, phase = name.split(": ")
    host = FakeHost(monkeypatch, tmp_path, containers={policy: policy for policy in faults.POLICIES})
    host.before = host.containers()

    def kill(step):
        if step == f"save {phase} done":
            raise Killed

    host.trouble = kill
    with pytest.raises(Killed):
        host.change(faults.CHANGES[change], accept=True)
    host.trouble = lambda step: None
    record = dict(VERSION_1[name], path=str(host.path))
    assert from_json(record)._replace(path="") == from_json(host.load_record(journal.TRANSACTION))._replace(path="")
    with open(os.path.join(host.state_directory, journal.TRANSACTION), "w", encoding="utf-8") as stream:
        json.dump(record, stream)
    result = host.change(faults.NEXT)
    assert f"(in the phase {phase}) was " in result["recovered"]
    faults.check(host, change, name, result)
