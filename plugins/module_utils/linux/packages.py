# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads which packages an engine's programs and the kernel are from, and which flaws their changelogs name. I/O only."""

import gzip
import os
import re
from typing import Callable, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file, programs

DPKG, RPM = "dpkg", "rpm"
_STATUS_LIMIT = 64 * 1024 * 1024
_CHANGELOG_LIMIT = 32 * 1024 * 1024
_CVE = re.compile(rb"CVE-[0-9]{4}-[0-9]{4,7}")
# An item that takes a change out again, and words by which an item says that a flaw is there still.
_ITEM = re.compile(rb"\s*[-*+]\s+(?:(revert|drop|remove|disable|back out|undo)\b)?", re.I)
_OPEN = re.compile(
    rb"\bnot (?:yet )?(?:been )?(?:fix|address|includ|affect)|\bunfixed\b|\bno fix\b|\bincomplete\b|\bstill vulnerable\b",
    re.I,
)
ENGINE, KERNEL = "the engine", "the kernel"
# Component -> packages that have it; those of Docker itself have upstream's numbers.
PACKAGES = {
    ENGINE: ("docker-ce", "docker.io", "moby-engine"),
    "containerd": ("containerd.io", "containerd", "moby-containerd"),
    "runc": ("containerd.io", "runc", "moby-runc"),
}
OF_UPSTREAM = frozenset(("docker-ce", "containerd.io"))
_RPM = ("/usr/bin/rpm", "/bin/rpm")
_RPM_LINE = re.compile(
    rb"([A-Za-z0-9][A-Za-z0-9._+-]*) ((?:\(none\)|[0-9]+):[A-Za-z0-9._+~^]+-[A-Za-z0-9._+~^]+) (\S+)"
)
# What the kernel says of its build, by uname -v: the version of Debian's package, the upload of Ubuntu's.
_DEBIAN_BUILD = re.compile(r"\bDebian ([0-9][A-Za-z0-9.+~-]*)")
_UBUNTU_BUILD = re.compile(r"#([0-9]+(?:~[0-9.]+)?)-Ubuntu\b")


class Package(NamedTuple):
    """One installed package.

    mended: the flaws that its changelog names; None where it has none to read. version: as dpkg or rpm (by `manager`)
    writes it, of a kernel that which runs; "" where it can't be told. distribution: ID and VERSION_ID of os-release, with a
    space. uncertain: why what runs may have more or less mended than this says; "" where there is no reason.
    """

    name: str
    mended: Optional[FrozenSet[str]]
    version: str = ""
    manager: str = DPKG
    distribution: str = ""
    uncertain: str = ""


def look(kernel: str, build: str = "", root: str = "/") -> Mapping[str, Package]:
    """Return the Package of each component that comes from one. Raise OSError, ValueError.

    kernel, build: the running kernel's release and version (uname -r, uname -v).
    """
    distribution = _distribution(root)
    # a host of rpm may have dpkg as a tool, with nothing that it has installed
    result = _of_dpkg(kernel, build, root, distribution) or _of_rpm(kernel, root, distribution)
    patches = _live_patches(root)
    if KERNEL in result and patches:
        why = f"a live patch is loaded ({', '.join(patches)}): its vendor says which flaws it mends"
        result[KERNEL] = result[KERNEL]._replace(uncertain=result[KERNEL].uncertain or why)
    return result


def _of_dpkg(kernel: str, build: str, root: str, distribution: str) -> Dict[str, Package]:
    status = os.path.join(root, "var/lib/dpkg/status")
    if not os.path.exists(status):
        return {}
    installed = parse_dpkg_status(bounded_file.read(status, _STATUS_LIMIT))
    wanted = dict(PACKAGES, **{KERNEL: (f"linux-image-{kernel}", f"linux-image-unsigned-{kernel}")})
    result = _packages(wanted, installed, lambda name: _debian_changelog(name, root), DPKG, distribution)
    if KERNEL in result:
        result[KERNEL] = _running(result[KERNEL], build)
    return result


def _of_rpm(kernel: str, root: str, distribution: str) -> Dict[str, Package]:
    program = next((path for path in _RPM if os.path.exists(os.path.join(root, path[1:]))), None)
    if program is None:
        return {}
    rpm: str = program
    wanted = dict(PACKAGES, **{KERNEL: (f"kernel-core-{kernel}", f"kernel-{kernel}")})
    names = [name for names in wanted.values() for name in names]
    installed = parse_rpm(_rpm(rpm, ["--qf", r"%{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE} %{ARCH}\n", *names]))
    return _packages(
        wanted, installed, lambda name: parse_changelog(_rpm(rpm, ["--changelog", name])), RPM, distribution
    )


