# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kernel's own files can't be written from a container, and the dangerous ones can't be seen."""

from functools import lru_cache
from itertools import islice
from posixpath import normpath
from typing import AbstractSet, Any, FrozenSet, Iterable, Iterator, List, Mapping, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info, security_opt
from ansible_collections.containment.docker.plugins.module_utils.docker_api.binds import HostMount
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange, unprivileged
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import (
    KERNEL_FILESYSTEMS,
    Remedy,
    Rule,
    Verdict,
    readable,
)
from ansible_collections.containment.docker.plugins.module_utils.linux import kernel_view
from ansible_collections.containment.docker.plugins.module_utils.linux.kernel_paths import (
    MASKED,
    READ_ONLY,
    expected_masks,
    is_short,
)
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Mount
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import every, mounts

_ALL = frozenset(READ_ONLY + MASKED)


def _version(evidence: Evidence) -> Tuple[int, int]:
    """The engine's, (0, 0) where it isn't known: then only what every engine masks is demanded."""
    try:
        return info.version(evidence["daemon"]["info"])
    except (Absent, Unreadable, ValueError):
        return 0, 0


def _known(evidence: Evidence) -> FrozenSet[str]:
    """The paths that this kernel has; all where no host is looked at."""
    try:
        return evidence["host"]["kernel_paths"]
    except Absent:
        return _ALL


def _configured(evidence: Evidence) -> Verdict:
    config = evidence["inspect"]["HostConfig"]
    if config.get("Privileged"):
        return Verdict(False, "Privileged: nothing is masked, /sys and the control groups are writable")
    if security_opt.parse(config.get("SecurityOpt")).writable_cgroups:
        return Verdict(False, "SecurityOpt says writable-cgroups=true")
    lacking = _lacking(config, evidence)
    if lacking:
        return Verdict(False, lacking)
    for mount in _requested(evidence):
        return Verdict(False, f"{mount.source} is mounted at {mount.target!r}")
    doubt = mounts.not_told(mounts.configured_on_host(evidence))
    fine = Verdict(True, "MaskedPaths and ReadonlyPaths have all that is needed")
    return mounts.borrowed(evidence) or doubt or fine


def _lacking(config: Mapping[str, Any], evidence: Evidence) -> Optional[str]:
    """What the lists leave out. An engine puts its defaults in the place of null, unless privileged."""
    lists = (config.get("MaskedPaths"), config.get("ReadonlyPaths"))
    work = _lacking_in if all(is_short(paths or ()) for paths in lists) else _lacking_in.__wrapped__
    return work(*(None if paths is None else tuple(paths) for paths in lists), _known(evidence), _version(evidence))


@lru_cache(maxsize=16)  # the same for most containers
def _lacking_in(
    masked: Optional[Tuple[str, ...]],
    read_only: Optional[Tuple[str, ...]],
    known: FrozenSet[str],
    version: Tuple[int, int],
) -> Optional[str]:
    needed: Iterable[str] = () if masked is None else expected_masks(known, version)
    for name, wanted, lists in (
        ("MaskedPaths", needed, (masked,)),
        ("ReadonlyPaths", () if read_only is None else [p for p in READ_ONLY if p in known], (read_only, masked)),
    ):
        listed = {path for paths in lists for path in paths or ()}
        missing = [path for path in wanted if path not in listed]
        if missing:
            listed = {normpath(path) for path in listed}
            missing = [path for path in missing if not any(below(path, entry) for entry in listed)]
        if missing:
            return f"{name} lacks {', '.join(sorted(missing)[:5])}"
    return None


def _requested(evidence: Evidence) -> Iterator[HostMount]:
    """The mounts that were asked for and open the kernel's files."""
    masked = expected_masks(_known(evidence), _version(evidence))
    for mount in mounts.asked_on_host(evidence):
        if _opens(mount, masked):
            yield mount


def _opens(mount: HostMount, masked: AbstractSet[str]) -> bool:
    """Whether this bind mount undoes the masks or the read-only mounts of the kernel's files."""
    if mount.source in ("/", "/proc", "/sys"):
        return True
    if not below(mount.source, "/proc") and not below(mount.source, "/sys"):
        return False
    return not mount.read_only or any(below(mount.source, path) or below(path, mount.source) for path in masked)


