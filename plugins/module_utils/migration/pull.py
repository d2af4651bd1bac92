# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Have the second engine pull images from the registries that they came from. I/O.

By Docker's own client, which knows the credentials of who runs this; by digest, so that it is the same image, whatever the
tag names by now.
"""

import shutil
from typing import Dict, List, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, quote
from ansible_collections.containment.docker.plugins.module_utils.migration import sandbox, second_engine
from ansible_collections.containment.docker.plugins.module_utils.migration.images import Image

_CLIENT = "docker"
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def can_pull() -> bool:
    """Whether this host has the client."""
    return shutil.which(_CLIENT) is not None


def pull(new: Engine, images: Sequence[Image]) -> None:
    """Pull these and give them their tags. new: the second engine, which runs with a network.

    An image that a registry has by that digest for another platform does not arrive by this. Raises CommandError, EngineError.
    """
    for image in images:
        for digest in image.digests:
            try:
                sandbox.run([_CLIENT, f"--host={second_engine.address()}", "pull", "--quiet", "--", digest])
            except sandbox.CommandError as error:
                raise sandbox.CommandError(
                    f"{inert(digest, 200)} can't be pulled ({error}): see to it that this host reaches the registry and "
                    f"may pull from it, or have images copied (pull: false)",
                    error.status,
                )
        if image.id in {item["Id"] for item in new.get("/images/json?all=1")}:
            for tag in image.tags:
                name, _colon, version = tag.rpartition(":")
                new.post(f"/images/{quote(image.id)}/tag?repo={quote(name)}&tag={quote(version)}")


def proxies(pid: int) -> Dict[str, str]:
    """Variables of a running dockerd by which it reaches registries. Raises OSError."""
    with open(f"/proc/{pid}/environ", "rb") as stream:
        pairs: List[str] = stream.read().decode("utf-8", "surrogateescape").split("\0")
    variables = dict(text.split("=", 1) for text in pairs if "=" in text)
    return {name: value for name, value in variables.items() if name.upper() in _PROXIES and value.isprintable()}
