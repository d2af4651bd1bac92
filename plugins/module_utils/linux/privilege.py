# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why this process may not look at another one."""

import os

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.linux import procfs

_NEEDED = "SYS_PTRACE"  # linux: kernel/ptrace.c, __ptrace_may_access, asked for most files of /proc/<pid>


def lacking() -> str:
    """End a sentence about a file of /proc that was refused: what the reader lacks."""
    if os.geteuid() != 0:
        return "only root may see this"
    try:
        effective = procfs.parse_status(bounded_file.read("/proc/self/status", 65536)).effective
    except (OSError, ValueError):
        return "root may not see this here"
    if _NEEDED not in effective:
        return f"root lacks the capability CAP_{_NEEDED} here"
    return "root may not see this here: a security module or another user namespace is in the way"
