# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing that contains the containers has a known flaw that lets one out."""

from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.dockerd import engine_place
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.linux import crypto_sockets, packages
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import flaws
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.distribution_fixes import FIXES
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.flaw_table import FLAWS


def _no_plugin(evidence: Evidence) -> str:
    plugins = (evidence["info"].get("Plugins") or {}).get("Authorization")
    return "" if plugins else "no authorization plugin is in force"


def _no_cgroup_v1(evidence: Evidence) -> str:
    return "the host has cgroup v2, which has no release_agent" if evidence["host"]["cgroup"] == 2 else ""


def _no_af_alg(evidence: Evidence) -> str:
    state = evidence["host"]["af_alg"]
    return {
        crypto_sockets.ABSENT: "this kernel has no AF_ALG",
        crypto_sockets.BLOCKED: "modprobe.d keeps the kernel from loading AF_ALG",
    }.get(state, "")


def _no_firewalld(evidence: Evidence) -> str:
    driver = (evidence["info"].get("FirewallBackend") or {}).get("Driver") or ""
    return "" if not driver or "firewalld" in driver else "the engine runs without firewalld"


def _no_containerd_store(evidence: Evidence) -> str:
    return "" if engine_place.holds_images(evidence["info"]) else "images are not in containerd's store"


# What keeps a flaw from being used here: a function that returns why, "" where nothing does.
NEEDS: Dict[str, Callable[[Evidence], str]] = {
    "": lambda evidence: "",
    flaws.PLUGIN: _no_plugin,
    flaws.CGROUP_V1: _no_cgroup_v1,
    flaws.AF_ALG: _no_af_alg,
    flaws.FIREWALLD: _no_firewalld,
    flaws.CONTAINERD_STORE: _no_containerd_store,
    flaws.NOT_BY_DOCKER: lambda evidence: "Docker's own layer hides such a /dev",
}


def _effective(evidence: Evidence) -> Verdict:
    versions = flaws.versions(evidence["version"], evidence["info"])
    try:
        known = evidence["packages"]
    except Absent:
        known = {}
    except Unreadable as reason:
        known = dict.fromkeys(versions, reason)
    open_: List[str] = []
    stopped: List[str] = []
    unknown: Dict[str, List[str]] = {}
    for flaw in FLAWS:
        mended, why = _is_mended(flaw, versions.get(flaw.component) or "", known.get(flaw.component))
        if mended:
            continue
        obstacle = _obstacle(flaw, evidence)
        if obstacle:
            stopped.append(f"{flaw.cve} ({obstacle})")
        elif mended is None:
            unknown.setdefault(why, []).append(flaw.cve)
        else:
            open_.append(f"{why} has {flaw.cve}, by which a container can {flaw.lets}{_layers(flaw, evidence)}")
    if open_:
        more = f"; and {len(open_) - 6} more" if open_[6:] else ""
        return Verdict(False, "; ".join(open_[:6]) + more + (f"; {_untold(unknown)}" if unknown else ""))
    if unknown:
        return Verdict(None, _untold(unknown))
    summary = f"none of {len(FLAWS)} known flaws is open"
    return Verdict(True, summary + (": stopped here are " + "; ".join(stopped) if stopped else ""))


def _untold(unknown: Mapping[str, Sequence[str]]) -> str:
    return "can't be told of " + "; ".join(f"{', '.join(names)}: {why}" for why, names in unknown.items())


def _obstacle(flaw: flaws.Flaw, evidence: Evidence) -> str:
    """What keeps it from being used; "" where nothing does, or that can't be told."""
    try:
        return NEEDS[flaw.needs](evidence)
    except (Absent, Unreadable):
        return ""


# Where a distribution says of each flaw which of its packages mend it.
_TRACKERS = {
    "almalinux": "errata.almalinux.org",
    "debian": "security-tracker.debian.org",
    "rhel": "access.redhat.com/security/cve",
    "rocky": "errata.rockylinux.org",
    "ubuntu": "ubuntu.com/security/cves",
}
_LAYERS = {flaws.USERNS: "user namespaces", flaws.SELINUX: "SELinux", flaws.APPARMOR: "AppArmor"}


