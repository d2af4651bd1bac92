# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""userland-proxy true in the file: dockerd 25 and later start with it and refuse it in each reload."""

import json

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags, reload_file
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    activate,
    checks,
    journal,
    run,
    steps,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.preflight import Refused

PROXY = {"userland-proxy": True}


@pytest.mark.parametrize("version", ["25.0.0", "26.1.5+dfsg1", "28.5.2+dfsg4", "29.7.2"])
def test_a_key_that_stops_a_reload(version):
    assert reload_file.obstacles(PROXY, version) == ["userland-proxy"]
    assert "leave the key out" in reload_file.refusal({}, PROXY, version)


@pytest.mark.parametrize(
    "settings, version",
    [
        (PROXY, "20.10.24"),
        (PROXY, "24.0.9"),
        (PROXY, None),
        ({"userland-proxy": False}, "28.5.2"),
        (dict(PROXY, **{"userland-proxy-path": "/usr/bin/docker-proxy"}), "28.5.2"),
        ({}, "29.7.2"),
    ],
)
def test_what_a_reload_takes(settings, version):
    assert reload_file.obstacles(settings, version) == []
    assert reload_file.refusal({}, settings, version) == ""


def test_what_was_there_before_is_left_alone():
    assert reload_file.refusal(PROXY, dict(PROXY, icc=False), "28.5.2") == ""


@pytest.mark.parametrize("version, refused", [("28.5.2", True), ("24.0.9", False)])
def test_a_run_does_not_add_it_to_the_file(version, refused):
    options = run.Options(PROXY, (), activate.Target(), validate=False)
    found = run.preflight.Found("/etc/docker/daemon.json", b"{}", "{}", {}, (), flags.parse(()), True, "active")
    after = run.After(b"{}", "{}", PROXY)
    if not refused:
        assert checks.validate(options, found, after, version) == []
        return
    with pytest.raises(Refused, match="every reload of dockerd 28.5.2 fails"):
        checks.validate(options, found, after, version)


class FakeReload:
    """dockerd 28 in a reload, as far as it reads the file alone."""

    def __init__(self, path):
        self.path, self.taken = path, []

    def __call__(self, target, settings, keys, check):
        check()
        now = json.loads(self.path.read_text())
        if now.get("userland-proxy") and not now.get("userland-proxy-path"):
            raise activate.NotInForce("userland-proxy is enabled, but userland-proxy-path is not set")
        self.taken.append(now)


@pytest.fixture
def work(tmp_path, monkeypatch):
    def make(before, after, **more):
        path = tmp_path / "daemon.json"
        path.write_text(json.dumps(before))
        dockerd = FakeReload(path)
        monkeypatch.setattr(activate, "reload", dockerd)
        monkeypatch.setattr(journal, "save", lambda name, record: None)
        pack = journal.pack
        entry = dict(
            {
                "path": str(path),
                "engine_version": "28.5.2",
                "ours": [],
                "activation": "reload",
                "turn_on": False,
                "stop": [],
                "keys": ["labels"],
                "before": pack(path.read_bytes()),
                "start": pack(json.dumps(after).encode()),
                "after": pack(json.dumps(after).encode()),
                "phase": "prepared",
                "reload_resets": [],
            },
            **more,
        )
        return steps.Work(entry, activate.Target(), after, path.read_bytes()), path, dockerd

    return make


def test_a_reload_is_done_without_it_and_the_file_has_it_afterwards(work):
    made, path, dockerd = work(PROXY, dict(PROXY, labels=["a=b"]))
    made.put(journal.unpack(made.entry["start"]))
    made._activate()
    assert dockerd.taken == [{"labels": ["a=b"]}]
    assert json.loads(path.read_text()) == dict(PROXY, labels=["a=b"])


def test_live_restore_is_turned_on_first_without_it(work):
    made, path, dockerd = work(PROXY, {"userland-proxy": False}, activation="restart", turn_on=True)
    made._spare_containers()
    assert dockerd.taken == [{"live-restore": True}]


def test_a_file_is_settled_with_it(work):
    made, path, dockerd = work({}, PROXY)
    made.settle(json.dumps(PROXY).encode(), {"live-restore": False})
    assert dockerd.taken == [{"live-restore": False}] and json.loads(path.read_text()) == PROXY and made.in_memory == []
