# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads which packages an engine's programs and the kernel are from, and which flaws their changelogs name. I/O only."""

import gzip
import os
import re
import subprocess
from typing import Callable, FrozenSet, List, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file

_STATUS_LIMIT = 64 * 1024 * 1024
_CHANGELOG_LIMIT = 32 * 1024 * 1024
_CVE = re.compile(rb"CVE-[0-9]{4}-[0-9]{4,7}")
# Component -> packages that have it; those of Docker itself have upstream's numbers.
PACKAGES = {
    "the engine": ("docker-ce", "docker.io", "moby-engine"),
    "containerd": ("containerd.io", "containerd", "moby-containerd"),
    "runc": ("containerd.io", "runc", "moby-runc"),
}
OF_UPSTREAM = frozenset(("docker-ce", "containerd.io"))
_RPM = ("/usr/bin/rpm", "/bin/rpm")


class Package(NamedTuple):
    """name: the package's. mended: the flaws that its changelog names; None where it has none to read."""

    name: str
    mended: Optional[FrozenSet[str]]


def look(kernel: str, root: str = "/") -> Mapping[str, Package]:
    """Return the Package of each component that comes from one. Raise OSError, ValueError.

    kernel: the running kernel's release.
    """
    status = os.path.join(root, "var/lib/dpkg/status")
    if os.path.exists(status):
        installed = parse_dpkg_status(bounded_file.read(status, _STATUS_LIMIT))
        wanted = dict(PACKAGES, **{"the kernel": (f"linux-image-{kernel}",)})
        return _packages(wanted, installed, lambda name: _debian_changelog(name, root))
    program = next((path for path in _RPM if os.path.exists(os.path.join(root, path[1:]))), None)
    if program is None:
        return {}
    wanted = dict(PACKAGES, **{"the kernel": (f"kernel-core-{kernel}", f"kernel-{kernel}")})
    names = [name for names in wanted.values() for name in names]
    installed = frozenset(name for name in names if _rpm(program, ["--quiet", name]) is not None)
    return _packages(wanted, installed, lambda name: _cves(_rpm(program, ["--changelog", name])))


def parse_dpkg_status(data: bytes) -> FrozenSet[str]:
    """Return the names of the installed packages in dpkg's status file."""
    found = set()
    for paragraph in data.split(b"\n\n"):
        name = re.search(rb"^Package: ([a-z0-9][a-z0-9.+-]*)$", paragraph, re.M)
        if name and re.search(rb"^Status: \S+ \S+ installed$", paragraph, re.M):
            found.add(name.group(1).decode("ascii"))
    return frozenset(found)


def _packages(
    wanted: Mapping[str, Sequence[str]],
    installed: FrozenSet[str],
    mended_of: Callable[[str], Optional[FrozenSet[str]]],
) -> Mapping[str, Package]:
    found = {}
    for component, names in wanted.items():
        name = next((name for name in names if name in installed), None)
        if name is not None:
            found[component] = Package(name, frozenset() if name in OF_UPSTREAM else mended_of(name))
    return found


def _debian_changelog(name: str, root: str) -> Optional[FrozenSet[str]]:
    for suffix in ("changelog.Debian.gz", "changelog.gz"):
        try:
            with gzip.open(os.path.join(root, "usr/share/doc", name, suffix), "rb") as stream:
                return _cves(stream.read(_CHANGELOG_LIMIT))
        except FileNotFoundError:
            continue
        except (OSError, EOFError) as error:
            raise ValueError(f"the changelog of {name}: {error}")
    return None


def _cves(data: Optional[bytes]) -> Optional[FrozenSet[str]]:
    return None if data is None else frozenset(match.decode("ascii") for match in _CVE.findall(data))


def _rpm(program: str, arguments: List[str]) -> Optional[bytes]:
    """What rpm --query says; None where there is no such package."""
    try:
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            [program, "--query", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ValueError("rpm did not answer within 30 s")
    return done.stdout[:_CHANGELOG_LIMIT] if done.returncode == 0 else None