def _layers(flaw: flaws.Flaw, evidence: Evidence) -> str:
    """Which layer that the daemon has in force stops it. A container may be run without: so it is told, and fails still."""
    if not flaw.layers:
        return ""
    in_force = engine_info.security_options(evidence["info"])
    names = [_LAYERS[layer] for layer in flaw.layers if layer in in_force]
    if names:
        return f" (but where it keeps the {' or '.join(names)} that the daemon gives it)"
    return f" ({' or '.join(_LAYERS[layer] for layer in flaw.layers)} would stop it)"


def _is_mended(flaw: flaws.Flaw, version: str, package: Any) -> Tuple[Optional[bool], str]:
    """(True, False or None, in words whose version that is or why it can't be told)."""
    name = f"{flaw.component} {inert(version)}"
    release = flaws.parse_release(version)
    if release is None:
        return None, f"{flaw.component} says no version"
    by_number = flaws.is_mended(flaw, release)
    if by_number:
        return True, ""
    if isinstance(package, Unreadable):
        return None, str(package)
    if package is None:
        return None, f"{name} is of no package that is known here"
    if package.name in packages.OF_UPSTREAM:
        return by_number, name if by_number is False else f"others than upstream mend {name}"
    return _is_mended_by_package(flaw, package, name, release)


def _is_mended_by_package(
    flaw: flaws.Flaw, package: packages.Package, name: str, release: flaws.Release
) -> Tuple[Optional[bool], str]:
    """By the distribution's fix, or else by the changelog. A kernel's version there may be newer than its release."""
    of_package = flaws.parse_release(package.version.rpartition(":")[2])
    if flaw.component == flaws.KERNEL:
        if of_package and flaws.is_mended(flaw, of_package):
            return True, ""
    elif of_package and of_package != release:
        return None, f"{name} is not what the package {package.name} {package.version} has"
    fix, has, version = flaws.find_fix(FIXES, flaw, package)
    if has or (package.mended is not None and flaw.cve in package.mended):
        return True, ""
    if package.uncertain:
        return None, f"{name} of the package {package.name}: {package.uncertain}"
    if fix is not None and has is False:
        return False, f"{name} of the package {package.name} {package.version}, which {version} mends,"
    tracker = _TRACKERS.get(package.distribution.partition(" ")[0])
    look = f" (look it up at {tracker})" if tracker else ""
    if package.mended is None:
        return None, f"{name} of the package {package.name}, which has no changelog here{look}"
    return None, f"{name} of the package {package.name}, whose changelog doesn't name it{look}"


RULE = Rule(
    id="known-vulnerabilities",
    title="Nothing that contains the containers has a known flaw that lets one out",
    severity="high",
    weakness={"daemon": "the engine, its runtime or the kernel has a known flaw that lets a container out"},
    rationale=(
        "Layers hold as well as the programs that make them. A flaw of runc, the engine or the kernel by which a container gets "
        "out is known to everybody once it is mended. Numbers alone say little: a distribution mends an older release and "
        "keeps its number. So a newer upstream release, the distribution's own version that mends it or the package's own "
        "changelog is what passes, Docker's own packages have upstream's numbers, and what none of them tells is unknown. "
        "A kernel of Ubuntu is compared with those of its own flavour (generic, aws, azure, ...) and series alone."
    ),
    remediation=(
        "Install the distribution's or Docker's updates of docker-ce or docker.io, containerd, runc and the kernel, restart the "
        "daemon, recreate containers and boot the new kernel. What is unknown, the distribution's security tracker tells: look "
        "the CVE up there, and waive this rule with that page as the reason."
    ),
    references={
        "CVE": tuple(flaw.cve for flaw in FLAWS),
        "NIST SP 800-190": ("4.4.1", "4.5.3"),
    },
    reads=(
        "daemon.info",
        "daemon.packages",
        "daemon.version",
        "host.af_alg",
        "host.cgroup",
    ),
    daemon={"effective": _effective},
)
