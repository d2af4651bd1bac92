# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads who on the host has ids of the ranges that containers would get: users that only NSS knows, processes, files. Reads only.

/etc/passwd and its like are compared elsewhere (transaction/user_mapping.py): a directory service need not list its users.
"""

import grp
import os
import pwd
from typing import Any, Callable, Dict, FrozenSet, Iterable, List, NamedTuple, Sequence, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.forecast.container_use import parse_identity
from ansible_collections.containment.docker.plugins.module_utils.forecast.host_files import Tree
from ansible_collections.containment.docker.plugins.module_utils.forecast.mapped_access import File, Mapping, is_mapped
from ansible_collections.containment.docker.plugins.module_utils.forecast.search_budget import Budget
from ansible_collections.containment.docker.plugins.module_utils.linux import domain_ids, places
from ansible_collections.containment.docker.plugins.module_utils.linux.subordinate_ids import Range

# Where files of a user stand, and how deep: what is below belongs to the same one. True: who has files there logs in, or is a
# machine with ids of its own.
PLACES = (
    ("/home", 2, True),
    ("/export/home", 2, True),
    ("/var/home", 2, True),
    ("/run/user", 1, True),
    ("/var/mail", 1, True),
    ("/var/spool/cron", 2, True),
    ("/var/spool/at", 1, True),
    ("/var/lib/machines", 1, True),
    ("/var/lib/lxc", 2, True),
    ("/var/lib", 1, False),
    ("/var/spool", 1, False),
    ("/opt", 1, False),
    ("/srv", 2, False),
    ("/", 1, False),
)
ENTRIES = 20000  # of one of these
NAMES = 20  # for how many ids NSS is asked: a directory service may let each wait
_STATUS_LIMIT, _FILE_LIMIT = 64 * 1024, 1 << 20
NSSWITCH, SSSD, SSSD_PARTS, SAMBA = "etc/nsswitch.conf", "etc/sssd/sssd.conf", "etc/sssd/conf.d", "etc/samba/smb.conf"


class OwnedFiles(NamedTuple):
    """Files below one of PLACES that belong to ids of the ranges. of_user: as in PLACES."""

    place: str
    of_user: bool
    files: Tuple[File, ...]


class HostProcess(NamedTuple):
    """A process of the host, no container's, that has an id of the ranges."""

    pid: int
    program: str
    uid: int
    gid: int


class HostIds(NamedTuple):
    """names: ("user" or "group", id, name) that NSS answers for; domains, systemd: ranges of theirs that overlap,
    each behind the containers' range; unknown: what could not be looked at, a sentence each.
    """

    names: Tuple[Tuple[str, int, str], ...] = ()
    processes: Tuple[HostProcess, ...] = ()
    files: Tuple[OwnedFiles, ...] = ()
    domains: Tuple[Tuple[Range, Range], ...] = ()
    systemd: Tuple[Tuple[Range, Range], ...] = ()
    unknown: Tuple[str, ...] = ()


def read(
    mapping: Mapping,
    of_containers: FrozenSet[int],
    data_root: str,
    slow: FrozenSet[str],
    budget: Budget,
    root: str = "/",
) -> HostIds:
    """Look at the places, the processes and the configuration. of_containers: pids of processes that are the engine's.

    data_root: the engine's, whose files have these ids where it was remapped once. slow: points that are not entered.
    """
    unknown: List[str] = []
    files = _files(mapping, data_root, slow, budget, root, unknown)
    processes = _processes(mapping, of_containers)
    users = {file.uid for owned in files for file in owned.files} | {process.uid for process in processes}
    groups = {file.gid for owned in files for file in owned.files} | {process.gid for process in processes}
    names = _names("user", users, mapping.uids, lambda number: pwd.getpwuid(number).pw_name, unknown)
    names += _names("group", groups, mapping.gids, lambda number: grp.getgrgid(number).gr_name, unknown)
    own = sorted(set(mapping.uids + mapping.gids))
    domains = read_domains(root)
    unknown += domains.unknown
    return HostIds(
        tuple(names),
        tuple(processes),
        tuple(files),
        tuple(domain_ids.overlapping(own, domains.ranges)),
        tuple(domain_ids.overlapping(own, _of_systemd(root))),
        tuple(unknown),
    )


