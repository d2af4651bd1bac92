# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Would dockerd start again on this host, whatever daemon.json says? Reads only; no daemon is started.

What is in the way is a reason not to restart it for a change: the start that a rollback needs would fail as well.
"""

import datetime
import os
import shutil
from typing import Any, Callable, Iterator, List, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common import programs
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.dockerd import containerd, kernel_modules, tls_files

# A start writes its databases, a few hundred KiB in all.
LEAST_BYTES, LEAST_FILES = 8 << 20, 64


class StartProblem(NamedTuple):
    """One thing in the way. kind: as of an item of the forecast; subject: what it is about, a path or a name.

    certain: whether dockerd would not start, or not as the same; otherwise it starts and something is wrong.
    """

    kind: str
    subject: str
    certain: bool
    message: str
    remedy: str


class Start(NamedTuple):
    """The start that is asked about.

    argv: its command line; settings: what it has by that and by daemon.json; pid: of the dockerd that runs; version,
    driver, data_root: as that one's `docker info` says.
    """

    argv: Sequence[str]
    settings: Mapping[str, Any]
    pid: int
    version: str
    driver: str
    data_root: str


def problems(
    start: Start, now: datetime.datetime, version_of: Callable[[str], Optional[str]], timeout: float = 5.0
) -> List[StartProblem]:
    """Return what is in the way of a start. now: in UTC; version_of: asks a dockerd program for its version."""
    obstacles: List[StartProblem] = []
    obstacles += _program(start, version_of)
    obstacles += _modules(start)
    obstacles += _disk(start)
    obstacles += _containerd(start, timeout)
    obstacles += _packet_filter(start)
    obstacles += _certificates(start, now)
    return obstacles


def _program(start: Start, version_of: Callable[[str], Optional[str]]) -> Iterator[StartProblem]:
    path = start.argv[0] if start.argv else ""
    program = shutil.which(path, path=programs.PATH) if path else None
    if program is None:
        message = f"{inert(path) or 'its program'} is not there, or can't be run"
        yield StartProblem("program", path, True, message, "install the engine's package again")
        return
    try:
        if os.path.samestat(os.stat(f"/proc/{int(start.pid)}/exe"), os.stat(program)):
            return
    except OSError:
        return  # it has ended, or only root may see it: nothing is known
    version = version_of(program)
    if version == start.version:
        return
    if version is None:
        message = f"{program} was exchanged since dockerd was started, and does not say its version"
        yield StartProblem("program", program, True, message, "install the engine's package again")
        return
    yield StartProblem(
        "program",
        program,
        True,
        f"dockerd {inert(start.version, 60)} runs, and {program} is {inert(version, 60)} by now: a restart would change the "
        "engine's version, too",
        "restart the daemon by itself first, and see that it works",
    )


def _modules(start: Start) -> Iterator[StartProblem]:
    names = kernel_modules.needed(start.driver, start.settings)
    for module in kernel_modules.missing(names):
        yield StartProblem(
            "kernel-module",
            module.name,
            module.certain,
            f"the kernel module {module.name} is not loaded and can't be loaded any more: {module.why}",
            "boot the kernel that is installed, or install the package with the modules of the running one "
            "(kernel-modules-extra on RHEL)",
        )


def _disk(start: Start) -> Iterator[StartProblem]:
    root = start.data_root
    exec_root = str(start.settings.get("exec-root") or "/var/run/docker")
    devices = set()
    for path in (root, containerd.root_of(start.settings, root), exec_root):
        try:
            status, device = os.statvfs(path), os.stat(path).st_dev
        except OSError:
            continue  # it makes its directories where they are missing
        free = status.f_bfree * status.f_frsize  # root may use what is kept for it
        full = free < LEAST_BYTES
        if device in devices or not (full or (status.f_files and status.f_ffree < LEAST_FILES)):
            continue
        devices.add(device)
        what = f"{free // 1024} KiB" if full else f"{status.f_ffree} files"
        yield StartProblem("disk", path, True, f"only {what} are free at {path}", "make room there")


def _containerd(start: Start, timeout: float) -> Iterator[StartProblem]:
    path = containerd.socket_of(start.settings)
    why = containerd.silence(path, timeout) if path else ""
    if why:
        yield StartProblem(
            "containerd",
            path,
            True,
            f"containerd does not answer at {inert(path, 100)}: {inert(why, 100)}",
            "start it (systemctl start containerd) and see that it stays",
        )


def _packet_filter(start: Start) -> Iterator[StartProblem]:
    settings = start.settings
    backend = settings.get("firewall-backend") or "iptables"
    if settings.get("bridge") == "none" or (backend == "iptables" and settings.get("iptables") is False):
        return
    program = "nft" if backend == "nftables" else "iptables"
    if shutil.which(program, path=programs.PATH) is None:
        yield StartProblem(
            "packet-filter",
            program,
            True,
            f"there is no program {program}, by which dockerd sets up its networks",
            f"install {'nftables' if program == 'nft' else 'iptables'}",
        )


def _certificates(start: Start, now: datetime.datetime) -> Iterator[StartProblem]:
    for fault in tls_files.faults(start.settings, now):
        remedy = "renew it" if not fault.fatal else "put a certificate and its key there that dockerd can read"
        yield StartProblem("certificate", fault.path, fault.fatal, f"{inert(fault.path, 200)}: {fault.message}", remedy)
