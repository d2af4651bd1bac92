# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused before a host is looked at. The whole way is proven by the Molecule scenarios harden and rollback."""

import json
import os
from types import SimpleNamespace

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_edit import merged
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import DEFAULTS
from ansible_collections.containment.docker.plugins.module_utils.transaction import (
    preflight,
    run,
    stopped_daemon,
    stopped_engine,
)
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import MayWait, Refused
from ansible_collections.containment.docker.tests.unit.plugins.module_utils import fake_host

NO_UNIT = "containment-no-such-unit.service"


def options(config=None, absent=(), **more):
    return run.Options(config or {}, absent, check=True, **more)


class RootHost(Host):
    """The real host as root sees it."""

    def is_root(self):
        return True


@pytest.mark.parametrize(
    "config, absent, settings, keys",
    [
        ({"icc": False}, [], {}, ["icc"]),
        ({"icc": False}, ["log-opts.max-size"], {"log-opts": {"max-size": "5m"}}, ["icc", "log-opts"]),
        ({}, ["log-opts.max-size", "log-opts.tag"], {}, ["log-opts"]),
        ({"log-opts": {"tag": "x"}}, ["log-opts.max-size"], {}, ["log-opts"]),
        ({}, ["a.b"], {"a.b": 1}, ["a.b"]),  # a name that is itself a key
    ],
)
def test_wanted_keys(config, absent, settings, keys):
    assert run.wanted_keys(options(config, absent), settings) == keys


def test_a_host_without_such_a_unit_is_refused():
    with pytest.raises(Refused):
        run.run(options({"icc": False}), RootHost(NO_UNIT))


@pytest.mark.parametrize("address", ["tcp://10.0.0.1:2375", "ssh://host", "fd://"])
def test_only_an_engine_of_this_host_is_changed(address):
    with pytest.raises(Refused, match="address"):
        preflight.find(Host(NO_UNIT, address), None)


def test_others_than_root_are_refused(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Refused, match="only root"):
        run.run(options({"icc": False}), Host(NO_UNIT))


@pytest.mark.parametrize(
    "paths, holds",
    [
        ([], False),
        (["containers/0123/config.v2.json"], True),
        (["volumes/data/_data/file"], True),
        (["volumes/metadata.db"], False),
        (["image/overlay2/imagedb/content/sha256/0123"], True),
        (["image/overlay2/repositories.json"], False),
    ],
)
def test_what_counts_as_data_of_a_stopped_engine(tmp_path, paths, holds):
    root = tmp_path / "a [strange] root"
    root.mkdir()
    for path in paths:
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text("")
    assert stopped_engine.holds_data(str(root)) is holds


def test_data_of_a_stopped_remapped_engine_count_too(tmp_path):
    (tmp_path / "100000.100000/volumes/data/_data").mkdir(parents=True)
    assert stopped_engine.holds_data(str(tmp_path))


class Census(RootHost):
    """A host on which processes of these containers are alive."""

    def __init__(self, alive):
        super().__init__()
        self.alive = alive

    def container_processes(self, ids):
        return {name: [1] for name in ids & set(self.alive)}


def stopped(root, before, config, alive=(), **more):
    """moves_unseen() for an engine in `root` that is stopped and shall have `config`."""
    before = dict({"data-root": str(root)}, **before)
    flags = dockerd_flags.parse([])
    daemon = SimpleNamespace(start=SimpleNamespace(flags=flags), status=SimpleNamespace(active="inactive"))
    after = merged(before, config)
    wish = SimpleNamespace(settings_before=before, settings_after=after)
    following = dockerd_flags.merged(after, flags, DEFAULTS)
    return stopped_daemon.moves_unseen(options(config, **more), Census(alive), daemon, wish, following)


SNAPSHOTTER = {"features": {"containerd-snapshotter": True}}


@pytest.mark.parametrize(
    "config, words",
    [
        ({"data-root": "/srv/other"}, "data-root moves"),
        (SNAPSHOTTER, "features.containerd-snapshotter moves"),  # a key of an object, too
        ({"storage-driver": "vfs"}, "storage-driver moves"),
        ({"exec-root": "/run/other"}, ""),  # nothing runs
        ({"icc": False}, ""),
    ],
)
def test_data_of_a_stopped_engine_are_not_hidden_unasked(tmp_path, config, words):
    (tmp_path / "volumes/data/_data").mkdir(parents=True)
    if not words:
        assert stopped(tmp_path, {}, config)[1] == str(tmp_path)
        return
    with pytest.raises(Refused, match=words):
        stopped(tmp_path, {}, config)
    assert len(stopped(tmp_path, {}, config, accept=True)[0]) == 1


@pytest.mark.parametrize("accept", [True, False])
@pytest.mark.parametrize("config", [SNAPSHOTTER, {"exec-root": "/run/other"}, {"data-root": "/srv/other"}])
def test_what_runs_on_without_dockerd_is_not_lost(tmp_path, config, accept):
    (tmp_path / "containers" / ("c" * 64)).mkdir(parents=True)
    with pytest.raises(Refused, match="1 container runs on while docker.* start it first"):
        stopped(tmp_path, {}, config, alive=["c" * 64], accept=accept)


