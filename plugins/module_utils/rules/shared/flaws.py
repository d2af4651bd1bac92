# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which flaws of the engine, containerd, runc and the kernel let a container out, and which releases mend them. Pure.

One table, each entry with its source. Releases are upstream's: a distribution mends an older one without changing its number.
"""

import re
from typing import Any, Mapping, NamedTuple, Optional, Sequence, Tuple

ENGINE, CONTAINERD, RUNC, KERNEL = "the engine", "containerd", "runc", "the kernel"
Release = Tuple[int, int, int, int]
_FINAL = 9999
_VERSION = re.compile(r"v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,5}))?(?:[-~+.]?rc\.?([0-9]{1,3}))?")
# What has to be there so that it can be used at all: a key of NEEDS in rules/known_vulnerabilities.py.
PLUGIN, CGROUP_V1, AF_ALG, FIREWALLD, NOT_BY_DOCKER = "plugin", "cgroup v1", "AF_ALG", "firewalld", "not by Docker"


class Flaw(NamedTuple):
    """fixed: the first mended release of each branch. since: the first release that has it. open_branches: (major, minor) that
    others than upstream mend, so that their number says nothing. lets: what a container can do with it."""

    cve: str
    component: str
    fixed: Tuple[Release, ...]
    lets: str
    source: str
    needs: str = ""
    since: Release = (0, 0, 0, 0)
    open_branches: Tuple[Tuple[int, int], ...] = ()


def _at(*parts: int) -> Release:
    return (parts[0], parts[1], parts[2], _FINAL)


FLAWS = (
    Flaw("CVE-2019-5736", RUNC, ((1, 0, 0, 7),), "replace runc, and so run as root on the host", "GHSA-gxmr-w5mj-v8hh"),
    Flaw(
        "CVE-2022-0492",
        KERNEL,
        (
            _at(4, 9, 301),
            _at(4, 14, 266),
            _at(4, 19, 229),
            _at(5, 4, 177),
            _at(5, 10, 97),
            _at(5, 15, 20),
            _at(5, 16, 6),
            _at(5, 17, 0),
        ),
        "have the host run a program by a control group's release_agent",
        "kernel.org, 24f6008564183aa120d07c03d9289519c2fe02af",
        CGROUP_V1,
    ),
    Flaw("CVE-2024-21626", RUNC, (_at(1, 1, 12),), "start in a directory of the host", "GHSA-xr7r-f8xq-vfvv"),
    Flaw(
        "CVE-2024-41110",
        ENGINE,
        (_at(23, 0, 15), _at(25, 0, 6), _at(26, 1, 5), _at(27, 1, 1)),
        "pass the authorization plugin, where it reaches the API",
        "GHSA-v23v-6jw2-98fq",
        PLUGIN,
    ),
    *(
        Flaw(cve, RUNC, (_at(1, 2, 8), _at(1, 3, 3), (1, 4, 0, 3)), lets, source)
        for cve, lets, source in (
            ("CVE-2025-31133", "write files of the host's /proc in the place of a mask", "GHSA-9493-h29p-rfm2"),
            ("CVE-2025-52565", "get /dev/console bound over a file of the host's /proc", "GHSA-qw9x-cqr3-wc7r"),
            ("CVE-2025-52881", "send runc's own writes to another file of /proc", "GHSA-cgrx-mc8f-2prm"),
        )
    ),
    Flaw(
        "CVE-2025-54388",
        ENGINE,
        (_at(28, 3, 3),),
        "be reached at ports that are published on loopback only, after a reload of firewalld",
        "GHSA-x4rx-4gw3-53p4",
        FIREWALLD,
        since=(28, 2, 0, 0),
    ),
    Flaw("CVE-2026-31431", KERNEL, (), "write the host's page cache, without any right", "copy.fail", AF_ALG),
    Flaw(
        "CVE-2026-34040",
        ENGINE,
        (_at(29, 3, 1),),
        "pass the authorization plugin, where it reaches the API",
        "GHSA-x744-4wpc-v9h2",
        PLUGIN,
        open_branches=((25, 0),),
    ),
    *(
        Flaw(cve, ENGINE, (_at(29, 5, 1),), lets, source, open_branches=((25, 0),))
        for cve, lets, source in (
            ("CVE-2026-41568", "make empty files on the host while docker cp runs", "GHSA-vp62-88p7-qqf5"),
            ("CVE-2026-42306", "turn a mount of docker cp to a directory of the host", "GHSA-rg2x-37c3-w2rh"),
        )
    ),
    Flaw(
        "CVE-2026-41579",
        RUNC,
        (_at(1, 3, 6), _at(1, 4, 3), (1, 5, 0, 3)),
        "write a little of the host by an image whose /dev is a link",
        "GHSA-xjvp-4fhw-gc47",
        NOT_BY_DOCKER,
    ),
    Flaw(
        "CVE-2026-92543",
        ENGINE,
        (_at(29, 8, 2),),
        "be started from an image that somebody put in a registry's place",
        "release notes of Docker 29.8.2",
        open_branches=((25, 0),),
    ),
)


def parse_release(text: str) -> Optional[Release]:
    """Return the release in a version like "1.1.12+ds1", "1.4.0-rc.3" or "5.14.0-362.el9"; None where there is none."""
    match = _VERSION.match(text)
    if not match:
        return None
    major, minor, patch, candidate = match.groups()
    return int(major), int(minor), int(patch or 0), int(candidate) if candidate else _FINAL


def is_mended(flaw: Flaw, release: Release) -> Optional[bool]:
    """Return whether upstream's release is without the flaw; None where its branch is mended by others."""
    if release < flaw.since:
        return True
    if release[:2] in flaw.open_branches:
        return None
    for fixed in flaw.fixed:
        if release[:2] == fixed[:2]:
            return release >= fixed
    if not flaw.fixed:
        return None
    return release > max(flaw.fixed)


def versions(version: Mapping[str, Any], info: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the version of each component as the engine tells it: GET /version and GET /info."""
    names = {"Engine": ENGINE, "containerd": CONTAINERD, "runc": RUNC}
    parts: Sequence[Mapping[str, Any]] = version.get("Components") or ()
    found = {}
    for part in parts:
        name = names.get(str(part.get("Name")))
        if name is not None:
            found[name] = str(part.get("Version") or "")
    found.setdefault(ENGINE, str(info.get("ServerVersion") or ""))
    found[KERNEL] = str(info.get("KernelVersion") or "")
    return found
