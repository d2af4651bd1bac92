# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run at a time on a host: whatever changes daemon.json or brings it into force holds this lock. I/O."""

import contextlib
import os
from typing import Iterator, Optional

from ansible_collections.containment.docker.plugins.module_utils.common import file_lock
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError

LOCK = "/run/containment.docker.lock"


@contextlib.contextmanager
def lock(path: str, wait: float, lock_path: Optional[str] = None) -> Iterator[None]:
    """Keep other runs out, waiting at most so many seconds for one that works. path: the daemon.json to be changed.

    Root locks a file in /run that nobody else can open: an unprivileged user must not be able to hold it. Others lock the
    directory of their file. Raises ConfigError.
    """
    by_file = os.geteuid() == 0 and os.path.isdir("/run")
    name = (lock_path or LOCK) if by_file else _existing_directory(path)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(file_lock.exclusive(name, wait))
        except file_lock.Locked as reason:
            raise ConfigError(str(reason))
        except OSError as error:
            raise ConfigError(f"the lock {name} cannot be taken: {error.strerror}")
        yield


def _existing_directory(path: str) -> str:
    directory = os.path.dirname(os.path.realpath(path))
    while not os.path.isdir(directory):
        directory = os.path.dirname(directory)
    return directory
