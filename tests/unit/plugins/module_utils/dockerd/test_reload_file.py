# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""userland-proxy true in the file: dockerd 25 and later start with it and refuse it in each reload."""

import json

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import config_check, flags, reload_file
from ansible_collections.containment.docker.plugins.module_utils.transaction import activate, steps
from ansible_collections.containment.docker.plugins.module_utils.transaction.work import Work
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.fake_host import FakeHost
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.transaction.test_journal_entry import ENTRY

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
    candidate = config_check.Candidate("daemon.json", "{}", PROXY, {}, flags.parse(()), None, version)
    problems = config_check.problems(candidate, lambda path: True, None)
    assert len(problems) == refused and all("every reload of dockerd 28.5.2 fails" in problem for problem in problems)


class FakeReload:
    """dockerd 28 in a reload, as far as it reads the file alone."""

    def __init__(self, path):
        self.path, self.taken = path, []

    def __call__(self, host, settings, keys, check):
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
        text = json.dumps(after).encode()
        fields = {
            "path": str(path),
            "engine_version": "28.5.2",
            "activation": "reload",
            "turn_on_live_restore": False,
            "keys": ("labels",),
            "before": path.read_bytes(),
            "start": text,
            "after": text,
        }
        host = FakeHost(monkeypatch, tmp_path, json.dumps(before))
        host.open_journal()
        entry = ENTRY._replace(reload_resets=(), stop=(), **dict(fields, **more))
        return Work(entry, host, after, path.read_bytes()), path, dockerd

    return make


def test_a_reload_is_done_without_it_and_the_file_has_it_afterwards(work):
    job, path, dockerd = work(PROXY, dict(PROXY, labels=["a=b"]))
    job.put(job.entry.start)
    steps._activate(job)
    assert dockerd.taken == [{"labels": ["a=b"]}]
    assert json.loads(path.read_text()) == dict(PROXY, labels=["a=b"])


def test_live_restore_is_turned_on_first_without_it(work):
    job, path, dockerd = work(PROXY, {"userland-proxy": False}, activation="restart", turn_on_live_restore=True)
    steps._spare_containers(job)
    assert dockerd.taken == [{"live-restore": True}]


def test_a_file_is_settled_with_it(work):
    job, path, dockerd = work({}, PROXY)
    job.settle(json.dumps(PROXY).encode(), {"live-restore": False})
    assert dockerd.taken == [{"live-restore": False}] and json.loads(path.read_text()) == PROXY and job.in_memory == []
