# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The containers that run, and those of them that someone names."""

from typing import List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine


class Listed(NamedTuple):
    """A container that runs. image: the name that it was started with; image_id: sha256:…"""

    id: str
    name: str
    image: str
    image_id: str


def running(engine: Engine) -> List[Listed]:
    """The containers that run, paused ones too. Raises EngineError."""
    containers = []
    for item in engine.each("/containers/json"):
        name = container_name.listed(item)
        containers.append(Listed(item["Id"], name, str(item.get("Image")), str(item.get("ImageID"))))
    return containers


def all_names(engine: Engine) -> List[str]:
    """The names and ids of all containers, those that don't run too. Raises EngineError."""
    names = []
    for item in engine.each("/containers/json?all=1"):
        names += [item["Id"]] + [name.rpartition("/")[2] for name in item.get("Names") or ()]
    return names


def select(
    listed: Sequence[Listed], containers: Optional[Sequence[str]], images: Optional[Sequence[str]]
) -> Tuple[List[Listed], List[str]]:
    """Those of these names, ids (12 digits at least) or images (all if both are None), and the names of none.

    An image counts by the name that the container was started with (`:latest` may be left out), or by its id.
    """
    if containers is None and images is None:
        return list(listed), []
    containers, images = containers or (), images or ()
    taken = [c for c in listed if any(_is(c, name) for name in containers) or any(_of(c, image) for image in images)]
    return taken, [name for name in containers if not any(_is(c, name) for c in listed)]


def _is(container: Listed, name: str) -> bool:
    return name in (container.name, container.id) or (len(name) >= 12 and container.id.startswith(name))


def _of(container: Listed, image: str) -> bool:
    if container.image in (image, image + ":latest") or image == container.image_id:
        return True
    return len(image) >= 12 and container.image_id.startswith("sha256:" + image)
