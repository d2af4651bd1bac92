# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of a migration's steps, and what is there after it."""

import functools
import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.migration import pull, quiet, tree
from ansible_collections.containment.docker.plugins.module_utils.migration.identities import read_clock
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Expected
from ansible_collections.containment.docker.plugins.module_utils.migration.sandbox import CommandError
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import Refused, RolledBack
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.migration import subjects
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.migration.fake_migration import (
    MAPPED,
    OWN,
    Container,
    Host,
    MigrationEngine,
)


def test_everything_is_there_with_mapped_ids_and_back(monkeypatch, tmp_path):
    host = Host(monkeypatch, tmp_path)
    host.trouble = lambda name: host.require_nobody_meets_foreign_ids()
    result = host.present()
    assert result["changed"] and result["started"] == ["db", "web"] and host.phase() == "done"
    assert host.daemon.root() == host.new_root and host.running() == ["db", "web"] and host.bound == MAPPED
    assert host.in_root(host.new_root) == {"db": True, "web": True, "off": False}
    assert host.volumes[host.new_root] == host.volumes[host.root] == {"data": ["a"]}
    assert not any(host.in_root(host.root).values()) and not host.second and len(host.copies) == 3
    assert host.present()["changed"] is False
    back = host.absent()
    assert back["changed"] and back["started"] == ["db", "web"] and host.phase() == "back"
    assert host.daemon.root() == host.root and host.running() == ["db", "web"] and host.bound == OWN
    assert host.absent()["changed"] is False


def create(host):
    host.daemon.containers().append(Container("extra", "no", host.root, subjects.inspect("extra")))


def start(host):
    host.daemon.run(host.daemon.find("off"))


def start_and_end(host):
    start(host)
    host.daemon.end(host.daemon.find("off"), 0)


def add_volume(host):
    host.volumes[host.root]["late"] = ["b"]


def add_network(host):
    host.networks[host.root]["late"] = {"Name": "late", "Id": "n2", "Scope": "local", "Driver": "bridge"}


@pytest.mark.parametrize(
    "act, sentence",
    [
        (create, "the container extra was created while"),
        (start, "the container off was started while volumes were copied: run again"),
        (start_and_end, "the container off was started while volumes were copied, and has ended"),
        (add_volume, "the volume late was created while"),
        (add_network, "the network late was created while"),
    ],
)
@pytest.mark.parametrize("step", ["bulk_copy.copy_last", "bulk_copy.copy_layer done"])
def test_what_somebody_does_to_the_engine_while_volumes_are_copied_undoes_the_migration(
    monkeypatch, tmp_path, act, sentence, step
):
    host = Host(monkeypatch, tmp_path)

    def trouble(name):
        if name == step:
            host.trouble = lambda name: None
            act(host)

    host.trouble = trouble
    with pytest.raises(RolledBack, match=sentence):
        host.present()
    assert host.daemon.root() == host.root and {"db", "web"} <= set(host.running()) and host.bound == OWN
    assert host.phase() is None and "restart" not in host.steps and "tree.shift" not in host.steps


def test_what_is_written_to_a_volume_between_the_stop_and_the_start_undoes_the_migration(monkeypatch, tmp_path):
    """By no container, and after the last copy: the new data root would lack it."""
    host = Host(monkeypatch, tmp_path)
    clocks, looks = [], []

    def changed_since(path, moment):
        looks.append((path, moment, list(host.steps)))
        return True

    real = quiet.require_stopped
    monkeypatch.setattr(quiet, "require_stopped", lambda *rest: clocks.append(read_clock()) or real(*rest))
    monkeypatch.setattr(tree, "changed_since", changed_since)
    with pytest.raises(RolledBack, match="is written to by something that is no container"):
        host.present()
    ((path, moment, done),) = looks
    assert path == f"{host.root}/volumes/data/_data"
    assert "restart" in done and "bulk_copy.copy_last done" in done and clocks[0] <= moment
    assert host.daemon.root() == host.root and {"db", "web"} <= set(host.running()) and host.bound == OWN


def test_a_container_that_was_removed_before_the_stop_undoes_the_migration_with_nothing_stopped(monkeypatch, tmp_path):
    host = Host(monkeypatch, tmp_path)

    def trouble(name):
        if name == "second CREATE create":
            host.trouble = lambda name: None
            host.daemon.containers().remove(host.daemon.find("off"))

    host.trouble = trouble
    with pytest.raises(RolledBack, match="the container off was removed while the copies were made"):
        host.present()
    assert "POST stop" not in host.steps


