# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Debian packages that the lab needs: installed only where the command is missing, and without starting a service."""

import contextlib
import os
import pathlib
import shutil

from paths import LabError, lock, run, say

# A command and the packages that bring it. A command that is there already (docker-ce, say) is used as it is.
NEEDED = {
    "dockerd": ["docker.io"],
    "containerd": ["containerd"],
    "docker": ["docker-cli", "docker.io"],
    "mmdebstrap": ["mmdebstrap"],
    "iptables": ["iptables"],
    "ip": ["iproute2"],
    "busybox": ["busybox-static"],
    "gcc": ["gcc"],  # for the programs of the scenarios `attempts` and `hide`
    "git": ["git"],
    "chromium": ["chromium"],  # looks at the report page, driven by the next
    "chromedriver": ["chromium-driver"],
    "npm": ["npm"],  # fetches axe-core for it
    "promtool": ["prometheus"],  # checks the alerts and the metrics
    "shellcheck": ["shellcheck"],  # for ansible-test sanity, which passes over what it lacks
}
# Only for who wants a virtual machine.
FOR_VM = {
    "qemu-system-x86_64": ["qemu-system-x86"],
    "qemu-img": ["qemu-utils"],
    "mke2fs": ["e2fsprogs"],
    "ssh": ["openssh-client"],
    "ssh-keygen": ["openssh-client"],
    "genisoimage": ["genisoimage"],
}
FILES = {
    "/usr/share/keyrings/debian-archive-keyring.gpg": ["debian-archive-keyring"],
    "/usr/include/stdio.h": ["libc6-dev"],
}
SERVICES = ("docker.service", "docker.socket", "containerd.service", "prometheus.service")
POLICY = pathlib.Path("/usr/sbin/policy-rc.d")
SBIN = "/usr/local/sbin:/usr/sbin:/sbin"


def missing(vm=False):
    """Packages to install, as lists of alternatives, the first known one being taken."""
    path = f"{os.environ.get('PATH', os.defpath)}:{SBIN}"
    needed = {**NEEDED, **({"skopeo": ["skopeo"]} if os.environ.get("HOST_IMAGE") else {})}  # it fetches that image
    if vm:
        needed.update(FOR_VM)
    wanted = [packages for command, packages in needed.items() if not shutil.which(command, path=path)]
    wanted += [packages for name, packages in FILES.items() if not os.path.exists(name)]
    if not _has_venv():
        wanted.append(["python3-venv"])
    return wanted


def _has_venv():
    return run(["python3", "-c", "import ensurepip, venv"], check=False).returncode == 0


def setup(vm=False):
    """Install what is missing (for a virtual machine too); LabError with what to do where that isn't possible."""
    wanted = missing(vm)
    if os.geteuid() != 0:
        names = ", ".join(packages[0] for packages in wanted) or "nothing else"
        raise LabError(
            f"the lab starts a Docker engine of its own and so needs root (use sudo; missing here: {names})."
        )
    if not wanted:
        return
    if not shutil.which("apt-get"):
        names = ", ".join(packages[0] for packages in wanted)
        raise LabError(
            f"this is not a Debian or Ubuntu machine and lacks {names}: install what provides them, "
            "or run this in a Debian 12+ or Ubuntu 22.04+ virtual machine."
        )
    with lock("packages"), _no_service_starts():
        _install(missing(vm))


def _install(wanted):
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive", NEEDRESTART_SUSPEND="1")
    say("reading the package lists")
    run(["apt-get", "update", "-q"], env=environment)
    names = sorted({_first_known(packages) for packages in wanted})
    say(f"installing {' '.join(names)}")
    # --no-remove: never trade an engine that someone uses for ours
    run(["apt-get", "install", "-qy", "--no-install-recommends", "--no-remove", *names], env=environment)


def _first_known(packages):
    for name in packages:
        policy = run(["apt-cache", "policy", name]).stdout
        if "Candidate:" in policy and "Candidate: (none)" not in policy:
            return name
    raise LabError(f"none of the packages {', '.join(packages)} is known to this machine's apt sources.")


@contextlib.contextmanager
def _no_service_starts():
    """While packages install: services neither start now nor, if they are new here, at the next boot."""
    new = [name for name in SERVICES if not _unit_exists(name)]
    has_systemd = os.path.isdir("/run/systemd/system")
    own_policy = not os.path.lexists(POLICY)
    if own_policy:
        POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        POLICY.chmod(0o755)
    try:
        if has_systemd and new:
            run(["systemctl", "mask", "--runtime", *new])
        yield
    finally:
        if own_policy:
            POLICY.unlink()
        if has_systemd and new:
            run(["systemctl", "unmask", "--runtime", *new], check=False)
        installed = [name for name in new if _unit_exists(name)]
        if installed and shutil.which("systemctl"):
            run(["systemctl", "disable", *installed], check=False)


def _unit_exists(name):
    folders = ("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
    return any(os.path.exists(os.path.join(folder, name)) for folder in folders)