def parse_dpkg_status(data: bytes) -> Dict[str, str]:
    """Return {name: version} of the installed packages in dpkg's status file."""
    versions = {}
    for paragraph in data.split(b"\n\n"):
        name = re.search(rb"^Package: ([a-z0-9][a-z0-9.+-]*)$", paragraph, re.M)
        version = re.search(rb"^Version: ([0-9A-Za-z.+~:-]+)$", paragraph, re.M)
        if name and re.search(rb"^Status: \S+ \S+ installed$", paragraph, re.M):
            versions[name.group(1).decode("ascii")] = version.group(1).decode("ascii") if version else ""
    return versions


def parse_rpm(data: Optional[bytes]) -> Dict[str, str]:
    """Return {name: epoch:version-release} of rpm's lines, a kernel also by the name with its release as uname says it."""
    versions = {}
    for line in (data or b"").splitlines():
        match = _RPM_LINE.match(line)
        if match:
            name, version, architecture = (part.decode("ascii", "replace") for part in match.groups())
            versions[name] = version
            versions[f"{name}-{version.partition(':')[2]}.{architecture}"] = version
    return versions


def parse_changelog(data: bytes) -> FrozenSet[str]:
    """Return the flaws that a package's changelog says it mends, newest entry first.

    The newest item that names a flaw decides: one that takes a change out again, or says that a flaw is not mended, is none.
    """
    mended: Dict[bytes, bool] = {}
    reverts = False
    for line in data.splitlines():
        item = _ITEM.match(line)
        if item:
            reverts = item.group(1) is not None
        names = _CVE.findall(line)
        if names:
            says_open = reverts or _OPEN.search(line) is not None
            for name in names:
                mended.setdefault(name, not says_open)
    return frozenset(name.decode("ascii") for name, is_mended in mended.items() if is_mended)


def _packages(
    wanted: Mapping[str, Sequence[str]],
    installed: Mapping[str, str],
    mended_of: Callable[[str], Optional[FrozenSet[str]]],
    manager: str,
    distribution: str,
) -> Dict[str, Package]:
    result = {}
    for component, names in wanted.items():
        name = next((name for name in names if name in installed), None)
        if name is not None:
            mended = frozenset() if name in OF_UPSTREAM else mended_of(name)
            result[component] = Package(name, mended, installed[name], manager, distribution)
    return result


def _running(package: Package, build: str) -> Package:
    """Debian and Ubuntu keep a kernel's release over several builds: the one that runs may be older than the package."""
    debian, ubuntu = _DEBIAN_BUILD.search(build), _UBUNTU_BUILD.search(build)
    if debian and debian.group(1) != package.version:
        running = debian.group(1)
    elif ubuntu and not package.version.endswith("." + ubuntu.group(1)):
        running = ""
    else:
        return package
    why = f"the package is at {package.version}, and another build of the kernel runs: boot the new one"
    return package._replace(version=running, mended=None, uncertain=why)


def _distribution(root: str) -> str:
    for path in ("etc/os-release", "usr/lib/os-release"):
        try:
            data = bounded_file.read(os.path.join(root, path), 65536)
        except FileNotFoundError:
            continue
        values = dict(re.findall(rb"^(ID|VERSION_ID)=[\"']?([a-z0-9._-]+)[\"']?$", data, re.M))
        return " ".join(values[key].decode("ascii") for key in (b"ID", b"VERSION_ID") if key in values)
    return ""


def _live_patches(root: str) -> List[str]:
    path = os.path.join(root, "sys/kernel/livepatch")
    names = os.listdir(path) if os.path.isdir(path) else []
    return sorted(name for name in names if re.match(r"[A-Za-z0-9_.-]{1,64}\Z", name))[:4]


def _debian_changelog(name: str, root: str) -> Optional[FrozenSet[str]]:
    # Ubuntu signs a kernel apart from what is built of its source; that changelog is with the modules.
    modules = re.sub(r"\Alinux-image-(unsigned-)?", "linux-modules-", name)
    for directory in (modules, name) if modules != name else (name,):
        for suffix in ("changelog.Debian.gz", "changelog.gz"):
            try:
                with gzip.open(os.path.join(root, "usr/share/doc", directory, suffix), "rb") as stream:
                    return parse_changelog(stream.read(_CHANGELOG_LIMIT))
            except FileNotFoundError:
                continue
            except (OSError, EOFError) as error:
                raise ValueError(f"the changelog of {directory}: {error}")
    return None


def _rpm(program: str, arguments: List[str]) -> bytes:
    """What rpm --query writes; of packages that are not there, a line that says so."""
    return programs.run([program, "--query", *arguments], 30).output[:_CHANGELOG_LIMIT]