def set_health(host, *statuses):
    """Have web in the new root answer these statuses of its health check, the last one from there on; healthy in the old root."""
    for root in (host.root, host.new_root):
        for container in host.daemon.roots.get(root, []):
            if container.name == "web":
                answers = list(statuses) if root == host.new_root else ["healthy"]
                container.inspect = functools.partial(inspect_with_health, container.inspect, answers)


def inspect_with_health(inspect, answers):
    result = inspect()
    result["State"]["Health"] = {"Status": answers.pop(0) if len(answers) > 1 else answers[0]}
    return result


@pytest.mark.parametrize(
    "statuses, outcome",
    [(["starting", "healthy"], ""), (["starting", "unhealthy"], "unhealthy with mapped ids"), (["starting"], "note")],
)
def test_a_health_check_that_succeeded_before_is_waited_for(monkeypatch, tmp_path, statuses, outcome):
    host = Host(monkeypatch, tmp_path)
    set_health(host, "healthy")

    def trouble(name):
        if name == "POST start done":
            set_health(host, *statuses)

    host.trouble = trouble
    if outcome.startswith("unhealthy"):
        with pytest.raises(RolledBack, match=outcome):
            host.present()
        assert host.daemon.root() == host.root and host.running() == ["db", "web"]
    else:
        notes = host.present()["notes"]
        assert ("the health check of web has not succeeded yet" in notes) == bool(outcome)


def test_a_container_that_somebody_starts_during_the_stop_ends_the_migration_before_the_last_copies(
    monkeypatch, tmp_path
):
    host = Host(monkeypatch, tmp_path)

    def trouble(name):
        if name == "POST stop done":
            host.trouble = lambda name: None
            start(host)

    host.trouble = trouble
    with pytest.raises(RolledBack, match="the container off was started while volumes were copied"):
        host.present()
    assert "bulk_copy.copy_last" not in host.steps


@pytest.mark.parametrize("stopped, returned", [(None, ["db", "web"]), ("db", ["web"])])
def test_a_container_that_can_not_run_mapped_is_made_and_starts_again_on_the_way_back(
    monkeypatch, tmp_path, stopped, returned
):
    host = Host(monkeypatch, tmp_path)
    effect = {"id": "x", "subject": "container:web", "kind": "device-name", "sure": "certain", "message": "no device"}
    host.expected = Expected([effect])
    result = host.present(accept=["x"])
    assert result["started"] == ["db"] and host.in_root(host.new_root) == {"db": True, "web": False, "off": False}
    assert "the container web is not started" in result["notes"]
    if stopped:
        host.daemon.end(next(item for item in host.daemon.containers() if item.name == stopped), 0)
    assert host.absent()["started"] == returned and host.running() == returned


def test_certain_breakage_that_nobody_answers_for_is_refused_before_anything_is_touched(monkeypatch, tmp_path):
    host = Host(monkeypatch, tmp_path)
    effect = {"id": "x", "subject": "container:web", "kind": "k", "sure": "certain", "message": "m", "remedy": "r"}
    host.expected = Expected([effect])
    with pytest.raises(Refused, match=r"the container web would break: m: r.*accept: \['x'\]"):
        host.present()
    assert not any(step.startswith(("save", "POST", "second", "bulk_copy")) for step in host.steps)


@pytest.mark.parametrize("before", [None, "", "{}", '{"debug":false }', '\n{\n\t"debug": true\n}\n'])
def test_the_way_back_leaves_daemon_json_byte_by_byte_as_it_was(monkeypatch, tmp_path, before):
    host = Host(monkeypatch, tmp_path, before or "{}")
    if before is None:
        host.path.unlink()
    else:
        host.path.write_text(before)
    host.daemon.stop()
    host.daemon.start()
    for name in ("db", "web"):
        if not host.daemon.find(name).pid:
            host.daemon.run(host.daemon.find(name))
    host.present()
    assert host.file()["userns-remap"] == "default"
    host.absent()
    assert (host.path.read_text() if host.path.exists() else None) == before
    assert host.daemon.root() == host.root and host.running() == ["db", "web"] and not host.half_way()


