# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The root filesystem of each container is read-only."""

from typing import List

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.linux.mount_table import root_mount
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import every


def _configured(evidence: Evidence) -> Verdict:
    read_only = evidence["inspect"]["HostConfig"].get("ReadonlyRootfs") or False
    return Verdict(read_only, f"ReadonlyRootfs is {str(read_only).lower()}")


def _kernel(evidence: Evidence) -> Verdict:
    root = root_mount(evidence["mounts"])
    # linux: fs/proc_namespace.c: first the mount's own options, then the filesystem's; either makes it read-only
    read_only = "ro" in root.options or "ro" in root.super_options.split(",")
    return Verdict(read_only, f"its root is mounted {'read-only' if read_only else 'read-write'}")


def _run(evidence: Evidence) -> List[RunChange]:
    return [] if _configured(evidence).ok else [RunChange("add", "ReadonlyRootfs", True)]


RULE = Rule(
    id="read-only-root",
    title="The root filesystem is read-only",
    severity="medium",
    weakness={"container": "its processes can change its own programs and configuration"},
    rationale=(
        "On a writable root whoever gets into a process can put a program beside those of the image, or in their place, "
        "and it is there after each restart of the container. On a read-only one only named volumes and temporary "
        "filesystems can be written, which hold data and are easy to watch."
    ),
    remediation=(
        "Recreate the container with `--read-only`, and give it a volume or `--tmpfs` for each directory that it has to "
        "write, as /tmp and /run."
    ),
    references={"CIS 1.6": ("5.13",), "CIS 1.8": ("5.13",), "NIST SP 800-190": ("4.4.4",)},
    reads=("container.incomplete", "container.inspect", "container.mounts", "container.views"),
    container={"configured": _configured, "kernel": every.of_namespaces(_kernel)},
    frozen="create",
    run=_run,
    judges_mounts=True,
)
