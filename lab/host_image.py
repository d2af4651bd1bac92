# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lab hosts of somebody's own: $HOST_IMAGE, an image of a RHEL, a clone of it, Debian or Ubuntu.

It is taken from the lab's engine where that has it, and otherwise fetched by skopeo: from its registry, or as skopeo
names other places ("oci-archive:FILE", "docker-archive:FILE", "dir:FOLDER"). What a host needs and the image lacks
(systemd, an engine, Python) is installed from the distribution's packages, and on RHEL and its clones from those of docker-ce.
"""

import hashlib
import json
import os
import shutil
import tempfile

import derived
from paths import DATA, HERE, LabError, docker, lock, run, say

RECIPE = HERE / "host_image"
_KINDS = ("docker://", "oci-archive:", "docker-archive:", "oci:", "dir:", "containers-storage:", "docker-daemon:")


def reference():
    """What HOST_IMAGE says; LabError where it says nothing."""
    name = os.environ.get("HOST_IMAGE", "")
    if not name:
        raise LabError("a host of the suite 'image' is made of the image that HOST_IMAGE names, and that is not set.")
    return name


def source(name):
    """A reference as skopeo wants it: one without a kind is in a registry."""
    return name if name.startswith(_KINDS) else f"docker://{name}"


def _name():
    """By which name the lab's engine has it: its own if it is there, otherwise one for what is fetched."""
    name = reference()
    if not name.startswith(_KINDS) and _id(name):
        return name
    return f"containment-lab:fetched-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _id(image):
    done = docker("image", "inspect", image, check=False)
    return json.loads(done.stdout)[0]["Id"] if done.returncode == 0 else None


def identity():
    """What tells it from another one: the engine's id of its content. LabError where it was not fetched."""
    image = _id(_name())
    if not image:
        raise LabError(f"the image {reference()} was not fetched.")
    return image


def fetch():
    """Bring it into the lab's engine unless it is there. One that was fetched is kept until `lab.py clean`."""
    name = _name()
    with lock("host-image"):
        if _id(name):
            return
        if not shutil.which("skopeo"):
            raise LabError(
                f"{reference()} is not in the lab's engine, and skopeo, which would fetch it, is not installed."
            )
        say(f"fetching {reference()}")
        with tempfile.TemporaryDirectory(dir=DATA, prefix="fetched-") as work:
            # whose image it is and whether to trust it is for who names it
            run(["skopeo", "--insecure-policy", "copy", source(reference()), f"docker-archive:{work}/image.tar:{name}"])
            docker("load", "--input", f"{work}/image.tar")


def build(image):
    """Import as `image` what $HOST_IMAGE becomes; fetch() was called."""
    busybox = shutil.which("busybox", path="/bin:/usr/bin")
    derived.make(_name(), image, RECIPE / "build.sh", busybox)