@pytest.mark.parametrize(
    "config, before, keys",
    [
        ({"data-root": "/srv/other"}, {}, []),  # stands in the file already
        ({"userns-remap": "default", "icc": False}, {}, ["userns-remap"]),
        (SNAPSHOTTER, {}, ["features"]),
        (
            SNAPSHOTTER,
            {"features": {}},
            [],
        ),  # the file's own object is changed, so leaving the key out is another change
        ({"storage-driver": "vfs"}, {"storage-driver": "overlay2"}, []),
    ],
)
def test_what_would_be_hidden_names_the_keys_that_can_be_left_out(tmp_path, config, before, keys):
    (tmp_path / "volumes/data/_data").mkdir(parents=True)
    with pytest.raises(MayWait) as refused:
        stopped(tmp_path, before, config)
    assert list(refused.value.keys) == keys


def answering(monkeypatch, configs, keys=("userns-remap",), recovered=""):
    """A host on which userns-remap would hide data; the configurations that it is asked for go to `configs`."""

    def checked(change, host):
        configs.append(dict(change.config))
        if "userns-remap" in change.config:
            raise MayWait("it holds some", keys, recovered)
        return {"changed": False, "waiting": []}

    monkeypatch.setattr(run, "_run", checked)


BOTH = {"userns-remap": "default", "icc": False}


def test_what_waits_is_left_out_and_told(monkeypatch):
    configs = []
    answering(monkeypatch, configs)
    result = run.run(options(BOTH, postpone=["userns-remap"]), RootHost())
    assert configs == [BOTH, {"icc": False}]
    assert result == {"changed": False, "waiting": [{"key": "userns-remap", "reason": "it holds some"}]}


def test_what_became_of_an_earlier_run_is_not_lost_by_waiting(monkeypatch):
    answering(monkeypatch, [], recovered="it was finished")
    result = run.run(options(BOTH, postpone=["userns-remap"]), RootHost())
    assert result["changed"] and result["recovered"] == "it was finished"


@pytest.mark.parametrize("keys, postpone", [(("userns-remap",), []), (("userns-remap", "icc"), ["icc"]), ((), ["icc"])])
def test_what_may_not_wait_is_refused(monkeypatch, keys, postpone):
    answering(monkeypatch, [], keys)
    with pytest.raises(MayWait, match="it holds some"):
        run.run(options(BOTH, postpone=postpone), RootHost())


@pytest.mark.parametrize(
    "lost, words",
    [
        ([], "because; /f is as it was before"),
        (
            ["web can't reach 192.0.2.1"],
            "because; also since everything was brought back: web can't reach 192.0.2.1; /f",
        ),
        (OSError("no process"), "because; /f is as it was before"),  # the report does not fail by that question
    ],
)
def test_what_is_still_lost_after_the_way_back_is_told(monkeypatch, lost, words):
    class StillHost(RootHost):
        def lost(self, observed):
            if isinstance(lost, OSError):
                raise lost
            return lost

    monkeypatch.setattr(run.rollback, "restore", lambda work, reason: [])
    proof = {"starts": True, "why": "", "traffic": [], "not_tried": []}
    work = SimpleNamespace(entry=SimpleNamespace(path="/f", proof=proof), host=StillHost(), in_memory=[], started=[])
    result = {"containers": {}, "old_data_root": "/old", "left_behind": "/old"}
    error = run.undo(work, "because", result)
    assert str(error).startswith(words)
    assert (error.result["old_data_root"], error.result["left_behind"]) == (None, None)
    assert error.result["proof"] == {"works": ["a container starts"], "not_tried": []}


OTHERS_FILE = '{"runtimes": {"nvidia": {"path": "nvidia-container-runtime", "args": []}}}\n'


def test_what_dockerd_ignores_in_somebody_s_file_is_a_warning(monkeypatch, tmp_path):
    """As nvidia-ctk writes it."""
    host = fake_host.FakeHost(monkeypatch, tmp_path, before=OTHERS_FILE)
    for check in (True, False):
        result = host.change({"debug": True}, check=check)
        assert result["changed"] and any("args" in warning for warning in result["warnings"]), result["warnings"]
    assert host.file()["runtimes"]["nvidia"]["args"] == []


def test_what_dockerd_ignores_is_not_added(monkeypatch, tmp_path):
    host = fake_host.FakeHost(monkeypatch, tmp_path)
    with pytest.raises(Refused, match="args"):
        host.change(json.loads(OTHERS_FILE))


@pytest.mark.parametrize(
    "config, after",
    [
        # as Fedora's unit gives live-restore: dockerd would refuse the same key in the file
        ({"log-level": "info", "labels": ["a=b"]}, {"labels": ["a=b"]}),
        ({"log-level": "debug"}, None),
    ],
)
def test_what_a_flag_gives_as_wanted_is_left_to_it(monkeypatch, tmp_path, config, after):
    monkeypatch.setattr(fake_host, "ARGV", fake_host.ARGV + ("--log-level=info",))
    host = fake_host.FakeHost(monkeypatch, tmp_path, before="{}\n")
    if after is None:
        with pytest.raises(Refused, match="log-level"):
            host.change(config)
        return
    host.change(config)
    assert host.file() == after


def test_the_fake_host_leaves_nothing_to_the_real_one_but_files():
    """Otherwise a new method of the seam would ask this machine in tests."""
    real = {name for name in vars(Host) if not name.startswith("_") and callable(getattr(Host, name))}
    shared = {"of_daemon", "open_journal", "load_record"}
    assert real - set(vars(fake_host.FakeHost)) == shared
