# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each remedy for a container has in common. Pure.

The evidence of a container that is remedied has `inspect` and `info`; while it runs `usage` (bytes of memory,
processes), and where its kernel is this one `limits`.
"""

import re
import shlex
from typing import Any, Callable, Dict, List, Mapping, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine

_SIMPLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\Z")
Values = Dict[str, Any]


class Refused(Exception):
    """Nothing is done to this container; the text is the reason."""


class Plan(NamedTuple):
    """after: what the values would be; undo: the commands that bring back what was before; notes: what to know."""

    after: Values
    undo: List[str]
    notes: List[str]


class Remedy(NamedTuple):
    """One way to remedy a container.

    state: the values that it is about, as they are now. plan: what it would do; raises Refused. act: does it, given
    the state before and after; raises EngineError, Refused. back: undoes what act left half done.
    wanted: what the step asks for.
    """

    state: Callable[[Evidence, Mapping[str, Any]], Values]
    plan: Callable[[Evidence, Mapping[str, Any]], Plan]
    act: Callable[[Engine, Evidence, Values, Values], None]
    back: Callable[[Engine, Evidence, Values, Values], None]


def nothing_to_undo(_engine: Engine, _evidence: Evidence, _before: Values, _after: Values) -> None:
    """The back of a remedy that leaves nothing half done."""


def command(evidence: Evidence, *words: str) -> str:
    """A docker command about this container, quoted for a shell."""
    return " ".join(["docker"] + [shlex.quote(word) for word in words] + [called(evidence["inspect"])])


def called(inspect: Mapping[str, Any]) -> str:
    """The container's name where it is one that dockerd takes, otherwise its id."""
    return simple(container_name.inspected(inspect), inspect["Id"])


def simple(name: str, otherwise: str) -> str:
    """The name if it has only characters that no shell, terminal or log takes for anything else."""
    return name if _SIMPLE.match(name) and len(name) < 256 else otherwise


def running(inspect: Mapping[str, Any]) -> bool:
    """Whether it has processes, or is about to have some again."""
    return bool(inspect["State"]["Running"] or inspect["State"]["Restarting"])


def restart_policy(inspect: Mapping[str, Any]) -> str:
    """As `docker run --restart` takes it."""
    policy = inspect["HostConfig"].get("RestartPolicy") or {}
    name, tries = policy.get("Name") or "no", policy.get("MaximumRetryCount")
    return f"{name}:{int(tries)}" if tries else name


def restart_body(text: str) -> Values:
    """The body of an update that sets a restart policy."""
    name, _colon, tries = text.partition(":")
    return {"RestartPolicy": {"Name": name, "MaximumRetryCount": int(tries or 0)}}
