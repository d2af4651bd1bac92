# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which mounts and devices a container's processes can't use any more with remapped ids. Pure, but for what it asks."""

import re
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.subject import subject_of
from ansible_collections.containment.docker.plugins.module_utils.docker_api import binds
from ansible_collections.containment.docker.plugins.module_utils.docker_api.user import uid_of
from ansible_collections.containment.docker.plugins.module_utils.forecast import mapped_access
from ansible_collections.containment.docker.plugins.module_utils.forecast.container_use import OpenFile, Use
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import CERTAIN, LIKELY, Item
from ansible_collections.containment.docker.plugins.module_utils.forecast.mapped_access import (
    UNKNOWN,
    File,
    Identity,
    Mapping,
)

NAME = "userns-remap"
# Of the file itself, and for a directory of what is in it.
_WORDS = {"read": "unreadable", "write": "unwritable"}


class _Container(NamedTuple):
    """What each mount is judged by. use: of its processes, None where it does not run."""

    name: str
    identities: Sequence[Identity]
    use: Optional[Use]
    mapping: Mapping


def of_container(name: str, evidence: Evidence) -> Iterable[Item]:
    """Say which bind mounts and devices lose their use."""
    inspect, remapping = evidence["inspect"], evidence["remapping"]
    sources = binds.resolved(inspect.get("Mounts") or [], evidence["daemon"]["volumes"])
    devices = inspect["HostConfig"].get("Devices") or ()
    if remapping.mapping is None or not (sources or devices):
        return
    use = evidence["use"] if "use" in evidence else None
    identities = use.identities if use else [_configured(inspect)]
    container = _Container(name, identities, use, remapping.mapping)
    for source in sources:
        yield from _of_mount(container, source, evidence)
    for device in devices:
        permissions = device.get("CgroupPermissions") or "rwm"
        inside = device.get("PathInContainer") or device["PathOnHost"]
        if inside != device["PathOnHost"]:
            yield _renamed(name, device["PathOnHost"], inside)
        else:
            yield from _of_device(container, inside, "w" in permissions, evidence)


def _configured(inspect: Any) -> Identity:
    """Who its first process would be. A name that only the image can resolve is UNKNOWN."""
    user, host_config = inspect["Config"].get("User") or "", inspect["HostConfig"]
    uid = uid_of(user)
    group = user.partition(":")[2]
    gid = int(group) if group.isdigit() else 0 if uid == 0 and not group else UNKNOWN
    groups = frozenset(int(item) for item in host_config.get("GroupAdd") or () if str(item).isdigit())
    added, dropped = (
        {re.sub("^CAP_", "", str(item).upper()) for item in host_config.get(key) or ()} for key in ("CapAdd", "CapDrop")
    )
    overrides = uid == 0 and ("DAC_OVERRIDE" in added or not dropped & {"ALL", "DAC_OVERRIDE"})
    return Identity(UNKNOWN if uid is None else uid, gid, groups, overrides)


def _of_mount(container: _Container, source: binds.HostMount, evidence: Evidence) -> Iterable[Item]:
    writable = not source.read_only
    items = _by_open_files(container, source)
    yield from items
    file = evidence["file_at"](source.source)
    if file is None:
        return  # the engine makes it, as the container's root, or refuses as it does now
    loss = _lost(container, file, writable)
    if loss:
        if not items:
            yield _item(container, f"{_WORDS[loss]}-mount", source.target, LIKELY, [file], loss)
        if loss == "read":
            return
    if file.kind != "dir":
        return
    tree = evidence["tree_at"](file.path)
    lost: Dict[str, List[File]] = {}
    for below in tree.files():
        lost.setdefault(_lost(container, below, writable), []).append(below)
    for word in ("read", "write"):
        if lost.get(word):
            yield _item(container, f"{_WORDS[word]}-files", source.target, LIKELY, lost[word], word)
    if tree.incomplete:
        raise Unreadable(tree.incomplete)


def _lost(container: _Container, file: File, writable: bool) -> str:
    if file.kind == "socket":  # who connects writes, also where the mount is read-only
        writable = True
    return mapped_access.lost(container.identities, file, container.mapping, writable)


def _by_open_files(container: _Container, source: binds.HostMount) -> List[Item]:
    """What its processes hold open now and could not open again."""
    broken: Dict[str, List[OpenFile]] = {}
    for open_file in container.use.open if container.use else ():
        if open_file.point != source.target or open_file.file.kind not in ("file", "dir"):
            continue
        loss = mapped_access.lost([open_file.identity], open_file.file, container.mapping, open_file.writes)
        if loss == "read" or loss == "write" and open_file.writes:
            broken.setdefault(loss, []).append(open_file)
    return [
        _item(
            container,
            f"{_WORDS[loss]}-mount",
            source.target,
            CERTAIN,
            [open_file.file for open_file in files],
            loss,
            files[0].identity.program,
        )
        for loss, files in sorted(broken.items())
    ]


def _renamed(name: str, path: str, inside: str) -> Item:
    return Item(
        NAME,
        "device-name",
        subject_of(name, inside),
        CERTAIN,
        f"the device {path} has another name inside, {inside}: for a user namespace runc binds it by that name from the "
        "host, where it is not, and the container does not start",
        "give it the host's name inside, or run the container with --userns=host",
        {"PathOnHost": path, "PathInContainer": inside},
    )


def _of_device(container: _Container, path: str, writable: bool, evidence: Evidence) -> Iterable[Item]:
    file = evidence["file_at"](path)
    if file is None:
        return
    if file.kind == "dir":
        nodes: Iterable[File] = evidence["tree_at"](file.path).files()
    else:
        nodes = (file,)
    lost: List[Tuple[str, File]] = [(_lost(container, node, writable), node) for node in nodes]
    files = [node for loss, node in lost if loss and node.kind in ("char", "block")]
    if files:
        yield _item(container, "device", path, LIKELY, files, "read" if ("read", files[0]) in lost else "write")


def _item(
    container: _Container, kind: str, target: str, sure: str, files: Sequence[File], loss: str, program: str = ""
) -> Item:
    first = files[0]
    rest = f" and {len(files) - 1} more" if len(files) > 1 else ""
    who = f"{program} holds it open, and could not {loss} it" if program else f"its processes could not {loss} it"
    own = container.identities[0].uid
    becomes = f"uid {own} becomes {mapped_access.to_host(own, container.mapping.uids)}" if own >= 0 else "its user's"
    owner = f"{first.uid}:{first.gid} with mode {first.mode:04o}"
    return Item(
        NAME,
        kind,
        subject_of(container.name, target),
        sure,
        f"{first.path}{rest} belongs to {owner}, which is nobody among the remapped ids: {who} any more",
        f"give it to the new ids ({becomes}), or let others {loss} it, or run the container with --userns=host",
        {"path": first.path, "owner": f"{first.uid}:{first.gid}", "mode": f"{first.mode:04o}", "files": len(files)},
    )
