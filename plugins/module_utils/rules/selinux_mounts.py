# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container has mounted from the host is labelled for containers: for all of them, or for this one.

A label that only the host's own programs know means one of two things. Either the policy denies it to the container,
and sooner or later someone switches its labels off so that it works. Or the policy lets each container use that type,
and then nothing of SELinux stands between the container and this file of the host. What the policies let every
container read on purpose (time zones, libraries, names of hosts) is right where it is mounted read-only.

A unix socket is judged by who serves it, too: the label of its file says who may try, that of the server who may connect.
"""

from typing import AbstractSet, Any, List, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, computed_once
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import mounts as container_mounts
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.labels import (
    demanded,
    host_without_selinux,
    label_of,
    not_labelled,
)
from ansible_collections.containment.docker.plugins.module_utils.selinux import on_demand

_NONE = "nothing of the host is mounted"


def _configured(evidence: Evidence) -> Optional[Verdict]:
    config = evidence["inspect"]["HostConfig"]
    binds = [bind for bind in config.get("Binds") or () if bind.startswith("/")]
    mounts = [mount for mount in config.get("Mounts") or () if mount.get("Type") == "bind"]
    if not binds and not mounts and not config.get("VolumesFrom"):
        return Verdict(True, "no directory of the host is asked for")
    return None  # that :z is asked for doesn't say what came of it


def _effective(evidence: Evidence) -> Optional[Verdict]:
    if "processes" in evidence or demanded(evidence):
        return None  # what it has mounted counts
    return _verdict(_stopped(evidence))


def _kernel(evidence: Evidence) -> Verdict:
    return demanded(evidence) or _verdict(_running(evidence))


def _mount_labels() -> Any:
    """Load how mounts are judged, which only a host with SELinux needs: see selinux.on_demand."""
    from ansible_collections.containment.docker.plugins.module_utils.rules.shared import mount_labels

    return mount_labels


@computed_once
def _running(evidence: Evidence) -> List[Any]:
    """What the kernel has mounted in it, judged."""
    mounts = container_mounts.used(evidence)
    if not mounts:
        return []
    return _mount_labels().judge_running(mounts, label_of(evidence) or "", _questions(evidence))


@computed_once
def _stopped(evidence: Evidence) -> List[Any]:
    """What the engine will mount in it at its next start, judged by what stands there now."""
    mounts = evidence["inspect"].get("Mounts") or ()
    if not mounts:
        return []
    sources = on_demand.load().mount_access.list_sources(mounts, container_mounts.volumes(evidence))
    return _mount_labels().judge_stopped(sources, label_of(evidence) or "", _questions(evidence))


def _questions(evidence: Evidence) -> Any:
    host = evidence["host"]
    return _mount_labels().Questions(
        host["label_at"], host["selinux_access"], host["listeners_at"], host["filesystem_at"]
    )


def _verdict(judged: Sequence[Any]) -> Verdict:
    for ok in (False, None):
        texts = [mount.seen for mount in judged if mount.ok is ok]
        if texts:
            return Verdict(ok, "; ".join(texts[:5]) + (f"; and {len(texts) - 5} more" if len(texts) > 5 else ""))
    points = ", ".join(f"{mount.point!r}" for mount in judged[:5])
    return Verdict(True, "labelled for it: " + points if judged else _NONE)


def _run(evidence: Evidence) -> List[RunChange]:
    mount_labels = _mount_labels()
    wrong, sensitive = _wrong(evidence), container_mounts.sensitivity(evidence)
    host = evidence["host"]
    enforced = mount_labels.is_enforced(label_of(evidence) or "", host["selinux"], host["selinux_access"])
    changes = []
    for removed in container_mounts.without(evidence, [mount.point for mount in wrong]):
        bind, asks = mount_labels.add_label(removed.field, removed.value)
        if not bind or asks:  # one that asks for the label already gets it with its next start
            continue
        if mount_labels.may_relabel(bind, wrong, sensitive):
            changes += [removed, RunChange("add", "Binds", bind)]
            continue
        works = mount_labels.least_use(bind, wrong) if enforced else "all"
        if works == "read":
            changes += [removed, RunChange("add", "Binds", mount_labels.make_read_only(bind))]
        elif not works:
            changes.append(removed)  # nothing is lost: the policy denies it
    return changes


def _wrong(evidence: Evidence) -> List[Any]:
    judged = _running(evidence) if "processes" in evidence else _stopped(evidence)
    return [mount for mount in judged if mount.ok is False]


def _mounts_at_fault(evidence: Evidence) -> AbstractSet[str]:
    return container_mounts.blamed(evidence, [mount.point for mount in _wrong(evidence)])


RULE = Rule(
    id="selinux-mounts",
    title="What is mounted from the host is labelled for containers",
    severity="medium",
    weakness={"container": "what it mounts from the host has labels that are not for this container"},
    rationale=(
        "SELinux keeps a container to files labelled for containers: for this one (`:Z`), or for all (`:z`). A mount "
        "with a label of the host's own is either denied to it, and sooner or later someone switches the labels off so "
        "that it works, or it is of a type that each container may use, and then SELinux keeps nobody from it. "
        "Filesystems that have one label for all (NFS, CIFS) and domains that were written for one container pass "
        "where the policy allows what they need, and so does a read-only mount of what policies let every container read "
        "on purpose, as /etc/localtime or /usr/share. A mounted unix socket gives the container what the program behind it "
        "does for whoever connects, so that program's label counts, not only the file's: where the policy lets each container "
        "connect to a program of the host, the file's label is all that is in between; where it denies that, no `:z` helps."
    ),
    remediation=(
        "Mount it with `:Z` if only this container uses it and with `:z` if others do, which relabels it at the next "
        "start; never so for directories of the host's own, as /etc or /home: mount one made for it instead, or mount "
        "it read-only where the policy lets containers read it. A mount that a `--mount` asks for can only be relabelled "
        "by hand. Take a socket out that the container does not need; where it needs it, run it in a domain of its own "
        "(`label=type:...`) whose policy allows this one connection."
    ),
    references={
        "CIS 1.6": ("5.3",),
        "CIS 1.8": ("5.3",),
        "STIG": ("DKER-EE-001940",),
        "NIST SP 800-190": ("4.4.3", "4.5.5"),
    },
    reads=(
        "container.inspect",
        "container.mounts",
        "container.processes",
        "container.views",
        "daemon.info",
        "daemon.process",
        "daemon.running",
        "daemon.state",
        "host.filesystem_at",
        "host.label_at",
        "host.listeners_at",
        "host.mounts",
        "host.place_at",
        "host.selinux",
        "host.selinux_access",
        "policy",
    ),
    container={"configured": _configured, "effective": _effective, "kernel": _kernel},
    inapplicable=not_labelled,
    frozen="create",
    run=_run,
    mounts_at_fault=_mounts_at_fault,
    caused_by=host_without_selinux,
)
