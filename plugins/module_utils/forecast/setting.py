# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a setting of the forecast is, and how it is asked. Pure.

A setting is one file of forecast/settings/ with pure functions of the evidence that an audit judges
(judge/evidence_keys.py), to which forecast/collect.py adds the keys of ADDED. Evidence that can't be read raises Unreadable: then
that is an obstacle of the result, and never means that nothing breaks.
"""

from typing import Any, Callable, Iterable, List, Mapping, NamedTuple, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import Item
from ansible_collections.containment.docker.plugins.module_utils.judge import rule

# Keys of the evidence that only the forecast has.
ADDED = {
    "wanted": "{name of a setting: the value that it shall have}",
    "privileged_files": "of a container: container_files.ContainerFiles, its setuid files and what names them",
    "connections": "of a container that runs: [socket_tables.Connection] that it has begun",
    "start_problems": "[start_conditions.StartProblem] in the way of the next start",
    "search": "search_budget.Budget, which all searches of files share",
    "slow_points": "frozenset of the points of filesystems that may keep one who looks waiting",
    "file_at": "path -> mapped_access.File of what stands there, None where nothing does; raises Unreadable",
    "tree_at": "path without links -> host_files.Tree below it",
    "remapping": "id_mapping.Remapping of the wanted userns-remap",
    "container_pids": "frozenset of the ids of the processes that are containers', as an audit tells them apart",
    "host_ids": "host_ids.HostIds: who else has ids of the ranges of remapping",
    "stock": "stock.Stock of the engine",
    "kernel_mounts": "[report of a container], as kernel_filesystems returns it in check mode",
    "selinux_mounts": "[what the policy says of a container's mounts], selinux_report/forecast.forecast_container",
    "selinux_report": "what SELinux does on the host, selinux_report/report.read_host",
    "usage": "of a container that runs: {memory, pids: control_groups.Usage}",
    "log_bytes": "how long the container's log is, of the driver json-file",
    "host_addresses": "frozenset of the host's own IPv4 addresses, as text",
    "use": "of a container that runs: container_use.Use of its processes",
}


def _nothing(*_arguments: Any) -> Iterable[Item]:
    return ()


class Setting(NamedTuple):
    """One setting, and what it breaks.

    name: the key of daemon.json, or `start`, `kernel-filesystems`, `selinux`, `memory-limit`, `pids-limit`.
    of_host: takes the shared evidence ("host" and "daemon" in it).
    of_container: takes a container's name and its evidence; that can be read only while the function runs.
    note: takes the same, and returns the little of it that `of_all` needs, or None.
    of_all: takes the shared evidence and the notes, [(name, note)], once all containers were looked at.
    is_in_force: takes the shared evidence; whether the setting holds already, so that nothing changes.
    """

    name: str
    of_host: Callable[[Evidence], Iterable[Item]] = _nothing
    of_container: Callable[[str, Evidence], Iterable[Item]] = _nothing
    note: Callable[[str, Evidence], Any] = _nothing
    of_all: Callable[[Evidence, Sequence[Tuple[str, Any]]], Iterable[Item]] = _nothing
    is_in_force: Callable[[Evidence], bool] = lambda _evidence: False


class Obstacle(NamedTuple):
    """What could not be looked at: of this subject nobody can say that the setting breaks nothing."""

    setting: str
    subject: str
    reason: str


def ask(
    setting: str, subject: str, function: Callable[..., Iterable[Item]], *arguments: Any
) -> Tuple[List[Item], List[Obstacle]]:
    """Ask one function of a setting. What it found before it met what can't be read counts."""
    items: List[Item] = []
    try:
        for item in function(*arguments):
            items.append(item)
    except Absent as key:
        return items, [Obstacle(setting, subject, f"there is no evidence of {inert(key, 80)}")]
    except Unreadable as reason:
        return items, [Obstacle(setting, subject, inert(reason))]
    except rule.MISTAKES as error:
        mistake = f"{type(error).__name__}: {error}"
        text = f"the evidence could not be judged ({mistake}): please report this mistake of ours"
        return items, [Obstacle(setting, subject, inert(text))]
    return items, []


def obstacle_to_json(obstacle: Obstacle) -> Mapping[str, str]:
    """Turn it into plain data."""
    return dict(obstacle._asdict())
