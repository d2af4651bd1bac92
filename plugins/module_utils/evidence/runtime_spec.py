# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what a running container was started with: the runtime's own specification, below its shim. I/O only."""

import json
import os
from typing import Any, Dict

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file, foreign_json
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

_LIMIT = 16 * 1024 * 1024


def seccomp(container: str, shim: int) -> str:
    """The seccomp filter as JSON, `{}` if there is none. Raises Unreadable. See specification."""
    try:
        return json.dumps(specification(container, shim)["linux"].get("seccomp") or {})
    except (LookupError, TypeError, AttributeError) as error:
        raise Unreadable(f"the container's specification: {error}")


def specification(container: str, shim: int) -> Dict[str, Any]:
    """config.json (opencontainers/runtime-spec: config.md). Raises Unreadable.

    shim: the parent of the container's first process; containerd starts it in the container's own directory.
    """
    try:
        directory = os.open(f"/proc/{int(shim)}/cwd", os.O_RDONLY | os.O_DIRECTORY)
        try:
            if os.path.basename(os.readlink(f"/proc/self/fd/{int(directory)}")) != container:
                raise Unreadable(f"process {int(shim)}, its first process's parent, is no shim of the container")
            data = bounded_file.read("config.json", _LIMIT, directory, os.O_NOFOLLOW)
        finally:
            os.close(directory)
        found = foreign_json.decode(data)
    except OSError as error:
        raise Unreadable(f"the container's specification: {error.strerror}")
    except ValueError as error:
        raise Unreadable(f"the container's specification: {error}")
    if not isinstance(found, dict) or not isinstance(found.get("linux"), dict):
        raise Unreadable("the container's specification has no part for Linux")
    return found
