# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether this engine still creates and starts containers, tried without running a program.

An image without a single file is made, and a container of it is created and started. There is no program in it: mounts,
network, log driver and runtime are set up as for any container, and then there is nothing to execute (what a seccomp
profile does to programs is not tried). Both are removed at once.
"""

import binascii
import json
import os
import re
from typing import Any, Dict, NamedTuple, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
    quote,
)

_NAME = "containment-probe"
_CONTAINER = re.compile(r"/?containment-probe-[0-9a-f]{16}\Z")
_IMAGE = re.compile(r"containment-probe:[0-9a-f]{16}\Z")
_NO_FILES = bytes(1024)  # the end of a tar
_REQUEST = re.compile(r"^(?:GET|POST) \S+: (?:HTTP \d+ )?")
_ENDED = ("created", "exited", "dead")


class Attempt(NamedTuple):
    """starts: whether it came as far as its program; None where that could not be tried. why: the engine's words."""

    starts: Optional[bool]
    why: str = ""


def attempt(engine: Engine) -> Attempt:
    """Try it."""
    number = binascii.hexlify(os.urandom(8)).decode("ascii")
    image, program = f"{_NAME}:{number}", f"/{_NAME}-program-{number}"
    try:
        _sweep(engine)
        lines = engine.upload(f"/images/create?fromSrc=-&repo={_NAME}&tag={number}", _NO_FILES)
        failed = [line["error"] for line in lines if "error" in line]
    except (EngineError, LookupError, TypeError, AttributeError) as error:
        return Attempt(None, _words(error))
    if failed:
        return Attempt(None, inert(str(failed[0]), 300))
    try:
        return _start(engine, f"{_NAME}-{number}", image, program)
    finally:
        _delete(engine, _image_path(image))


def _start(engine: Engine, name: str, image: str, program: str) -> Attempt:
    try:
        container = engine.create("/containers/create?name=" + name, request(image, program))["Id"]
        try:
            engine.post(container_path(container, "start"))
            return Attempt(True, "")
        finally:
            _delete(engine, _removal(container))
    except EngineError as error:
        return Attempt(program in str(error), _words(error))
    except (LookupError, TypeError):
        return Attempt(None, "the engine's answer has no id")


def _words(error: Exception) -> str:
    """What the engine said, without the request."""
    return inert(_REQUEST.sub("", str(error)), 300)


def request(image: str, program: str) -> Dict[str, Any]:
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


def _removal(container: str) -> str:
    return container_path(container, "").rstrip("/") + "?force=1&v=1"


def _image_path(image: str) -> str:
    return f"/images/{quote(image)}?force=1"


def _delete(engine: Engine, path: str) -> None:
    try:
        engine.delete(path)
    except EngineError:
        pass  # the next attempt sweeps it away


def _sweep(engine: Engine) -> None:
    """Remove what a run that was killed has left. Only names of ours, and nothing that runs."""
    filters = quote(json.dumps({"name": [_NAME + "-"], "status": list(_ENDED)}))
    for item in list(engine.each("/containers/json?all=1&filters=" + filters)):
        if item["State"] in _ENDED and item["Names"] and all(_CONTAINER.match(name) for name in item["Names"]):
            _delete(engine, _removal(item["Id"]))
    filters = quote(json.dumps({"reference": [_NAME]}))
    for item in list(engine.each("/images/json?filters=" + filters)):
        for image in item["RepoTags"] or ():
            if _IMAGE.match(image):
                _delete(engine, _image_path(image))