def _look(evidence: Evidence) -> Tuple[List[Mount], List[str], List[str], bool]:
    """What kernel_view is asked with."""
    known = evidence["host"]["kernel_paths"]
    config = evidence["inspect"]["HostConfig"]
    masked = sorted(expected_masks(known, _version(evidence), config.get("MaskedPaths") or ()))
    read_only = [path for path in READ_ONLY if path in known]
    owns_cgroups = not any(outside == 0 for _inside, outside, _count in evidence["uid_map"])
    return evidence["mounts"], read_only, masked, owns_cgroups


def _kernel(evidence: Evidence) -> Verdict:
    openings = list(islice(kernel_view.openings(*_look(evidence)), 5))
    if openings:
        return Verdict(False, "; ".join(openings))
    if any("SYS_ADMIN" in process.status.bounding for process in evidence["processes"]):
        return Verdict(True, "read-only and masked, but SYS_ADMIN can remount it where no LSM stops that")
    return Verdict(True, "all is mounted read-only or masked")


def _run(evidence: Evidence) -> List[RunChange]:
    config = evidence["inspect"]["HostConfig"]
    changes = unprivileged(config)
    for option in config.get("SecurityOpt") or ():
        if security_opt.parse([option]).writable_cgroups:
            changes.append(RunChange("remove", "SecurityOpt", option))
    if [] in (config.get("MaskedPaths"), config.get("ReadonlyPaths")):  # docker/cli: opts.go, parseSystemPaths
        changes.append(RunChange("remove", "SecurityOpt", "systempaths=unconfined"))
    open_mounts = _open_mounts(evidence)
    if config.get("UsernsMode") == "host" and any(mount.fstype in kernel_view.CGROUPS for mount in open_mounts):
        changes.append(RunChange("remove", "UsernsMode", "host"))  # moby: daemon/oci_linux.go, WithMounts
    points = [mount.target for mount in _requested(evidence)] + [mount.point for mount in open_mounts]
    return changes + mounts.without(evidence, points)


def _open_mounts(evidence: Evidence) -> List[Mount]:
    return [opening.mount for opening in readable(lambda container: kernel_view.find(*_look(container)), evidence)]


def _mounts_at_fault(evidence: Evidence) -> AbstractSet[str]:
    if _lacking(evidence["inspect"]["HostConfig"], evidence):
        return frozenset()
    points = [mount.target for mount in _requested(evidence)] + [mount.point for mount in _open_mounts(evidence)]
    return mounts.blamed(evidence, points)


RULE = Rule(
    id="kernel-filesystems",
    title="The kernel's filesystems are read-only and masked",
    severity="critical",
    weakness={"container": "kernel filesystems are open in it"},
    rationale=(
        "Who can write /proc/sys, /proc/sysrq-trigger, /sys or a control group as root sets the program that the "
        "kernel starts as the host's root (core_pattern, uevent_helper, release_agent), or stops the machine. "
        "/proc/kcore, /proc/keys and their like show other containers' memory, keys and timing. A bind mount of the "
        "host's /proc or /sys, even a read-only one, gives back what Docker masks. With SYS_ADMIN a process can "
        "remount what is read-only."
    ),
    remediation=(
        "Recreate the container without `--privileged`, `--security-opt systempaths=unconfined`, "
        "`--security-opt writable-cgroups=true` and mounts of /proc, /sys or what is below them. Where only the mounts "
        "are wrong, or an older engine created it, update runc and Docker and recreate it. Drop SYS_ADMIN."
    ),
    references={
        "CIS 1.6": ("5.5",),
        "CIS 1.8": ("5.5",),
        "NIST SP 800-190": ("4.4.3", "4.5.2"),
        "CVE": ("CVE-2025-31133", "CVE-2025-52565", "CVE-2025-52881", "CVE-2022-0492"),
    },
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.mounts",
        "container.processes",
        "container.uid_map",
        "container.views",
        "daemon.info",
        "daemon.state",
        "daemon.volumes",
        "host.kernel_paths",
        "host.mounts",
        "host.place_at",
    ),
    container={"configured": _configured, "kernel": every.of_namespaces(_kernel)},
    frozen="create",
    run=_run,
    judges_mounts=True,
    mounts_at_fault=_mounts_at_fault,
    remedy=Remedy(KERNEL_FILESYSTEMS),
)
