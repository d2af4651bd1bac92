# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the SELinux labels of all containers at once, to tell which of them have the same categories. I/O only.

Looked at once for an audit, and only where the kernel has SELinux and a rule asks.
"""

from typing import Any, Dict, FrozenSet, List, Mapping, NamedTuple, Sequence, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError, container_path
from ansible_collections.containment.docker.plugins.module_utils.linux import processes

_NODES = 256  # containers that are asked for whom they joined, for one that shares its categories


class Peer(NamedTuple):
    """labels: of its processes now, none where it doesn't run; stored: what it was created with, asked only then."""

    id: str
    name: str
    labels: FrozenSet[str]
    stored: str


class Peers:
    """Every container of an engine, by id in `all`."""

    def __init__(self, engine: Any, containers: Sequence[Any], pids: Mapping[str, List[int]]) -> None:
        """Read the labels. containers: as evidence.container.listing; pids: as process_table.Census has them. Unreadable."""
        self._engine = engine
        self._modes: Dict[str, Tuple[str, ...]] = {}
        self.all: Dict[str, Peer] = {}
        for container in containers:
            labels = processes.labels(container.id, pids.get(container.id, []))
            stored = "" if labels else self._inspect(container.id).get("ProcessLabel") or ""
            self.all[container.id] = Peer(container.id, container.name, labels, stored)

    def together(self, one: str, others: Sequence[str]) -> FrozenSet[str]:
        """Find which of the containers have one label by design: they joined the pid or ipc namespace of one another.

        moby: daemon/create.go, generateSecurityOpt. Whom a container joined is asked only here, of the few that do
        share a label. Unreadable.
        """
        groups: Dict[str, str] = {}

        def head(node: str) -> str:
            while groups.setdefault(node, node) != node:
                node = groups[node]
            return node

        rest = [one] + list(others)
        known: Set[Any] = set()
        while rest and len(known) < _NODES:
            node = rest.pop()
            if node in known:
                continue
            known.add(node)
            for target in self._joined(node):
                groups[head(node)] = head(target)
                rest.append(target)
        return frozenset(other for other in others if head(other) == head(one))

    def _joined(self, node: str) -> Tuple[str, ...]:
        if node not in self.all:
            return ()  # removed since; its name alone still holds together who joined it
        if node not in self._modes:
            self._inspect(node)
        return self._modes[node]

    def _inspect(self, container_id: str) -> Dict[str, Any]:
        try:
            inspect = self._engine.get(container_path(container_id))
            config = inspect["HostConfig"]
            modes = [(config.get(key) or "").partition(":") for key in ("PidMode", "IpcMode")]
        except EngineError as error:
            if error.status != 404:
                raise Unreadable(f"the labels of all containers: {error}")
            inspect, modes = {}, []
        except (LookupError, TypeError, AttributeError) as error:
            raise Unreadable(f"container {container_id[:12]} has an inspect of an unexpected shape: {error}")
        self._modes[container_id] = tuple(self._id_of(name) for kind, _colon, name in modes if kind == "container")
        return inspect

    def _id_of(self, reference: str) -> str:
        """Find the id of a container by its id, its name or the beginning of its id, as the engine takes them."""
        if reference in self.all:
            return reference
        for peer in self.all.values():
            if reference in (peer.name, "/" + peer.name):
                return peer.id
        matches = [known for known in self.all if known.startswith(reference)] if len(reference) > 5 else []
        return matches[0] if len(matches) == 1 else reference
