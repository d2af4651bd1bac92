# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""New containers get a cgroup namespace of their own."""

from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict

KEY = "default-cgroupns-mode"


def _cgroup_version(evidence: Evidence) -> Optional[int]:
    """1 or 2 as the engine says, otherwise as the host shows; None where neither is at hand."""
    try:
        return int(info.field(evidence["info"], "CgroupVersion"))
    except (Absent, Unreadable, ValueError):
        return evidence["host"]["cgroup"] if "host" in evidence and evidence["state"] != "remote" else None


def _configured(evidence: Evidence) -> Verdict:
    mode = evidence["configured"].get(KEY)
    if mode:
        return Verdict(mode == "private", f"{KEY} is {mode} in the configuration of the next start")
    # moby: daemon/config/config_linux.go, setPlatformDefaults
    version = _cgroup_version(evidence)
    if version is None:
        return Verdict(None, f"{KEY} is not set: that means private on cgroup v2 and host on cgroup v1")
    return Verdict(version == 2, f"{KEY} is not set, and the host has cgroup v{int(version)}")


def _effective(evidence: Evidence) -> Verdict:
    private = "cgroupns" in info.security_options(evidence["info"])
    return Verdict(private, f"docker info {'shows' if private else 'lacks'} name=cgroupns")


RULE = Rule(
    id="cgroup-namespace",
    title="Containers get a cgroup namespace of their own by default",
    severity="medium",
    weakness={"daemon": "the daemon's default-cgroupns-mode is host"},
    rationale=(
        "In the host's cgroup namespace a container sees the whole host's tree of services and containers, and a "
        "process with SYS_ADMIN that mounts a cgroup filesystem there writes to the host's own: the known escape "
        "through release_agent."
    ),
    remediation=(
        "Set default-cgroupns-mode to private in daemon.json, as cgroup v1 defaults to host, and reload the daemon; "
        "recreate containers from before it."
    ),
    references={"NIST SP 800-190": ("4.4.3",), "CVE": ("CVE-2022-0492",)},
    reads=(
        "daemon.configured",
        "daemon.info",
        "daemon.state",
        "host.cgroup",
    ),
    daemon={"configured": _configured, "effective": _effective},
    settings={KEY: "private"},
    explains=("CgroupnsMode",),
)
