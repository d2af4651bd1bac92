# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A restart of dockerd: would it start again, for reasons that no setting has to do with? Pure.

Not a setting of dockerd: most settings take a restart, and what is in its way is in the way of each of them.
"""

from typing import Iterable

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.subject import bound_subject
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import CERTAIN, LIKELY, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting

NAME = "start"


def of_host(shared: Evidence) -> Iterable[Item]:
    """Say what is in the way of a restart of the daemon."""
    for problem in shared["start_problems"]:
        yield Item(
            NAME,
            problem.kind,
            bound_subject(f"daemon:{problem.subject}"),
            CERTAIN if problem.certain else LIKELY,
            f"a restart of dockerd would not bring it back as it is: {problem.message}"
            if problem.certain
            else problem.message,
            problem.remedy,
            {problem.kind: problem.subject},
        )


SETTING = Setting(NAME, of_host=of_host, is_in_force=lambda _shared: False)
