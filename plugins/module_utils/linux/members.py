# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the processes of one container are and see, thread by thread. I/O only."""

from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux import procfs, tasks

# Of one container: its threads, and the sets of namespaces that they have beside the first process's.
THREAD_LIMIT = 32768
VIEW_LIMIT = 32
_READ_LIMIT = 16 * 1024 * 1024


class Process(NamedTuple):
    """One process of a container, or a thread of one that differs from the others in what rules judge.

    label: its security context (SELinux or AppArmor), None without an LSM.
    user_namespace: as `user:[4026531837]`, None where only root may see it.
    thread: the thread's id; 0 stands for the first one.
    """

    pid: int
    status: procfs.Status
    label: Optional[str]
    user_namespace: Optional[str] = None
    thread: int = 0


class View(NamedTuple):
    """What a thread sees that has namespaces other than the container's first process. mounts: its mountinfo.

    pid: the thread's id. uid_map: of its user namespace. mounts and uid_map may be Unreadable.
    """

    pid: int
    namespaces: Dict[str, str]
    mounts: Any
    uid_map: Any


class Members:
    """Collects the processes of a container.

    processes: the first thread of each, and those of its threads that differ from it. views: of the threads that have
    namespaces other than the first process's, one for each set. incomplete: what was not looked at, "" if nothing.
    """

    def __init__(self, namespaces: Dict[str, str], mounts: Any, uid_map: Any) -> None:
        """Of the container's first process."""
        self.processes: List[Process] = []
        self.views: List[View] = []
        self.incomplete = ""
        self._threads_left = THREAD_LIMIT
        self._known: Any = None
        self._mounts = {namespaces.get("mnt"): mounts}
        self._uid_maps = {namespaces.get("user"): uid_map}

    def add(
        self,
        pid: int,
        directory: int,
        first: bool = False,
        links: Optional[Mapping[int, Dict[str, str]]] = None,
        alone: bool = False,
    ) -> None:
        """Add the process whose /proc/<pid> is open as directory. Raise OSError.

        first: the container's own. links: thread -> its namespaces, where they were read just now. alone: whether its stat
        says that it has one thread.
        """
        threads, looked_at = tasks.distinct(pid, directory, self._threads_left, links, alone)
        if looked_at > self._threads_left:
            self.incomplete = f"more than {int(THREAD_LIMIT)} threads; not all were looked at"
        self._threads_left = max(0, self._threads_left - looked_at)
        if first and not threads:
            raise FileNotFoundError(2, "it has ended")
        for thread in threads:
            user_namespace = thread.links.get("user")
            name = 0 if thread.id == pid else thread.id
            self.processes.append(Process(pid, thread.status, thread.label, user_namespace, name))
            key = tuple(sorted(thread.links.items()))
            if self._known is None:
                self._known = {key}
            elif key and key not in self._known:
                self._known.add(key)
                self._view(thread, directory)

    def _view(self, thread: tasks.Thread, directory: int) -> None:
        if len(self.views) >= VIEW_LIMIT:
            self.incomplete = f"more than {int(VIEW_LIMIT)} sets of namespaces; not all were looked at"
            return
        mnt, user = thread.links["mnt"], thread.links["user"]
        if mnt not in self._mounts:
            self._mounts[mnt] = _read(thread.id, directory, "mountinfo", procfs.parse_mountinfo)
        if user not in self._uid_maps:
            self._uid_maps[user] = _read(thread.id, directory, "uid_map", procfs.parse_id_map)
        self.views.append(View(thread.id, thread.links, self._mounts[mnt], self._uid_maps[user]))


def _read(thread: int, directory: int, name: str, parse: Callable[[bytes], Any]) -> Any:
    try:
        return parse(bounded_file.read(f"task/{int(thread)}/{name}", _READ_LIMIT, directory))
    except OSError as error:
        return Unreadable(f"process {int(thread)}: {name}: {error.strerror}")
    except ValueError as error:
        return Unreadable(f"process {int(thread)}: {error}")
