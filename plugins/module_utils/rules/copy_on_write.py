# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each container writes to a layer of its own over shared image layers that nobody writes."""

from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info as engine_info
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.linux.mount_table import root_mount

KEY = "storage-driver"
# Graph drivers and containerd's snapshotters that copy on write and are maintained.
_GOOD = ("overlay2", "overlayfs", "fuse-overlayfs", "btrfs", "zfs", "stargz", "soci", "nydus", "overlaybd", "erofs")
_BAD = {
    "vfs": "copies the whole image for each container instead of sharing its layers",
    "native": "copies the whole image for each container instead of sharing its layers",
    "aufs": "is outside the kernel, unmaintained, and was removed in Docker 24.0",
    "devicemapper": "was removed in Docker 25.0, and by default kept its data in a loop file",
    "overlay": "was removed in Docker 24.0; it can't keep the layers of an image apart without linking their files",
}
_FILESYSTEMS = ("overlay", "fuse.fuse-overlayfs", "fuse-overlayfs", "btrfs", "zfs")


def _verdict(driver: str, where: str) -> Verdict:
    if driver in _BAD:
        return Verdict(False, f"{where} {driver} {_BAD[driver]}")
    if driver in _GOOD:
        return Verdict(True, f"{where} {driver} copies on write")
    return Verdict(None, f"{where} {driver!r} is none that this rule knows")


def _daemon_configured(evidence: Evidence) -> Optional[Verdict]:
    driver = evidence["configured"].get(KEY)
    return _verdict(driver, "the configured storage driver") if driver else None


def _daemon_effective(evidence: Evidence) -> Verdict:
    info = evidence["info"]
    verdict = _verdict(engine_info.field(info, "Driver"), "the storage driver")
    if verdict.ok and ["Supports d_type", "false"] in (info.get("DriverStatus") or ()):
        return Verdict(False, f"{info['Driver']} on a filesystem without d_type loses deletions")
    return verdict


def _container_effective(evidence: Evidence) -> Optional[Verdict]:
    driver = evidence["inspect"].get("Driver")
    if not driver:  # the containerd image store of 29 names its snapshotter elsewhere
        storage = (evidence["inspect"].get("Storage") or {}).get("RootFS") or {}
        driver = (storage.get("Snapshot") or {}).get("Name")
    return _verdict(driver, "its storage driver") if driver else None


def _container_kernel(evidence: Evidence) -> Verdict:
    root = root_mount(evidence["mounts"])
    if root.fstype not in _FILESYSTEMS:
        return Verdict(False, f"its root is the directory {root.root!r} of a {root.fstype} filesystem, not a layer")
    if root.fstype != "btrfs" and root.root != "/":
        # as with vfs on a host whose own root is an overlay: the mount is a part of the host's, bound here
        return Verdict(False, f"its root is the directory {root.root!r} of the host's {root.fstype}, not a layer")
    if root.fstype in ("btrfs", "zfs"):
        if root.fstype == "btrfs" and "/vfs/dir/" in root.root + "/":
            return Verdict(False, f"its root is the directory {root.root!r} of vfs, not a subvolume of its own")
        if root.fstype == "btrfs" and root.root == "/":
            return Verdict(False, "its root is a whole btrfs filesystem, not a subvolume of its own")
        return Verdict(True, f"its root is a {root.fstype} snapshot")
    if root.fstype != "overlay":
        return Verdict(True, f"its root is a {root.fstype} mount of its own")
    upper = _option(root.super_options, "upperdir")
    if upper is None:
        return Verdict(True, "its root is an overlay that nobody can write")
    data = (evidence["inspect"].get("GraphDriver") or {}).get("Data") or {}
    own = data.get("UpperDir")
    if own and not (own == upper or own.endswith("/" + upper)):  # relative where the options would be too long
        return Verdict(False, f"it writes to {upper!r}, and its own layer is {own!r}")
    return Verdict(True, "its root is an overlay with an upper directory of its own")


def _option(options: str, name: str) -> Optional[str]:
    for option in options.split(","):
        key, equals, value = option.partition("=")
        if key == name and equals:
            return value
    return None


RULE = Rule(
    id="copy-on-write",
    title="Each container writes to a layer of its own",
    severity="medium",
    weakness={
        "daemon": "the storage driver does not keep each container's writes in a layer of its own",
        "container": "its writes are not kept in a layer of its own",
    },
    rationale=(
        "With copy on write, what one container changes can't reach the image or another container, and is gone when "
        "the container is removed. A driver that shares a writable directory gives that up; one that copies whole "
        "images fills the disk; one that nobody maintains keeps its flaws."
    ),
    remediation=(
        "Set storage-driver to overlay2 (or leave it out, so that Docker chooses) on a filesystem with d_type. Images "
        "and containers of the old driver stay on the disk but are not seen: save and load what is needed."
    ),
    references={
        "CIS 1.6": ("2.6",),
        "CIS 1.8": ("2.6", "2.7"),
        "STIG": ("DKER-EE-001810",),
        "NIST SP 800-190": ("4.4.3", "4.5.5"),
    },
    reads=(
        "container.inspect",
        "container.mounts",
        "daemon.configured",
        "daemon.info",
    ),
    daemon={"configured": _daemon_configured, "effective": _daemon_effective},
    container={"effective": _container_effective, "kernel": _container_kernel},
    frozen="create",
)
