# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every path of the host that a container asks to have mounted, in whichever of Docker's ways. Pure.

moby: daemon/volume/mounts/linux_parser.go (Binds, Mounts), daemon/volume/local/local_unix.go (a volume's options).
"""

import re
from typing import Any, Iterator, List, Mapping, NamedTuple, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Meaningless
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import clean

PROPAGATIONS = frozenset(("private", "rprivate", "slave", "rslave", "shared", "rshared"))
# A local volume of these types shows the host's own, whatever `device` says: dockerd mounts it in the host's namespaces.
_KERNEL_TYPES = {
    "proc": "/proc",
    "sysfs": "/sys",
    "cgroup": "/sys/fs/cgroup",
    "cgroup2": "/sys/fs/cgroup",
    "cpuset": "/sys/fs/cgroup",
    "debugfs": "/sys/kernel/debug",
    "tracefs": "/sys/kernel/tracing",
    "securityfs": "/sys/kernel/security",
    "configfs": "/sys/kernel/config",
    "bpf": "/sys/fs/bpf",
    "efivarfs": "/sys/firmware/efi/efivars",
    "devtmpfs": "/dev",
    "devpts": "/dev/pts",
    "mqueue": "/dev/mqueue",
    "hugetlbfs": "/dev/hugepages",
    "binder": "/dev/binderfs",
    "functionfs": "/dev/usb-ffs",
    "binfmt_misc": "/proc/sys/fs/binfmt_misc",
    "nfsd": "/proc/fs/nfsd",
    "pstore": "/sys/fs/pstore",
    "fusectl": "/sys/fs/fuse/connections",
    "selinuxfs": "/sys/fs/selinux",
    "smackfs": "/sys/fs/smackfs",
    "resctrl": "/sys/fs/resctrl",
    "rpc_pipefs": "/run/rpc_pipefs",
    "xenfs": "/proc/xen",
}
_MEMORY_TYPES = frozenset(("tmpfs", "ramfs"))
_NETWORK_TYPES = frozenset(("nfs", "nfs4", "cifs", "smb3", "ceph", "9p", "glusterfs", "lustre", "afs", "ocfs2"))
# Another kernel filesystem than these is the host's as well; its own place is not known here.
_ELSEWHERE = "/sys/fs/"
_THIS_HOST = re.compile(
    r"(localhost|ip6-localhost|127(\.\d+){1,3}|0\.0\.0\.0|\[?(::1?|::ffff:127(\.\d+){3})\]?)$", re.I
)


class HostMount(NamedTuple):
    """source: a clean path of the host; target: where the container has it; propagation: "" for the default."""

    source: str
    target: str
    read_only: bool
    propagation: str


def requested(host_config: Mapping[str, Any], volumes: Mapping[str, Optional[Mapping[str, str]]]) -> List[HostMount]:
    """What Binds and Mounts of a HostConfig ask for. volumes: options of the local volumes there are, by name."""
    mounts: List[HostMount] = []
    for bind in host_config.get("Binds") or ():
        mounts.extend(_bind(bind, volumes))
    for mount in host_config.get("Mounts") or ():
        mounts.extend(_mount(mount, volumes))
    return mounts


def resolved(mounts: List[Mapping[str, Any]], volumes: Mapping[str, Optional[Mapping[str, str]]]) -> List[HostMount]:
    """What the engine made of it (inspect's Mounts), with what came by VolumesFrom."""
    resolved_mounts = []
    for mount in mounts:
        target, read_only = mount["Destination"], not mount["RW"]
        propagation = mount.get("Propagation") or ""
        if mount["Type"] == "bind":
            resolved_mounts.append(HostMount(clean(mount["Source"]), target, read_only, propagation))
        elif mount["Type"] == "volume":
            for source in volume_sources(volumes.get(mount.get("Name") or "") or {}):
                resolved_mounts.append(HostMount(source, target, read_only, propagation))
    return resolved_mounts


def volume_sources(options: Mapping[str, str]) -> Iterator[str]:
    """The host paths that a local volume with these options shows: `o=bind,device=/etc`, overlays, the kernel's own,
    a disk or an image file, and what the host exports to itself.
    """
    kind, device = options.get("type") or "", options.get("device") or ""
    chosen = (options.get("o") or "").split(",")
    if "bind" in chosen or "rbind" in chosen:
        if device:
            yield clean(device)
    elif kind in _KERNEL_TYPES:
        yield _KERNEL_TYPES[kind]
    elif kind == "overlay":
        for option in chosen:
            key, _equals, value = option.partition("=")
            if key in ("lowerdir", "lowerdir+", "datadir+", "upperdir", "workdir"):
                for layer in value.split(":"):
                    if layer:
                        yield clean(layer)
    elif kind in _NETWORK_TYPES or kind.startswith("fuse."):
        shared = _of_this_host(device, chosen)
        if shared:
            yield shared
    elif device.startswith("/"):
        yield clean(device)  # a disk of the host, or an image file
    elif kind and kind not in _MEMORY_TYPES and not device.startswith(("UUID=", "LABEL=")):
        yield _ELSEWHERE + kind.replace("/", "_")


def _of_this_host(device: str, chosen: List[str]) -> str:
    """The path that a server on this host exports to it, "" for another machine's; a name may be anybody's."""
    addresses = [option.partition("=")[2] for option in chosen if option.partition("=")[0] in ("addr", "ip")]
    server, colon, path = device.rpartition(":")
    if device.startswith("//"):
        server, _slash, share = device[2:].partition("/")
        path = share and "/" + share
    elif not colon:
        path = device
    servers = addresses or [server]
    return clean(path or "/") if any(map(_THIS_HOST.match, servers)) else ""


def _bind(bind: str, volumes: Mapping[str, Optional[Mapping[str, str]]]) -> Iterator[HostMount]:
    # source:target[:mode]; a target alone is an anonymous volume
    parts = bind.split(":")
    if len(parts) == 1:
        return
    source, target = parts[:2]
    chosen = parts[2].split(",") if len(parts) > 2 else ()
    propagation = next((option for option in chosen if option in PROPAGATIONS), "")
    sources = (clean(source),) if source.startswith("/") else volume_sources(volumes.get(source) or {})
    for path in sources:
        yield HostMount(path, target, "ro" in chosen, propagation)


def _mount(mount: Mapping[str, Any], volumes: Mapping[str, Optional[Mapping[str, str]]]) -> Iterator[HostMount]:
    # API keys are matched without regard to case by Go's decoder only in requests; engines write them like this
    kind, target, read_only = mount.get("Type"), mount.get("Target") or "", bool(mount.get("ReadOnly"))
    if kind == "bind":
        propagation = (mount.get("BindOptions") or {}).get("Propagation") or ""
        if not mount.get("Source"):
            raise Meaningless(f"the bind mount at {target!r} has no Source")
        yield HostMount(clean(mount["Source"]), target, read_only, propagation)
    elif kind == "volume":
        driver = (mount.get("VolumeOptions") or {}).get("DriverConfig") or {}
        options = driver.get("Options") if driver.get("Name") in (None, "", "local") else None
        for source in volume_sources(options or volumes.get(mount.get("Source") or "") or {}):
            yield HostMount(source, target, read_only, "")
