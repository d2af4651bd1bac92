# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fake engine that answers as dockerd does: whether a container would come as far as its program."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof import start as container_probe
from ansible_collections.containment.docker.plugins.module_utils.transaction.proof.start import attempt

NOT_FOUND = 'OCI runtime create failed: exec: "%s": stat %s: no such file or directory: unknown'
CONTAINER = {"Id": "l" * 64, "Names": ["/containment-probe-0123456789abcdef"], "State": "created"}
IMAGE = {"Id": "sha256:left", "RepoTags": ["containment-probe:0123456789abcdef"]}


class FakeEngine:
    """start: what the start says, with the program's name filled in; None starts it. refused: why nothing is created."""

    def __init__(self, start=NOT_FOUND, refused=None, imported=None, containers=(), images=()):
        self.start, self.refused, self.remains = start, refused, {"containers": containers, "images": images}
        self.imported = [{"status": "sha256:0"}] if imported is None else imported
        self.calls, self.created, self.uploaded = [], None, None

    def each(self, path):
        return iter(self.remains[path.split("/")[1]])

    def upload(self, path, data):
        self.calls.append("import")
        self.uploaded = data
        return self.imported

    def create(self, path, body):
        self.calls.append("create")
        if self.refused:
            raise EngineError("POST %s: HTTP 400 %s" % (path, self.refused))
        self.created = body
        return {"Id": "c" * 64}

    def post(self, path):
        self.calls.append("start")
        if self.start is not None:
            program = self.created["Entrypoint"][0]
            raise EngineError("POST %s: HTTP 400 %s" % (path, self.start.replace("%s", program)))
        return True

    def delete(self, path):
        self.calls.append(path)
        return True


REMOVED = "/containers/%s?force=1&v=1" % ("c" * 64)


def test_it_starts_as_far_as_its_program_which_is_not_there_and_all_is_removed():
    engine = FakeEngine()
    assert attempt(engine).starts is True
    image = "/images/%s?force=1" % engine.created["Image"].replace(":", "%3A")
    assert engine.calls == ["import", "create", "start", REMOVED, image]
    assert engine.uploaded == bytes(1024)  # a tar of no files
    assert len(engine.created["Entrypoint"][0]) > 32 and engine.created["Cmd"] == []
    first = engine.created["Entrypoint"]
    attempt(engine)
    assert engine.created["Entrypoint"] != first


@pytest.mark.parametrize("why", ["failed to initialize logging driver: dial tcp: connection refused", "no space left"])
def test_it_does_not_start(why):
    engine = FakeEngine(start=why)
    assert attempt(engine) == (False, why) and engine.calls[-2] == REMOVED


def test_it_is_not_created():
    engine = FakeEngine(refused="logger: no log driver named 'x' is registered")
    assert attempt(engine) == (False, "logger: no log driver named 'x' is registered")
    assert (
        engine.calls[:2] == ["import", "create"] and engine.calls[2].startswith("/images/") and len(engine.calls) == 3
    )


def test_a_start_that_succeeds_is_a_start():
    engine = FakeEngine(start=None)
    assert attempt(engine).starts is True and engine.calls[-2] == REMOVED


def test_without_an_image_nothing_is_tried():
    engine = FakeEngine(imported=[{"status": "…"}, {"error": "no space left on device"}])
    assert attempt(engine) == (None, "no space left on device") and engine.calls == ["import"]


def test_it_gets_less_than_an_ordinary_container():
    body = container_probe.request("sha256:x", "/p")
    assert body["HostConfig"] == {"ReadonlyRootfs": True, "CapDrop": ["ALL"], "RestartPolicy": {"Name": "no"}}
    assert body["User"] == "65534:65534"


@pytest.mark.parametrize(
    "tweak, swept",
    [
        ({}, True),
        ({"State": "running"}, False),
        ({"Names": ["/containment-probe-mine"]}, False),
        ({"Names": ["/containment-probe-0123456789abcdef", "/app/db"]}, False),
        ({"Names": []}, False),
    ],
)
def test_what_a_killed_run_left_is_swept_away_and_nothing_else(tweak, swept):
    engine = FakeEngine(containers=[dict(CONTAINER, **tweak)])
    attempt(engine)
    assert (("/containers/%s?force=1&v=1" % CONTAINER["Id"]) in engine.calls) is swept


@pytest.mark.parametrize("tags, swept", [(IMAGE["RepoTags"], True), (["containment-probe:mine"], False), (None, False)])
def test_an_image_that_a_killed_run_left(tags, swept):
    engine = FakeEngine(images=[dict(IMAGE, RepoTags=tags)])
    attempt(engine)
    assert ("/images/containment-probe%3A0123456789abcdef?force=1" in engine.calls) is swept
