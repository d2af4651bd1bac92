# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether this engine still creates and starts containers, tried without running a program.

A container of an image that is there is created and started. Its program is a name that nobody knows beforehand and that
no image has: mounts, network, log driver and runtime are set up as for any container, and then there is nothing to execute
(what a seccomp profile does to programs is not tried). It is removed at once.
"""

import binascii
import json
import os
import re
from typing import Any, NamedTuple, Optional

from ansible_collections.containment.docker.plugins.module_utils.engine import EngineError, container_path, quote
from ansible_collections.containment.docker.plugins.module_utils.rule import inert

_NAME = "containment-probe-"
_OURS = re.compile(r"/?containment-probe-[0-9a-f]{16}\Z")
_REQUEST = re.compile(r"^(?:GET|POST) \S+: (?:HTTP \d+ )?")
_ENDED = ("created", "exited", "dead")
# So many images are looked at for a fitting one, the smallest first.
_IMAGES = 20


class Attempt(NamedTuple):
    """starts: whether it came as far as its program; None where that could not be tried. why: the engine's words."""

    starts: Optional[bool]
    why: str = ""


def attempt(engine):
    # type: (Any) -> Attempt
    """Try it. engine: an Engine."""
    try:
        _sweep(engine)
        image = _image(engine)
    except (EngineError, LookupError, TypeError, AttributeError) as error:
        return Attempt(None, _words(error))
    if image is None:
        return Attempt(None, "the engine has no image without volumes")
    secret = binascii.hexlify(os.urandom(16)).decode("ascii")
    name, program = _NAME + secret[:16], "/%s%s" % (_NAME, secret)
    try:
        container = engine.create("/containers/create?name=" + name, request(image, program))["Id"]
        try:
            engine.post(container_path(container, "start"))
            return Attempt(True, "")
        finally:
            _remove(engine, container)
    except EngineError as error:
        return Attempt(program in str(error), _words(error))
    except (LookupError, TypeError):
        return Attempt(None, "the engine's answer has no id")


def _words(error):
    """What the engine said, without the request."""
    return inert(_REQUEST.sub("", str(error)), 300)


def request(image, program):
    # type: (str, str) -> Any
    """The create request: what is not named here is what the daemon gives every container."""
    return {
        "Image": image,
        "Entrypoint": [program],
        "Cmd": [],
        "User": "65534:65534",
        "WorkingDir": "/",
        "Healthcheck": {"Test": ["NONE"]},
        "Labels": {"containment.docker": "probe"},
        "HostConfig": {"ReadonlyRootfs": True, "CapDrop": ["ALL"], "RestartPolicy": {"Name": "no"}},
    }


def _image(engine):
    """The id of the smallest image whose volumes would not be made and filled; None if there is none."""
    for item in sorted(engine.get("/images/json"), key=lambda item: item["Size"])[:_IMAGES]:
        config = engine.get("/images/%s/json" % quote(item["Id"])).get("Config") or {}
        if not config.get("Volumes"):
            return item["Id"]
    return None


def _remove(engine, container):
    try:
        engine.delete(container_path(container, "").rstrip("/") + "?force=1&v=1")
    except EngineError:
        pass  # the next attempt sweeps it away


def _sweep(engine):
    """Remove what a run that was killed has left. Only names of ours, and nothing that runs."""
    filters = quote(json.dumps({"name": [_NAME], "status": list(_ENDED)}))
    for item in list(engine.each("/containers/json?all=1&filters=" + filters)):
        if item["State"] in _ENDED and all(_OURS.match(name) for name in item["Names"]) and item["Names"]:
            _remove(engine, item["Id"])
