# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask the engine how much disk its images, containers and volumes use.

moby: api/types/system/disk_usage.go; from API 1.52 on ImageUsage and its like take the place of the older lists. The engine
walks volumes and layers for the answer, so it may take long: who asks says how long.
"""

import contextlib
from typing import Any, Callable, Mapping, NamedTuple, Optional, Tuple, Type

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError

_PATH = "/system/df?type=image&type=container&type=volume"  # engines before 23.0 answer with everything
# What an answer of another shape, or with numbers that are none, raises.
UNUSABLE: Tuple[Type[Exception], ...] = (LookupError, TypeError, ValueError, AttributeError, OverflowError)


class DiskUsage(NamedTuple):
    """Bytes, each None where the engine does not say it.

    images: layers that several images share counted once; writable: the containers' own layers; volumes: of the driver
    local, as the engine knows no other's size.
    """

    images: Optional[int]
    writable: Optional[int]
    volumes: Optional[int]


def read(engine: Engine, seconds: float) -> DiskUsage:
    """Ask over a connection of its own, for that many seconds or until the engine's deadline. Raise EngineError."""
    with contextlib.closing(Engine(engine.text, min(seconds, engine.remaining_seconds()))) as own:
        answer = own.get(_PATH)
    try:
        return parse(answer)
    except UNUSABLE as error:
        raise EngineError(f"GET {_PATH}: {error!r}")


def parse(answer: Mapping[str, Any]) -> DiskUsage:
    """Take the sums out of an answer of any engine. Raise one of UNUSABLE."""
    return DiskUsage(
        _total(answer, "ImageUsage", "LayersSize", int),
        _total(answer, "ContainerUsage", "Containers", _sum_of(lambda item: item.get("SizeRw"))),
        _total(answer, "VolumeUsage", "Volumes", _sum_of(lambda item: (item.get("UsageData") or {}).get("Size"))),
    )


def _total(answer: Mapping[str, Any], key: str, older: str, read_older: Callable[[Any], int]) -> Optional[int]:
    usage = answer.get(key)
    if usage is not None:
        return max(0, int(usage.get("TotalSize") or 0))  # left out where it is 0
    return max(0, read_older(answer[older] or 0)) if older in answer else None


def _sum_of(size_of: Callable[[Any], Any]) -> Callable[[Any], int]:
    return lambda items: sum(max(0, int(size_of(item) or 0)) for item in items or ())
