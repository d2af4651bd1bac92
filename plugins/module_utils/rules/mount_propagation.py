# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container mounts does not appear on the host.

A slave mount passes: it takes over what the host mounts, and gives nothing back. Docker itself makes a bind mount
that contains its data root a slave (moby: daemon/oci_linux.go). What such a mount shows is for sensitive-mounts to
judge. Where the container has a user namespace of its own, the kernel makes each shared mount a slave.
"""

from typing import AbstractSet, Any, List, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import binds
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict, readable
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import every
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import mounts as container_mounts

_SLAVE = {"shared": "slave", "rshared": "rslave"}
_SHARED = tuple(_SLAVE)


def _verdict(mounts: Sequence[binds.HostMount]) -> Verdict:
    shared = [f"{mount.target!r} is {mount.propagation}" for mount in mounts if mount.propagation in _SHARED]
    if shared:
        return Verdict(False, "the mount at " + ", ".join(shared[:5]))
    return Verdict(True, "no mount is shared with the host")


def _configured(evidence: Evidence) -> Verdict:
    verdict = _verdict(container_mounts.configured(evidence))
    return verdict if verdict.ok is False else container_mounts.borrowed(evidence) or verdict


def _effective(evidence: Evidence) -> Optional[Verdict]:
    mounts = container_mounts.effective(evidence)
    return None if mounts is None else _verdict(mounts)


def _kernel(evidence: Evidence) -> Verdict:
    # A container may make mounts shared among its own processes: only the host's peer groups count.
    shared = [f"{tag} at {mount.point!r}" for mount, tag in _shared_with_host(evidence)]
    if shared:
        return Verdict(False, "in a peer group with the host: " + ", ".join(shared[:5]))
    return Verdict(True, "no mount is in a peer group with the host")


def _run(evidence: Evidence) -> List[RunChange]:
    mounts = container_mounts.requested(evidence)
    why_sensitive, changes = container_mounts.sensitivity(evidence), []
    for removed in container_mounts.without(evidence, [m.target for m in mounts if m.propagation in _SHARED]):
        changes.append(removed)
        if removed.field != "VolumesFrom":
            requested = binds.requested({removed.field: [removed.value]}, {})
            if not any(why_sensitive(mount.source) for mount in requested):  # else it should go altogether
                changes.append(RunChange("add", removed.field, _slave(removed.value)))
    return changes


def _mounts_at_fault(evidence: Evidence) -> AbstractSet[str]:
    requested = [mount.target for mount in container_mounts.requested(evidence) if mount.propagation in _SHARED]
    return container_mounts.blamed(evidence, requested + [m.point for m, _tag in readable(_shared_with_host, evidence)])


def _shared_with_host(evidence: Evidence) -> List[Tuple[Mount, str]]:
    """The container's mounts that are in a peer group with the host, each with the group's tag."""
    peers = evidence["host"]["mounts"].peers
    return [(mount, tag) for mount in evidence["mounts"] for tag in mount.propagation if tag in peers]


def _slave(mount: Any) -> Any:
    """This item of Binds or Mounts as a slave: it still gets what the host mounts."""
    if isinstance(mount, str):
        source, target, options = mount.split(":")
        return ":".join((source, target, ",".join(_SLAVE.get(option, option) for option in options.split(","))))
    bind = mount["BindOptions"]
    return dict(mount, BindOptions=dict(bind, Propagation=_SLAVE[bind["Propagation"]]))


RULE = Rule(
    id="mount-propagation",
    title="Mounts made in a container don't reach the host",
    severity="medium",
    weakness={"container": "mounts that it makes reach the host"},
    rationale=(
        "On a shared mount, what a container mounts appears on the host and in every other container that shares it: "
        "it can cover the host's files with its own."
    ),
    remediation=(
        "Recreate the container without `shared` or `rshared` in its mounts. `rslave` is enough where it has to see "
        "what the host mounts later."
    ),
    references={
        "CIS 1.6": ("5.20",),
        "CIS 1.8": ("5.20",),
        "STIG": ("DKER-EE-002050",),
        "NIST SP 800-190": ("4.4.3", "4.5.5"),
    },
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.mounts",
        "container.views",
        "daemon.info",
        "daemon.process",
        "daemon.running",
        "host.mounts",
        "policy",
    ),
    container={"configured": _configured, "effective": _effective, "kernel": every.of_namespaces(_kernel)},
    frozen="create",
    run=_run,
    judges_mounts=True,
    mounts_at_fault=_mounts_at_fault,
)
