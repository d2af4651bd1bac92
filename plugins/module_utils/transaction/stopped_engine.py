# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data of an engine that is stopped, as the names in its data root tell. Reads only names."""

import glob
import os
import re
from typing import List

from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host

_CONTAINER_ID = re.compile(r"[0-9a-f]{64}\Z")
_REMAPPED = re.compile(r"\d+\.\d+\Z")
_DATA = (
    "containers/*",
    "volumes/*/_data",
    "image/*/imagedb/content/sha256/*",
    "containerd/daemon/*/*/*/snapshots/*",
)


def holds_data(root: str) -> bool:
    """Whether the data root has containers, images or volumes."""
    return any(glob.glob(os.path.join(glob.escape(top), pattern)) for top in _roots(root) for pattern in _DATA)


def alive_in(host: Host, root: str) -> int:
    """How many containers of the data root run on, as live-restore leaves them, by their processes."""
    names = [os.path.basename(path) for top in _roots(root) for path in glob.glob(glob.escape(top) + "/containers/*")]
    known = frozenset(name for name in names if _CONTAINER_ID.match(name))
    return len(host.container_processes(known)) if known else 0


def _roots(root: str) -> List[str]:
    """The data root, and those that a remapped daemon has below it."""
    return [root] + [path for path in glob.glob(glob.escape(root) + "/*") if _REMAPPED.match(os.path.basename(path))]