def _files(
    mapping: Mapping, data_root: str, slow: FrozenSet[str], budget: Budget, root: str, unknown: List[str]
) -> List[OwnedFiles]:
    owners: List[OwnedFiles] = []
    visited: Set[Any] = set()
    for path, depth, of_user in PLACES:
        path = os.path.join(root, path.lstrip("/"))
        try:
            place = places.look(path, slow)
        except places.NotLooked as reason:
            unknown.append(f"who has files in {path}: {reason}")
            continue
        if place.kind != "dir" or place.identity in visited:
            continue
        visited.add(place.identity)
        tree = Tree(place.path, slow, budget, depth, ENTRIES, points=True)
        owned = [
            file for file in tree.files() if _has(file.uid, file.gid, mapping) and not _is_of(file.path, data_root)
        ]
        if owned:
            owners.append(OwnedFiles(path, of_user, tuple(owned)))
        if tree.incomplete and not tree.deeper:
            unknown.append(f"who has files in {path}: {tree.incomplete}")
    return owners


def _has(uid: int, gid: int, mapping: Mapping) -> bool:
    return is_mapped(uid, mapping.uids) or is_mapped(gid, mapping.gids)


def _is_of(path: str, data_root: str) -> bool:
    """Whether a path is in the data root, or on the way to it."""
    return bool(data_root) and ((data_root + "/").startswith(path + "/") or path.startswith(data_root + "/"))


def _processes(mapping: Mapping, of_containers: FrozenSet[int]) -> List[HostProcess]:
    processes: List[HostProcess] = []
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) in of_containers:
            continue
        try:
            identity = parse_identity(bounded_file.read(f"/proc/{int(name)}/status", _STATUS_LIMIT))
        except (OSError, ValueError):
            continue  # it has ended
        if _has(identity.uid, identity.gid, mapping):
            processes.append(HostProcess(int(name), identity.program, identity.uid, identity.gid))
    return sorted(processes)


def _names(
    kind: str, ids: Iterable[int], ranges: Sequence[Range], name_of: Callable[[int], str], unknown: List[str]
) -> List[Tuple[str, int, str]]:
    numbers = sorted(number for number in set(ids) if is_mapped(number, ranges))
    if len(numbers) > NAMES:
        unknown.append(
            f"{len(numbers)} {kind} ids of the range are in use, and the name service was asked for {NAMES} of them"
        )
    names: List[Tuple[str, int, str]] = []
    for number in numbers[:NAMES]:
        try:
            names.append((kind, number, name_of(number)))
        except (KeyError, OSError):
            continue  # nobody answers for it
    return names


def read_domains(root: str = "/") -> domain_ids.DomainIds:
    """Read which ids the domains that NSS asks may give."""
    try:
        sources = domain_ids.parse_sources(_text(root, NSSWITCH))
    except (OSError, ValueError) as error:
        return domain_ids.DomainIds((), () if isinstance(error, FileNotFoundError) else (_reason(NSSWITCH, error),))
    readers: Dict[str, Callable[[str], domain_ids.DomainIds]] = {"sss": _sssd, "winbind": _winbind}
    ranges: List[Range] = []
    unknown: List[str] = []
    for source in sorted(sources & {"ldap", "nis", "nisplus", *readers}):
        if source not in readers:
            unknown.append(f"{source} answers for users, and no configuration bounds their ids")
            continue
        read_ids = readers[source](root)
        ranges += read_ids.ranges
        unknown += read_ids.unknown
    return domain_ids.DomainIds(tuple(ranges), tuple(unknown))


def _sssd(root: str) -> domain_ids.DomainIds:
    try:
        texts = [_text(root, SSSD)]
        parts = os.path.join(root, SSSD_PARTS)
        names = sorted(os.listdir(parts)) if os.path.isdir(parts) else []
        texts += [_text(parts, name) for name in names if name.endswith(".conf") and not name.startswith(".")]
        return domain_ids.of_sssd(texts)
    except FileNotFoundError:
        return domain_ids.DomainIds(())  # it is not set up
    except (OSError, ValueError) as error:
        return domain_ids.DomainIds((), (_reason(SSSD, error),))


def _winbind(root: str) -> domain_ids.DomainIds:
    try:
        return domain_ids.of_winbind(_text(root, SAMBA))
    except FileNotFoundError:
        return domain_ids.DomainIds(())
    except (OSError, ValueError) as error:
        return domain_ids.DomainIds((), (_reason(SAMBA, error),))


def _of_systemd(root: str) -> List[Range]:
    dynamic = os.path.isdir(os.path.join(root, "run/systemd/system"))
    nspawn = os.path.exists(os.path.join(root, "usr/bin/systemd-nspawn"))
    return [*([domain_ids.DYNAMIC] if dynamic else []), *([domain_ids.NSPAWN] if nspawn else [])]


def _text(root: str, path: str) -> str:
    return bounded_file.read(os.path.join(root, path), _FILE_LIMIT).decode("utf-8", "replace")


def _reason(path: str, error: Exception) -> str:
    return inert(f"the ids of /{path}: {getattr(error, 'strerror', None) or error}", 300)
