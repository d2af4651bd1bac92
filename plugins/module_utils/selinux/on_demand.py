# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Load what an audit needs of SELinux when it is first asked for, in this one place.

Most hosts have no SELinux, and whatever a module imports is compiled anew on its target in each run: 1 to 2 ms a file.
"""

from typing import Any


def load() -> Any:
    """Return the module `parts`, whose attributes are the modules of this package."""
    from ansible_collections.containment.docker.plugins.module_utils.selinux import parts

    return parts
