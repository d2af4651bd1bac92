# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each process in a container's place is that container's own."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.linux import attribution

_MOST_SHOWN = 5


def _kernel(evidence: Evidence) -> Verdict:
    survey = evidence["containers"]
    if survey.census is None:
        return Verdict(None, "the engine is on another machine, whose processes can't be seen here")
    disputed = survey.census.disputed
    if not disputed:
        count = sum(len(pids) for pids in survey.census.pids.values())
        return Verdict(True, f"each of {int(count)} processes of containers is its container's own")
    names = {container.id: container.name for container in survey.listed}
    sentences = [
        f"process {int(one.process.pid)} ({attribution.described(one.claims, names)})" for one in disputed[:_MOST_SHOWN]
    ]
    more = f" and {len(disputed) - _MOST_SHOWN} more" if len(disputed) > _MOST_SHOWN else ""
    return Verdict(False, f"{', '.join(sentences)}{more}")


RULE = Rule(
    id="unattributed-processes",
    title="Each process belongs to one container or to the host",
    severity="high",
    weakness={"host": "there are processes that belong neither to one container nor to the host"},
    rationale=(
        "A process in another container's control group, or one that entered a container's namespaces from outside, "
        "has rights that nobody gave to that container, and limits and accounting that are not its own. Whoever may start "
        "containers can choose a control group, and who can write control groups moves into any. Such a process is nobody's "
        "here: no other rule holds it against a container, and nothing acts on one because of it."
    ),
    remediation=(
        "Look at each process that is shown: end it if nobody needs it, and recreate the container whose ancestors it has, "
        "without `--cgroup-parent`, writable control groups and `--privileged`. Enter containers with `docker exec`, not "
        "with nsenter."
    ),
    references={"NIST SP 800-190": ("4.4.3", "4.4.4")},
    reads=("host.containers",),
    host={"kernel": _kernel},
)
