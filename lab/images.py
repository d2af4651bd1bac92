# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images of the lab: one Debian root with systemd and a packaged Docker engine for each suite, one of them that says it is
RHEL, one made of $HOST_IMAGE, and a busybox.

An image is keyed by a hash of its recipe, so a changed recipe builds anew and an unchanged one never does.
"""

import hashlib
import os
import shutil
import tempfile
import time

import derived
import host_image
from paths import DATA, HERE, LabError, docker, lock, run, say

RECIPE = HERE / "recipe"
FAKED_RECIPE = HERE / "faked_rhel"
# rsync and a database: for the scenario `migration`
PACKAGES = (
    "systemd systemd-sysv dbus python3 docker.io iptables iproute2 procps uidmap passwd busybox-static rsync redis-server"
).split()
# The client is a package of its own from trixie on; Python 3.6's oldest neighbour here is bullseye's 3.9.
SUITES = {
    "bullseye": PACKAGES,
    # Podman for the scenario `truth`: on this suite it is the smallest
    "bookworm": [*PACKAGES, "podman"],
    "trixie": [*PACKAGES, "docker-cli"],
    # a project, a second database and a registry for the scenario `migration`: one suite's image is enough
    "forky": [*PACKAGES, "docker-cli", "docker-compose", "postgresql", "docker-registry"],
}
FAKED, FAKED_BASE = "faked-rhel", "bookworm"
OWN_IMAGE = "image"  # the suite of a host that $HOST_IMAGE is made into
NAMES = (*SUITES, FAKED, OWN_IMAGE)
# Services that only scenarios start. It is no part of the key: no suite but forky has them, and its packages are.
ASLEEP = "postgresql.service docker-registry.service"
REPOSITORY = "containment-lab"


def _hash(*parts, folder=RECIPE):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(repr(part).encode())
    for path in sorted(folder.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def name(suite):
    """The full name of a suite's image for the recipe as it stands."""
    if suite == FAKED:
        return f"{REPOSITORY}:{FAKED}-{_hash(name(FAKED_BASE), folder=FAKED_RECIPE)}"
    if suite == OWN_IMAGE:
        return f"{REPOSITORY}:{OWN_IMAGE}-{_hash(host_image.identity(), _hash(folder=host_image.RECIPE))}"
    if suite not in SUITES:
        raise LabError(f"no such suite: {suite} (there are {', '.join(NAMES)}).")
    return f"{REPOSITORY}:{suite}-{_hash(suite, SUITES[suite])}"


def exists(image):
    """True if the lab's engine has `image`."""
    return docker("image", "inspect", image, check=False).returncode == 0


def build(suite):
    """Build and import a suite's image unless it is there; returns its name. The engine must be up."""
    if suite == FAKED:
        build(FAKED_BASE)
    if suite == OWN_IMAGE:
        host_image.fetch()
    image = name(suite)
    with lock(f"image-{suite}"):
        if not exists(image):
            started = time.monotonic()
            say(f"building the {suite} host (about a minute)")
            if suite == FAKED:
                derived.make(name(FAKED_BASE), image, FAKED_RECIPE / "build.sh")
            elif suite == OWN_IMAGE:
                host_image.build(image)
            else:
                _bootstrap(suite, image)
            say(f"built {image} in {time.monotonic() - started:.0f} s")
    return image


def _bootstrap(suite, image):
    """A Debian root of the suite's packages."""
    with tempfile.TemporaryDirectory(dir=DATA, prefix=f"{suite}-") as work:
        hooks = [f"--customize-hook={RECIPE}/customize.sh", f'--customize-hook=chroot "$1" systemctl mask {ASLEEP}']
        mmdebstrap(suite, SUITES[suite], f"{work}/root.tar", hooks, {"TMPDIR": work})
        docker("import", f"{work}/root.tar", image)


def mmdebstrap(suite, packages, target, options, environment):
    """A Debian root as `target` says; mmdebstrap chooses the mirror, or CONTAINMENT_DEBIAN_MIRROR (address or list)."""
    mirror = os.environ.get("CONTAINMENT_DEBIAN_MIRROR")
    run(
        [
            "mmdebstrap",
            "--variant=minbase",
            f"--include={','.join(packages)}",
            "--dpkgopt=force-unsafe-io",
            "--dpkgopt=path-exclude=/usr/share/doc/*",
            "--dpkgopt=path-exclude=/usr/share/man/*",
            "--dpkgopt=path-exclude=/usr/share/locale/*",
            '--aptopt=Acquire::Languages "none"',
            # a mirror that is some days behind still makes a good test host
            '--aptopt=Acquire::Check-Valid-Until "false"',
            *options,
            suite,
            target,
            *([mirror] if mirror else []),
        ],
        env={**os.environ, "LC_ALL": "C", **environment},
    )


def busybox():
    """Import a busybox image from this machine's static busybox, for containers right on the lab's engine."""
    image = f"{REPOSITORY}:busybox-{_hash('busybox')}"
    with lock("image-busybox"):
        if not exists(image):
            binary = shutil.which("busybox", path="/bin:/usr/bin")
            with tempfile.TemporaryDirectory(dir=DATA, prefix="busybox-") as work:
                run(["sh", RECIPE / "busybox-image.sh", binary, f"{work}/busybox.tar"])
                docker("import", f"{work}/busybox.tar", image)
    return image
