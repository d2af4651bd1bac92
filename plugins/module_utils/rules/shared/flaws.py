# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a known flaw is, and whether an upstream release or a distribution's package is without it. Pure.

The flaws are in flaw_table.py, the packages by which distributions mend them in distribution_fixes.py, both with their sources.
"""

import re
from typing import Any, Iterable, Mapping, NamedTuple, Optional, Pattern, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux import package_versions, packages
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import ubuntu_kernels

ENGINE, CONTAINERD, RUNC, KERNEL = "the engine", "containerd", "runc", "the kernel"
Release = Tuple[int, int, int, int]
FINAL = 9999  # in the place of a release candidate's number
_VERSION = re.compile(r"v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,5}))?(?:[-~+.]?rc\.?([0-9]{1,3}))?")
# What has to be there so that it can be used at all: a key of NEEDS in rules/known_vulnerabilities.py.
PLUGIN, CGROUP_V1, AF_ALG, FIREWALLD, NOT_BY_DOCKER, CONTAINERD_STORE = (
    "plugin",
    "cgroup v1",
    "AF_ALG",
    "firewalld",
    "not by Docker",
    "containerd store",
)
# Layers that stop it in a container which keeps them: names of docker info's SecurityOptions.
USERNS, SELINUX, APPARMOR = "userns", "selinux", "apparmor"


class Flaw(NamedTuple):
    """A flaw by which a container gets out, or past what guards the engine.

    fixed: the first mended release of each branch. source: where these are from. since: the first release that has it.
    open_from: of a branch that may be mended without a word there, the first release of which nothing is known.
    layers: what stops it where a container keeps it, as the source says. lets: what a container can do with it.
    """

    cve: str
    component: str
    fixed: Tuple[Release, ...]
    lets: str
    source: str
    needs: str = ""
    since: Release = (0, 0, 0, 0)
    open_from: Tuple[Release, ...] = ()
    layers: Tuple[str, ...] = ()


class Fix(NamedTuple):
    """The version of a distribution's package that mends a flaw.

    distribution: ID of os-release, or ID and VERSION_ID with a space. versions: each for its own branch of the package;
    of rpm that is the tag at the end of the release ("el9_7"). flavour: of Ubuntu's kernels, the one whose numbers these are.
    """

    cve: str
    package: str
    distribution: str
    versions: Tuple[str, ...]
    source: str
    flavour: str = ""


def at(*parts: int) -> Release:
    """Return a final release of three numbers."""
    return (parts[0], parts[1], parts[2], FINAL)


def parse_release(text: str) -> Optional[Release]:
    """Return the release in a version like "1.1.12+ds1", "1.4.0-rc.3" or "5.14.0-362.el9"; None where there is none."""
    match = _VERSION.match(text)
    if not match:
        return None
    major, minor, patch, candidate = match.groups()
    return int(major), int(minor), int(patch or 0), int(candidate) if candidate else FINAL


def is_mended(flaw: Flaw, release: Release) -> Optional[bool]:
    """Return whether upstream's release is without the flaw; None where its branch is mended by others, or later."""
    if release < flaw.since:
        return True
    for fixed in flaw.fixed:
        if release[:2] == fixed[:2] and release >= fixed:
            return True
    if flaw.fixed and release > max(flaw.fixed):
        return True
    if any(release[:2] == unknown[:2] and release >= unknown for unknown in flaw.open_from):
        return None
    return False if flaw.fixed else None


def find_fix(fixes: Iterable[Fix], flaw: Flaw, package: packages.Package) -> Tuple[Optional[Fix], Optional[bool], str]:
    """Return (the distribution's fix, whether the package has it, its version); (None, None, "") where none is known.

    None as the second: older than the fix of another distribution that has the same packages, or extended by a vendor.
    """
    if not package.version:
        return None, None, ""
    names = (package.distribution, package.distribution.partition(" ")[0])
    for fix in fixes:
        if fix.cve != flaw.cve or not package.name.startswith(fix.package):
            continue
        if fix.flavour and fix.flavour != ubuntu_kernels.flavour(package.name):
            continue
        own = fix.distribution in names
        if own or (package.manager == packages.RPM and names[1] in REBUILDS.get(fix.distribution, ())):
            for version in fix.versions:
                order = _compare(package, version, flaw.component == KERNEL, bool(fix.flavour))
                if order is not None:
                    has = True if order >= 0 else (False if own and "+esm" not in package.version else None)
                    return fix, has, version
    return None, None, ""


# Distributions that build RHEL's packages anew: a version from RHEL's fix on has it, and an older one may be mended by them.
REBUILDS: Mapping[str, Sequence[str]] = {"rhel": ("almalinux", "rocky", "ol")}
_TAG = re.compile(r"\.(el[0-9]+_[0-9]+)(?:[.+~]|\Z)")
_UBUNTU = re.compile(r"~([0-9]{2}\.[0-9]{2})\b")


def _compare(package: packages.Package, version: str, kernel: bool, ubuntu_kernel: bool) -> Optional[int]:
    """The package's version against the fix's; None where they are of different branches, or can't be read.

    A newer upstream release from elsewhere (backports, another suite) says nothing of the fix, however its number sorts. Two
    numbers make a branch of the kernel, but Ubuntu's, whose third is always that of the series.
    """
    try:
        if package.manager == packages.RPM:
            if _search(_TAG, package.version) != _search(_TAG, version):
                return None
            return package_versions.compare_rpm(package.version, version)
        order = package_versions.compare_dpkg(package.version, version)
    except ValueError:
        return None
    releases = [parse_release(text.rpartition(":")[2]) or (0, 0, 0, 0) for text in (package.version, version)]
    parts = 2 if kernel and not ubuntu_kernel else 3
    if releases[0][:parts] == releases[1][:parts]:
        return order
    # an older upload for the same release of Ubuntu; a series of the kernel that was given up may have been mended before
    if not kernel and order < 0 and _search(_UBUNTU, package.version) == _search(_UBUNTU, version) != "":
        return order
    return None


def _search(pattern: Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group(1) if match else ""


def versions(version: Mapping[str, Any], info: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the version of each component as the engine tells it: GET /version and GET /info."""
    names = {"Engine": ENGINE, "containerd": CONTAINERD, "runc": RUNC}
    parts: Sequence[Mapping[str, Any]] = version.get("Components") or ()
    known = {}
    for part in parts:
        name = names.get(str(part.get("Name")))
        if name is not None:
            known[name] = str(part.get("Version") or "")
    known.setdefault(ENGINE, str(info.get("ServerVersion") or ""))
    known[KERNEL] = str(info.get("KernelVersion") or "")
    return known
