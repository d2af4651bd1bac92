# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which container a process belongs to, so that no container can choose it. Pure.

Three kinds of evidence, of which only the first can't be chosen by a container or by who starts one:

ancestors: each process of a container descends from its shim, the engine's process that starts whatever runs in it, exec
included. What loses its parent is adopted by the first process of its pid namespace, or by the shim. So where containers
share a pid namespace, one's process may come to descend from the other's shim: then the ancestors name both.
control group: `--cgroup-parent /docker/<another's id>` is anyone's who may start a container, and a container that can
write control groups moves its processes, or makes a group with another's id.
namespaces: who is root enough enters another's; a tool of the host's root does so as well.

A process is the container's that its ancestors name, unless its control group names only others. What is claimed by
control group or namespaces alone, or by evidence that disagrees, is nobody's: it is reported, and nothing acts on it.
"""

from typing import AbstractSet, Dict, FrozenSet, Mapping, NamedTuple, Optional, Tuple

HOST, DISPUTED = "", "?"


class Process(NamedTuple):
    """A process of the host. start: in clock ticks after boot. cgroup: the known containers it names, outermost first.

    living: the id of a thread that goes on, usually the first one's; 0 where all have ended, and only its parent has not
    taken note.
    """

    pid: int
    parent: int
    start: int
    name: str
    cgroup: Tuple[str, ...]
    living: int


class Claims(NamedTuple):
    """The ids of the containers that each kind of evidence names."""

    ancestors: FrozenSet[str]
    cgroup: Tuple[str, ...]
    namespaces: FrozenSet[str]


def ancestors(
    pid: int, table: Mapping[int, Process], shims: Mapping[int, str], shared: Mapping[int, AbstractSet[str]]
) -> FrozenSet[str]:
    """The containers whose process this may be by descent; empty for one of the host.

    shims: pid -> the container that it serves. shared: child of a shim -> all containers that have its pid namespace, as
    that may have adopted the process.
    """
    for generation in range(len(table)):
        process = table.get(pid)
        if process is None:
            break
        if process.parent in shims:
            return frozenset((shims[process.parent],)).union(shared.get(pid, ()) if generation else ())
        pid = process.parent
    return frozenset()


def owner(claims: Claims, served: AbstractSet[str]) -> str:
    """The container's id, HOST or DISPUTED. served: the containers whose shim is known.

    One without a shim that is known (of a foreign runtime) can go by the control group only, if that names no other.
    """
    if len(claims.ancestors) == 1:
        (only,) = claims.ancestors
        return only if not claims.cgroup or only in claims.cgroup else DISPUTED
    if claims.ancestors:  # containers that share a pid namespace: the other two must agree
        owners = claims.ancestors.intersection(claims.cgroup).intersection(claims.namespaces)
        return next(iter(owners)) if len(owners) == 1 == len(claims.namespaces) else DISPUTED
    if not claims.cgroup and not claims.namespaces:
        return HOST
    if len(claims.cgroup) == 1 and claims.cgroup[0] not in served and claims.namespaces <= set(claims.cgroup):
        return claims.cgroup[0]
    return DISPUTED


def namespace_owners(links: Mapping[str, AbstractSet[str]]) -> Dict[str, FrozenSet[str]]:
    """Container -> its namespaces turned round: namespace -> the containers that have it."""
    owners: Dict[str, FrozenSet[str]] = {}
    for container, names in links.items():
        for name in names:
            owners[name] = owners.get(name, frozenset()).union((container,))
    return owners


def claimed_by_namespaces(
    pid_namespace: Optional[str], mount_namespace: Optional[str], owners: Mapping[str, AbstractSet[str]]
) -> FrozenSet[str]:
    """The containers that both of a process's namespaces name; where only one of them names any, those."""
    by = [frozenset(owners[name]) for name in (pid_namespace, mount_namespace) if name is not None and name in owners]
    if len(by) == 2:
        return by[0].intersection(by[1]) or by[0].union(by[1])
    return by[0] if by else frozenset()


def described(claims: Claims, names: Mapping[str, str]) -> str:
    """The claims in words. names: id -> name."""
    parts = []
    for kind, identities in zip(("ancestors", "control group", "namespaces"), claims):
        owners = ", ".join(sorted(names.get(identity, identity[:12]) for identity in identities)) or "no container's"
        parts.append(f"{kind}: {owners}")
    return "; ".join(parts)
