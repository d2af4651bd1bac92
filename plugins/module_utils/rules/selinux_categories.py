# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The label of each container has categories that no other container has, so that SELinux keeps them apart."""

from typing import Any, Dict, List, Mapping, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import security_opt
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import every
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.labels import (
    demanded,
    host_without_selinux,
    mode,
    not_labelled,
)
from ansible_collections.containment.docker.plugins.module_utils.selinux import on_demand


def _configured(evidence: Evidence) -> Optional[Verdict]:
    labels = security_opt.parse(evidence["inspect"]["HostConfig"].get("SecurityOpt")).label
    levels = [label[len("level:") :] for label in labels if label.startswith("level:")]
    if not levels:
        return None  # dockerd gives each container a pair of its own
    selinux_types = on_demand.load().types
    count = len(selinux_types.parse_categories(levels[-1]))
    if not count or count >= selinux_types.EVERY_CATEGORY:
        return Verdict(False, f"SecurityOpt gives it {'every' if count else 'no'} category")
    return None  # whether another has them, too, only all containers together show


def _effective(evidence: Evidence) -> Optional[Verdict]:
    label = evidence["inspect"].get("ProcessLabel")
    try:
        if label is None or mode(evidence) not in ("permissive", "enforcing"):
            return None
    except Absent:
        if not label:
            return None  # another machine's engine, whose kernel may have no SELinux
    return _verdict(evidence, {label: "ProcessLabel is"}, stored=True)


def _kernel(evidence: Evidence) -> Verdict:
    missing = demanded(evidence)
    if missing:
        return missing
    labels: Dict[Any, Any] = {}
    for process in evidence["processes"]:
        labels.setdefault(process.label or "", f"process {int(process.pid)} is")
    return _verdict(evidence, labels, stored=False)


def _verdict(evidence: Evidence, labels: Mapping[str, str], stored: bool) -> Verdict:
    """labels: {label: how to begin to tell of it}; stored: also those of containers that don't run count."""
    selinux_types = on_demand.load().types
    for label, whose in labels.items():
        if not selinux_types.parse_categories(selinux_types.level_of(label)):
            return Verdict(False, f"{whose} {label or 'without a label'}, without categories")
    try:
        peers = evidence["others"]["labels"]
    except Absent:
        return Verdict(None, "whether another container has its categories is not seen from here")
    own = evidence["inspect"]["Id"]
    sharers: Dict[Any, Any] = {}
    for label in labels:
        for other in selinux_types.list_overlapping(label, own, peers.all, stored):
            sharers.setdefault(other, label)
    apart = set(sharers) - peers.together(own, list(sharers)) if sharers else ()
    if apart:
        names = sorted(f"{peers.all[id].name}{'' if peers.all[id].labels else ' (not running)'}" for id in apart)
        label = sharers[sorted(apart)[0]]
        more = f", and {len(names) - 5} more" if len(names) > 5 else ""
        others = f"{', '.join(names[:5])}{more}"
        return Verdict(False, f"{labels[label]} {label}, whose categories don't keep it apart from {others}")
    label = sorted(labels)[0]
    exception = ""
    try:
        if on_demand.load().data_root.uses_containerd_store(evidence["daemon"]["info"]):
            exception = "; the containerd store labels their layers without categories, so it doesn't hold for those"
    except (Absent, Unreadable):
        pass
    with_whom = " but those that joined its pid or ipc namespace, or whose it joined" if sharers else ""
    return Verdict(True, f"{labels[label]} {label}, and nobody else has its categories{with_whom}{exception}")


def _run(evidence: Evidence) -> List[RunChange]:
    host_config = evidence["inspect"]["HostConfig"]
    if any((host_config.get(key) or "").startswith("container:") for key in ("PidMode", "IpcMode")):
        return []  # dockerd itself wrote the label of whom it joined
    return [
        RunChange("remove", "SecurityOpt", option)
        for option in host_config.get("SecurityOpt") or ()
        for label in security_opt.parse([option]).label
        if label.startswith("level:")
    ]


RULE = Rule(
    id="selinux-categories",
    title="No two containers share SELinux categories",
    severity="medium",
    weakness={"container": "it shares its SELinux categories with another container"},
    rationale=(
        "All containers have the same SELinux domain. What keeps them apart is a pair of categories in the label, "
        "which dockerd gives each one alone. Two that have the same pair may read and write each other's files and "
        "signal each other once one of them breaks out, and one without categories may use what is shared and is "
        "kept from nobody who has some. Those that join another's pid or ipc namespace share its label by design, and "
        "are taken as one. The containerd store labels all containers' layers without categories: there only "
        "volumes and mounts are kept apart."
    ),
    remediation=(
        "Recreate the container without `label=level:…`, so that dockerd chooses a pair that is free. Where several "
        "have to share files, mount them with `:z` instead of giving them the same level."
    ),
    references={
        "CIS 1.6": ("5.3",),
        "CIS 1.8": ("5.3",),
        "STIG": ("DKER-EE-001940",),
        "NIST SP 800-190": ("4.4.3",),
    },
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.others",
        "container.processes",
        "daemon.info",
        "daemon.state",
        "host.selinux",
        "policy",
    ),
    container={"configured": _configured, "effective": _effective, "kernel": every.of_processes(_kernel)},
    inapplicable=not_labelled,
    frozen="create",
    run=_run,
    caused_by=host_without_selinux,
)
