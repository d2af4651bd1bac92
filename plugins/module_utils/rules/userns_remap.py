# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Root in a container is an ordinary user of the host."""

import re
from typing import List, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.dockerd import engine_place
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.linux import subordinate_ids
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import runtime_doubt

KEY = "userns-remap"
# dockerd names the data root by the first ids of the mapping; name=userns is shown where one of the two is not 0
_ROOT_KEPT = re.compile(r"/0\.\d+\Z")


def _daemon_configured(evidence: Evidence) -> Verdict:
    value = evidence["configured"].get(KEY) or ""
    if subordinate_ids.turns_off(value):
        return Verdict(False, f"{KEY} is {inert(value)}, and root remapped to itself is no remapping")
    return Verdict(value != "", f"{KEY} is {value or 'not set'} in the configuration of the next start")


def _daemon_effective(evidence: Evidence) -> Verdict:
    info = evidence["info"]
    if engine_info.remaps(info) and _ROOT_KEPT.search(info.get("DockerRootDir") or ""):
        return Verdict(False, "root stays root: the first range of the remapped user's subordinate ids starts at 0")
    if engine_info.remaps(info):
        return Verdict(True, "docker info shows that containers have a user namespace")
    if engine_place.holds_images(info):
        return Verdict(
            False,
            "docker info lacks name=userns, and images are in containerd's store, which knows no remapping: a "
            "features.containerd-snapshotter that is true has to go first",
        )
    return Verdict(False, "docker info lacks name=userns")


def _obstacle(evidence: Evidence) -> Optional[str]:
    """From 29.0 on the engine refuses both together; where the store is only its default, it takes a graph driver by itself.

    Before that it starts with both, and can't build: daemon_transaction refuses that, too.
    """
    features = evidence["configured"].get("features")
    if not isinstance(features, dict) or features.get("containerd-snapshotter") is not True:
        return None
    return (
        "dockerd 29.0 and later does not start with userns-remap while features.containerd-snapshotter is true, and an older one "
        "can't build with both: take that out first, and pull or load the images anew; or keep the store, and give each "
        "container a user of its own (--user) instead"
    )


def _container_configured(evidence: Evidence) -> Optional[Verdict]:
    if evidence["inspect"]["HostConfig"].get("UsernsMode") == "host":
        return Verdict(False, "UsernsMode is host")
    return None  # the daemon decides


def _container_effective(evidence: Evidence) -> Verdict:
    info = evidence["daemon"]["info"]
    doubt = runtime_doubt.of(evidence)
    if doubt and not engine_info.remaps(info):
        return Verdict(None, doubt)
    if evidence["inspect"]["HostConfig"].get("UsernsMode") == "host" and not engine_info.is_rootless(info):
        return Verdict(False, "it asked for the host's user namespace")
    remaps = engine_info.remaps(info)  # it moves the data root, so a daemon has only containers of its own mapping
    return Verdict(remaps, "the daemon remaps" if remaps else "the daemon doesn't remap")


def _container_kernel(evidence: Evidence) -> Verdict:
    for inside, outside, count in evidence["uid_map"]:
        if outside == 0 and count:
            return Verdict(False, f"uid {int(inside)} inside is root on the host")
    ranges = [
        f"{inside}-{inside + count - 1} is {outside}-{outside + count - 1}"
        for inside, outside, count in evidence["uid_map"][:3]
    ]
    return Verdict(True, f"no uid inside is root on the host: {', '.join(ranges)}")


def _run(evidence: Evidence) -> List[RunChange]:
    is_host = evidence["inspect"]["HostConfig"].get("UsernsMode") == "host"
    return [RunChange("remove", "UsernsMode", "host")] if is_host else []


RULE = Rule(
    id="userns-remap",
    title="Root in a container is an ordinary user of the host",
    severity="high",
    weakness={"daemon": "the daemon gives containers no user namespace", "container": "root in it is root on the host"},
    rationale=(
        "Without a user namespace uid 0 in a container is uid 0 of the host: a process that gets out, or finds a host "
        "file within reach, is root there. With a mapping it is a user who owns nothing, and its capabilities reach "
        "only what the namespace owns."
    ),
    remediation=(
        "Set userns-remap to default in daemon.json; it moves the data root, so plan for images, containers and "
        "volumes to be made anew. The containerd image store knows no remapping: leave features.containerd-snapshotter out, "
        "and dockerd takes a graph driver. Recreate containers without `--userns=host`."
    ),
    references={
        "CIS 1.6": ("2.9", "5.31"),
        "CIS 1.8": ("2.10", "5.31"),
        "STIG": ("DKER-EE-002120",),
        "NIST SP 800-190": ("4.4.3", "4.5.4"),
    },
    reads=(
        "container.inspect",
        "container.runtime_doubt",
        "container.uid_map",
        "daemon.configured",
        "daemon.info",
    ),
    daemon={"configured": _daemon_configured, "effective": _daemon_effective},
    container={"configured": _container_configured, "effective": _container_effective, "kernel": _container_kernel},
    settings={KEY: "default"},
    obstacle=_obstacle,
    frozen="create",
    run=_run,
)
