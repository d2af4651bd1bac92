# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule unattributed-processes."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.evidence.container import Survey
from ansible_collections.containment.docker.plugins.module_utils.linux.attribution import Claims, Process
from ansible_collections.containment.docker.plugins.module_utils.linux.process_table import Census, Disputed

from ..subjects import WEB, Case

_MOVED = Disputed(Process(77, 1, 5, "x", ("b" * 64,), 77), Claims(frozenset((WEB.id,)), ("b" * 64,), frozenset()))
CASES = (
    Case("host", "pass", "all are their containers'"),
    Case(
        "host",
        "fail",
        "one that moved to another's control group",
        {"containers": Survey([WEB], Census({WEB.id: [4242]}, {}, [_MOVED]))},
        "process 77 (ancestors: web; control group: bbbbbbbbbbbb; namespaces: no container's)",
    ),
    Case(
        "host",
        "fail",
        "more than are shown",
        {"containers": Survey([WEB], Census({}, {}, [_MOVED] * 9))},
        "and 4 more",
    ),
    Case("host", "unknown", "no engine answers", {"containers": Unreadable("it is stopped")}, "it is stopped"),
    Case("host", "unknown", "an engine of another machine", {"containers": Survey([WEB], None)}, "another machine"),
)
