# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Docker 29.7 says and shows of the recorded containers of 28.5, by moby's source at docker-v29.7.2.

No engine of 29 runs in the lab. Each change names where it is from: api/docs/CHANGELOG.md (API 1.52 to 1.55), api/types.
"""

import copy
import re

NAME = "docker-29.7"
_SNAPSHOTS = "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots"
# CHANGELOG, v1.52: /containers/{id}/json and /images/{name}/json
_NETWORK_SETTINGS = ("SandboxID", "SandboxKey", "Ports", "Networks")
_OMITTED_OF_IMAGES = ("Parent", "Comment", "DockerVersion", "Author")
_OMITTED_OF_CONFIG = ("Cmd", "Entrypoint", "Env", "Labels", "OnBuild", "User", "Volumes", "WorkingDir")


def rewrite(sample):
    """Return the sample of docker-28.5 as 29.7 with the containerd store, its default, would have it."""
    changed = copy.deepcopy(sample)
    info = changed["info"]
    # daemon/containerd/service.go: LayerStoreStatus; api/types/system/info.go
    info.update(
        ServerVersion="29.7.2", Driver="overlayfs", DriverStatus=[["driver-type", "io.containerd.snapshotter.v1"]]
    )
    info.pop("KernelMemoryTCP", None)
    changed["version"].update(Version="29.7.2", ApiVersion="1.55", MinAPIVersion="1.40")
    for part in changed["version"]["Components"]:
        if part["Name"] == "Engine":
            part["Version"] = "29.7.2"
    for container in changed["containers"].values():
        _rewrite_inspect(container["inspect"])
        _rewrite_image(container["image"])
        if "proc" in container:
            container["proc"]["mountinfo"] = _of_snapshots(container["proc"]["mountinfo"])
            # daemon/pkg/oci/defaults.go, from 29.5: a private time namespace
            container["namespaces"]["time"] = "time:[4026539999]"
    changed["host"]["namespaces"].setdefault("time", "time:[4026531834]")
    return changed


def _rewrite_inspect(inspect):
    # api/types/container/container.go: one of GraphDriver and Storage; daemon/inspect.go
    del inspect["GraphDriver"]
    inspect.update(Driver="overlayfs", Storage={"RootFS": {"Snapshot": {"Name": "overlayfs"}}})
    inspect["NetworkSettings"] = {key: inspect["NetworkSettings"].get(key) for key in _NETWORK_SETTINGS}
    inspect["HostConfig"].pop("KernelMemoryTCP", None)
    if not inspect["Config"].get("OnBuild"):
        inspect["Config"].pop("OnBuild", None)


def _rewrite_image(image):
    for key in _OMITTED_OF_IMAGES:
        if not image.get(key):
            image.pop(key, None)
    image.pop("GraphDriver", None)
    for key in _OMITTED_OF_CONFIG:
        if not image["Config"].get(key):
            image["Config"].pop(key, None)


def _of_snapshots(mountinfo):
    """The layers of its root are snapshots."""
    mountinfo = re.sub(r"lowerdir=[^,]*", f"lowerdir={_SNAPSHOTS}/15/fs:{_SNAPSHOTS}/10/fs", mountinfo)
    for name, directory in (("upperdir", "fs"), ("workdir", "work")):
        mountinfo = re.sub(
            rf"{name}=/var/lib/docker/overlay2/[^,\s]*", f"{name}={_SNAPSHOTS}/16/{directory}", mountinfo
        )
    return mountinfo
