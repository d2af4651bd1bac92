# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images: which ones come along, and the engine's own save and load between two engines."""

from typing import Any, Callable, Dict, Iterable, List, Mapping, NamedTuple, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError, quote

_NO_TAG = "<none>:<none>"


class Image(NamedTuple):
    """tags: as name:tag; digests: name@sha256:…, which only a registry gives again; size: bytes, layers that others share too."""

    id: str
    tags: Tuple[str, ...]
    digests: Tuple[str, ...]
    size: int


def listed(answer: Iterable[Mapping[str, Any]]) -> List[Image]:
    """The images in GET /images/json."""
    return [
        Image(
            item["Id"],
            tuple(tag for tag in item.get("RepoTags") or () if tag != _NO_TAG),
            tuple(name for name in item.get("RepoDigests") or () if not name.startswith("<none>")),
            item.get("Size") or 0,
        )
        for item in answer
    ]


def wanted(images: Sequence[Image], containers: Sequence[Mapping[str, Any]], everything: bool) -> List[Image]:
    """Those that come along. containers: inspects."""
    used = {inspect["Image"] for inspect in containers}
    return [image for image in images if everything or image.id in used]


def from_registries(images: Sequence[Image]) -> List[Image]:
    """Those that a registry has given."""
    return [image for image in images if image.digests]


def copy(
    old: Engine, new: Engine, images: Sequence[Image], watch: Callable[[Iterable[bytes]], Iterable[bytes]] = iter
) -> None:
    """Hand images over, all in one archive, so that shared layers are read once. watch: sees its pieces. Raises EngineError."""
    if not images:
        return
    names = [name for image in images for name in image.tags or (image.id,)]
    path = "/images/get?" + "&".join("names=" + quote(name) for name in names)
    for line in new.upload_pieces("/images/load?quiet=1", watch(old.download(path))):
        if isinstance(line, dict) and line.get("error"):
            raise EngineError(f"an image could not be loaded: {line['error']}")


def identify(old: Engine, new: Engine, images: Sequence[Image]) -> Dict[str, str]:
    """Old id -> id in the new engine. An image store of another kind names the same image by another id.

    Raises EngineError for an image that did not arrive.
    """
    result: Dict[str, str] = {}
    contents: Dict[Any, str] = {}
    present = {item["Id"] for item in new.get("/images/json?all=1")}
    if any(image.id not in present for image in images):
        contents = {_content(new, image_id): image_id for image_id in present}
    for image in images:
        identity = image.id if image.id in present else contents.get(_content(old, image.id))
        if identity is None:
            raise EngineError(f"the image {(image.tags or (image.id,))[0]} did not arrive in the new data root")
        result[image.id] = identity
    return result


def _content(engine: Engine, image_id: str) -> Tuple[Any, ...]:
    inspect = engine.get(f"/images/{quote(image_id)}/json")
    config = inspect.get("Config") or {}
    return (
        tuple((inspect.get("RootFS") or {}).get("Layers") or ()),
        inspect.get("Created"),
        repr(config.get("Cmd")),
        repr(config.get("Entrypoint")),
        repr(sorted((config.get("Labels") or {}).items())),
    )


def reference(inspect: Mapping[str, Any], images: Sequence[Image], new_ids: Mapping[str, str]) -> str:
    """How a create request names a container's image: by the name that the container has, where that still is this image."""
    name = inspect["Config"].get("Image") or ""
    for image in images:
        if image.id == inspect["Image"] and (name in image.tags or f"{name}:latest" in image.tags):
            return name
    return new_ids[inspect["Image"]]
