# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container makes on the host's directories is not writable by everybody.

HostConfig.Umask is from engine 29.8 on (API 1.56); without it runc gives the first process 0022. A process may set another at any
time, many set 0 and give each file its mode, so that the kernel's umask of a process says nothing.
"""

from typing import List

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Meaningless
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import mounts as container_mounts

KEY = "Umask"
_OTHERS_WRITE, _MOST, _USUAL = 0o002, 0o777, 0o022


def _configured(evidence: Evidence) -> Verdict:
    mask = evidence["inspect"]["HostConfig"].get(KEY)
    if mask is None:
        return Verdict(True, "Umask is not set, and the runtime begins with 0022")
    if not 0 <= mask <= _MOST:
        raise Meaningless(f"Umask is {mask}, which dockerd does not take")
    if mask & _OTHERS_WRITE:
        return Verdict(True, f"Umask is {mask:04o}")
    sources = sorted({mount.source for mount in container_mounts.requested(evidence) if not mount.read_only})
    if not sources:
        return Verdict(True, f"Umask is {mask:04o}, and it has no writable mount of the host")
    return Verdict(
        False, f"Umask is {mask:04o}, and it may write {', '.join(inert(source, 100) for source in sources[:5])}"
    )


def _run(_evidence: Evidence) -> List[RunChange]:
    return [RunChange("add", KEY, _USUAL)]


RULE = Rule(
    id="file-creation-mask",
    title="What a container makes on the host is not writable by everybody",
    severity="low",
    weakness={"container": "every user of the host may write what it makes on its mounts"},
    rationale=(
        "A umask without the bit of others lets each file and directory that a process makes with the usual modes be "
        "written by every user of the host, and by every other container that mounts the same directory: they can put "
        "their own content into what this container, or a service of the host, reads later."
    ),
    remediation=(
        "Recreate the container without `--umask`, or with `--umask=0022`, which lets nobody but the owner write; where a "
        "group has to write, `--umask=0002` with a group of their own (`--group-add`)."
    ),
    references={"NIST SP 800-190": ("4.4.3",)},
    reads=("container.inspect", "daemon.volumes"),
    container={"configured": _configured},
    frozen="create",
    run=_run,
)
