# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Name what lets a container use a mount that the policy denies it, and what else that opens.

Pure, but for the questions to the kernel: a remedy is named only where the policy, asked with it in force, allows all
that was denied. What a boolean would add is recorded (`booleans`).
"""

from typing import Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux.paths import sensitive
from ansible_collections.containment.docker.plugins.module_utils.selinux import access, booleans, types
from ansible_collections.containment.docker.plugins.module_utils.selinux.relabelling import NEVER_RELABELLED

# What files are called that nobody has labelled for a program of the host: only these are nobody's loss when relabelled.
_NOBODYS = frozenset(
    "default_t file_t mnt_t root_t srv_t tmp_t unlabeled_t user_home_t user_tmp_t usr_t var_lib_t var_t".split()
)
_FILE = "container_file_t"
_DOMAINS = (("container_logreader_t", "this container then reads all logs of the host that it is given"),)
_OWN = "mount a directory made for it: this one is the host's own, and :z would relabel it for all of the host"
_NOTHING = "nothing that is known lets it: give it a domain of its own (label=type:...), made for this"


class Use(NamedTuple):
    """What a container does with a mount.

    process: its label; label: of what is mounted; kind: as file_contexts.KINDS; source: the path of the host; needs:
    (class, permissions) of all that it does; read: the same of a read-only mount, () where that is no choice; by_mount:
    whether a --mount asks for it; labels: whether the filesystem keeps labels that are set.
    """

    process: str
    label: str
    kind: str
    source: str
    needs: Sequence[Tuple[str, Sequence[str]]]
    read: Sequence[Tuple[str, Sequence[str]]] = ()
    by_mount: bool = False
    labels: bool = True


class Policy(NamedTuple):
    """ask: as access.decide; booleans: those that the loaded policy has, and whether each is on; remapped:
    whether the engine remaps users, None where that isn't known."""

    ask: Callable[..., access.Decision]
    booleans: Mapping[str, bool]
    remapped: Optional[bool] = None


def describe(use: Use, policy: Policy) -> str:
    """Write what cures it, with what that opens, the narrowest first; joined by "; or"."""
    try:
        denied = _denied(policy.ask, use.process, use.label, use.needs)
    except access.Unanswered as reason:
        return f"what cures it can't be told: {reason}"
    if use.kind in ("char", "block"):
        return _of_device(use, denied, policy)
    cures = _read_only(use, policy) + _domains(use, policy) + _relabelled(use, policy) + _switched(use, denied, policy)
    return "; or ".join(cures) or _why_none(use)


def describe_without_mount(use: Use, policy: Policy) -> str:
    """Write the same of what is in no known mount, as the kernel's own filesystems: only a boolean or a domain; "" for none."""
    try:
        denied = _denied(policy.ask, use.process, use.label, use.needs)
    except access.Unanswered:
        return ""
    return "; or ".join(_domains(use, policy) + _switched(use, denied, policy))


def _denied(
    ask: Callable[..., access.Decision], process: str, label: str, needs: Sequence[Tuple[str, Sequence[str]]]
) -> Dict[str, Tuple[str, ...]]:
    """Ask what is denied, by class. Unanswered."""
    denied = {tclass: ask(process, label, tclass, tuple(wanted)).denied for tclass, wanted in needs}
    return {tclass: permissions for tclass, permissions in denied.items() if permissions}


def _cured(policy: Policy, process: str, label: str, needs: Sequence[Tuple[str, Sequence[str]]]) -> bool:
    try:
        return not _denied(policy.ask, process, label, needs)
    except access.Unanswered:
        return False  # a domain or a type that this policy lacks


def _read_only(use: Use, policy: Policy) -> List[str]:
    cures = bool(use.read) and _cured(policy, use.process, use.label, use.read)
    return ["mount it read-only (:ro) if it only reads there, which the policy allows"] if cures else []


def _domains(use: Use, policy: Policy) -> List[str]:
    return [
        f"run it with --security-opt label=type:{domain}: {opens}"
        for domain, opens in _DOMAINS
        if _cured(policy, _with(use.process, 2, domain), use.label, use.needs)
    ]


def _relabelled(use: Use, policy: Policy) -> List[str]:
    if use.kind not in ("dir", "file") or not use.labels or not _may_relabel(use):
        return []
    level = types.level_of(use.process)
    own = f"system_u:object_r:{_FILE}{':' + level if level else ''}"
    if not _cured(policy, use.process, own, use.needs):
        return []
    if types.type_of(use.label) in types.FILES:
        return ["it has another container's categories: mount it with :z in each of them, if they are to share it"]
    how = "by --volume instead of --mount, which can't ask for a label, " if use.by_mount else ""
    return [f"mount it {how}with :Z, or with :z if other containers use it, too, which then may all use it"]


def _may_relabel(use: Use) -> bool:
    if use.source in NEVER_RELABELLED or sensitive(use.source, None, ()):
        return False
    return is_nobodys(use.label)


def is_nobodys(label: str) -> bool:
    """Say whether no program of the host loses what has this label, when it becomes a container's."""
    of_type = types.type_of(label)
    return of_type in _NOBODYS or of_type in types.FILES


def _switched(use: Use, denied: Mapping[str, Sequence[str]], policy: Policy) -> List[str]:
    domain, of_type = types.type_of(use.process), types.type_of(use.label)
    cures = booleans.find_cures(domain, of_type, denied, policy.booleans)
    return [f"setsebool -P {boolean.name} on: then {boolean.opens}" for boolean in cures[:1]]


def _of_device(use: Use, denied: Mapping[str, Sequence[str]], policy: Policy) -> str:
    """dockerd makes a node of its own for --device, labelled as the container's files; with remapped users it binds the
    host's (runc: libcontainer/rootfs_linux.go, createDeviceNode). A node that is bound is kept back by the device
    control group, whatever SELinux says."""
    level = types.level_of(use.process)
    own = f"system_u:object_r:{_FILE}{':' + level if level else ''}"
    device = "give it with --device, as the device control group denies a node that is mounted"
    cures = []
    if not policy.remapped and _cured(policy, use.process, own, use.needs):
        cures.append(device)
    if policy.remapped is not False:
        also = ", also with remapped users" if policy.remapped is None else ""
        cures += [f"{device}{also}, and {remedy}" for remedy in _switched(use, denied, policy)]
    return "; or ".join(cures) or _NOTHING


def _why_none(use: Use) -> str:
    of_type = types.type_of(use.label)
    if use.source in NEVER_RELABELLED or sensitive(use.source, None, ()):
        return _OWN
    if not use.labels:
        return f"mount the filesystem with context=...:{_FILE}, or copy what it needs to a directory made for it"
    if of_type and of_type not in _NOBODYS and of_type not in types.FILES:
        return (
            f"copy what it needs to a directory made for it: this one is {of_type}, labelled for a program of the host, which a "
            ":z or :Z would cut off"
        )
    return _NOTHING


def _with(label: str, field: int, value: str) -> str:
    fields = label.split(":", 3)
    fields[field] = value
    return ":".join(fields)
