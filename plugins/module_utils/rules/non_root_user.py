# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No process of a container is root on the host."""

from typing import List

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info
from ansible_collections.containment.docker.plugins.module_utils.docker_api import user as user_name
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict, ask
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import every, runtime_doubt


def _container_configured(evidence: Evidence) -> Verdict:
    inspect = evidence["inspect"]
    user = inspect["Config"].get("User") or ""
    if not user and "State" not in inspect:
        return Verdict(None, "the request names no user, so the image decides")
    uid = user_name.uid_of(user)
    if uid:
        return Verdict(True, f"User is {user!r}")
    host_config = inspect["HostConfig"]
    try:
        mapped = info.remaps(evidence["daemon"]["info"])
        if mapped and (host_config.get("UsernsMode") != "host" or info.is_rootless(evidence["daemon"]["info"])):
            return Verdict(True, f"User is {user!r}, and the daemon makes root inside an ordinary user")
    except Absent:
        if uid == 0 and host_config.get("UsernsMode") != "host":
            return Verdict(None, f"User is {user!r}, and whether a daemon maps it to another is not known here")
    doubt = runtime_doubt.of(evidence)
    if doubt:
        return Verdict(None, f"User is {user!r}, and {doubt}")
    if uid is None:
        return Verdict(None, f"User is {user!r}: only a running process shows which uid the image gives it")
    return Verdict(False, f"User is {user!r}, which is root")


def _container_kernel(evidence: Evidence) -> Verdict:
    root = sorted({process.pid for process in evidence["processes"] if 0 in process.status.uids})
    if root:
        return Verdict(False, f"root on the host is process {', '.join(map(str, root[:5]))}")
    uids = sorted({uid for process in evidence["processes"] for uid in process.status.uids})
    return Verdict(True, f"uids on the host: {', '.join(map(str, uids[:5]))}")


def _run(evidence: Evidence) -> List[RunChange]:
    verdict = ask(_container_configured, evidence)
    if verdict is None:
        return []
    if verdict.ok is False and _remapped(evidence):  # it asked for the host's user namespace
        return [RunChange("remove", "UsernsMode", "host")]
    if verdict.ok is False or (verdict.ok is None and _starts_as_root(evidence)):
        return [RunChange("add", "User", "UID:GID")]
    return []


def _remapped(evidence: Evidence) -> bool:
    try:
        return info.remaps(evidence["daemon"]["info"])
    except Absent:
        return False


def _starts_as_root(evidence: Evidence) -> bool:
    """Whether the process that the engine started is root: then User is a name that means root in the image."""
    first = evidence["inspect"]["State"]["Pid"]
    return any(process.pid == first and 0 in process.status.uids for process in evidence["processes"])


RULE = Rule(
    id="non-root-user",
    title="No process of a container is root on the host",
    severity="high",
    weakness={"container": "a process of it is root on the host"},
    rationale=(
        "The kernel knows only the uid on the host. A process with uid 0 there owns the host's files and devices as "
        "soon as one other layer gives way, and a kernel bug that needs root inside is within reach. Processes "
        "entered by exec count as well."
    ),
    remediation=(
        "Give the image a USER, or run the container with `--user`; or turn on userns-remap, which maps root in every "
        "container to an ordinary user. Don't enter containers as root."
    ),
    references={
        "CIS 1.6": ("4.1", "5.24"),
        "CIS 1.8": ("4.1", "5.24"),
        "NIST SP 800-190": ("4.4.3",),
    },
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.processes",
        "container.runtime_doubt",
        "daemon.info",
    ),
    container={"configured": _container_configured, "kernel": every.of_processes(_container_kernel)},
    settings={"userns-remap": "default"},
    frozen="start",
    run=_run,
)
