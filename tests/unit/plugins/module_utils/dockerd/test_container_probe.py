# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fake engine that answers as dockerd does: whether a container would come as far as its program."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import container_probe
from ansible_collections.containment.docker.plugins.module_utils.dockerd.container_probe import attempt
from ansible_collections.containment.docker.plugins.module_utils.engine import EngineError

NOT_FOUND = 'OCI runtime create failed: exec: "%s": stat %s: no such file or directory: unknown'
LEFT = {"Id": "l" * 64, "Names": ["/containment-probe-0123456789abcdef"], "State": "created"}


class FakeEngine:
    """start: what the start says, with the program's name filled in; None starts it."""

    def __init__(self, start=NOT_FOUND, images=None, create=None, left=()):
        self.start, self.refused, self.left = start, create, left
        self.images = [{"Id": "sha256:big", "Size": 9}, {"Id": "sha256:small", "Size": 1}] if images is None else images
        self.volumes, self.asked, self.created = {}, [], None

    def get(self, path):
        if path == "/images/json":
            return self.images
        return {"Config": {"Volumes": self.volumes.get(path)}}

    def each(self, path):
        return iter(self.left)

    def create(self, path, body):
        self.asked.append("create")
        if self.refused:
            raise EngineError("POST %s: HTTP 400 %s" % (path, self.refused))
        self.created = body
        return {"Id": "c" * 64}

    def post(self, path):
        self.asked.append("start")
        if self.start is not None:
            program = self.created["Entrypoint"][0]
            raise EngineError("POST %s: HTTP 400 %s" % (path, self.start.replace("%s", program)))
        return True

    def delete(self, path):
        self.asked.append(path)
        return True


REMOVED = "/containers/%s?force=1&v=1" % ("c" * 64)


def test_it_starts_as_far_as_a_program_that_nobody_has_and_is_removed():
    engine = FakeEngine()
    assert attempt(engine).starts is True
    assert engine.asked == ["create", "start", REMOVED] and engine.created["Image"] == "sha256:small"
    assert len(engine.created["Entrypoint"][0]) > 32 and engine.created["Cmd"] == []
    first = engine.created["Entrypoint"]
    attempt(engine)
    assert engine.created["Entrypoint"] != first


@pytest.mark.parametrize("why", ["failed to initialize logging driver: dial tcp: connection refused", "no space left"])
def test_it_does_not_start(why):
    engine = FakeEngine(start=why)
    assert attempt(engine) == (False, why) and engine.asked[-1] == REMOVED


def test_it_is_not_created():
    engine = FakeEngine(create="logger: no log driver named 'x' is registered")
    assert attempt(engine) == (False, "logger: no log driver named 'x' is registered") and engine.asked == ["create"]


def test_a_start_that_succeeds_is_a_start():
    engine = FakeEngine(start=None)
    assert attempt(engine).starts is True and engine.asked[-1] == REMOVED


def test_an_image_with_volumes_is_not_taken():
    engine = FakeEngine()
    engine.volumes["/images/sha256%3Asmall/json"] = {"/data": {}}
    attempt(engine)
    assert engine.created["Image"] == "sha256:big"


def test_without_an_image_nothing_is_tried():
    engine = FakeEngine(images=[])
    assert attempt(engine).starts is None and engine.asked == []


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
    engine = FakeEngine(left=[dict(LEFT, **tweak)])
    attempt(engine)
    assert (("/containers/%s?force=1&v=1" % LEFT["Id"]) in engine.asked) is swept