def test_what_somebody_else_wrote_into_daemon_json_meanwhile_stays_on_the_way_back(monkeypatch, tmp_path):
    host = Host(monkeypatch, tmp_path, '{"debug":false }')
    host.present()
    host.path.write_text('{"debug":false , "userns-remap": "default", "labels": ["a=b"]}')
    host.absent()
    assert host.file() == {"debug": False, "labels": ["a=b"]}


def test_who_follows_the_log_sees_phases_and_bytes(monkeypatch, tmp_path):
    host = Host(monkeypatch, tmp_path)
    host.present()
    lines = [line[20:] for line in (host.journal / "migration.log").read_text().splitlines()]
    phases = ["phase " + name for name in ("preparing", "stopping", "copying", "switching", "starting", "done")]
    assert [line for line in lines if line.startswith("phase")] == phases
    assert any(line.startswith("volume data: begins, 0.0 MB of 0.0 MB") for line in lines)
    assert any(line.startswith("volume data, last copy: done in ") for line in lines)


@pytest.mark.parametrize("subnet, refused", [("10.9.0.0/25", True), ("10.10.0.0/24", False)])
def test_a_network_whose_addresses_the_new_root_has_already_is_refused_before_anything_is_made(
    monkeypatch, tmp_path, subnet, refused
):
    host = Host(monkeypatch, tmp_path)
    os.makedirs(host.new_root)
    host.networks[host.root]["back"]["IPAM"] = {"Config": [{"Subnet": "10.9.0.0/24"}]}
    old = {"Name": "old", "Id": "n9", "Scope": "local", "Driver": "bridge", "IPAM": {"Config": [{"Subnet": subnet}]}}
    host.networks[host.new_root]["old"] = old
    if refused:
        with pytest.raises(Refused, match="the network back has addresses that old has in .* already"):
            host.present()
        assert "save preparing" not in host.steps
    else:
        assert host.present()["changed"]


def test_each_start_has_the_whole_patience_of_the_engine(monkeypatch, tmp_path):
    """One client answers for so long as a restart may take; that many containers take longer to start."""

    class Impatient(MigrationEngine):
        starts = 0

        def post(self, path, body=None):
            self.starts += path.endswith("/start")
            if self.starts > 1:
                raise EngineError("no answer within 60 s")
            return super().post(path, body)

    host = Host(monkeypatch, tmp_path)
    monkeypatch.setattr(Host, "engine", lambda self, timeout=None: Impatient(self))
    assert host.present()["started"] == ["db", "web"]


PROXIES = {"HTTPS_PROXY": "http://proxy:3128"}


def pulling(monkeypatch, tmp_path, act):
    """A host whose image a registry has. act: what a pull does."""
    host = Host(monkeypatch, tmp_path)
    host.digests = ["app@sha256:cc"]

    def do(_engine, images):
        host.step("pull")
        assert [image.digests for image in images] == [("app@sha256:cc",)] and host.online == PROXIES
        act(host)

    monkeypatch.setattr(pull, "pull", do)
    monkeypatch.setattr(pull, "proxies", lambda pid: PROXIES)
    return host


def test_what_is_pulled_is_there_before_anything_stops_and_is_not_copied(monkeypatch, tmp_path):
    host = pulling(monkeypatch, tmp_path, lambda host: host.images[host.new_root].append("sha256:aa"))
    host.present(pull=True)
    assert host.steps.index("pull") < host.steps.index("POST stop") and "second UPLOAD load" not in host.steps
    assert host.online is None  # what came after the pull had no network


def test_what_does_not_arrive_by_a_pull_is_copied(monkeypatch, tmp_path):
    host = pulling(monkeypatch, tmp_path, lambda host: None)
    host.present(pull=True)
    assert "second UPLOAD load" in host.steps


def test_a_pull_that_fails_leaves_everything_running(monkeypatch, tmp_path):
    def fail(_host):
        raise CommandError("the registry does not answer", 1)

    host = pulling(monkeypatch, tmp_path, fail)
    with pytest.raises(RolledBack, match="the registry does not answer; the engine works in .* as before$"):
        host.present(pull=True)
    assert "POST stop" not in host.steps and host.running() == ["db", "web"] and not host.second


def test_nothing_is_pulled_unasked(monkeypatch, tmp_path):
    host = pulling(monkeypatch, tmp_path, lambda host: None)
    host.present()
    assert "pull" not in host.steps
