# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Name what cures a denial: a label on the mount, a boolean, a port, or a waiver.

Pure, but for the questions to the kernel.
"""

from typing import NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.denials.avc import Avc
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import clean
from ansible_collections.containment.docker.plugins.module_utils.selinux import remedies, socket_access, types

# Classes of files, in the words of file contexts
_KINDS = {
    "file": "file",
    "dir": "dir",
    "lnk_file": "link",
    "sock_file": "socket",
    "fifo_file": "pipe",
    "chr_file": "char",
    "blk_file": "block",
}
_WAIVE = "leave it denied, with a waiver"
_OWN_POLICY = f"give the container a policy of its own (label=type:...), or {_WAIVE}"


class Mount(NamedTuple):
    """The bind mount or volume that a denied path is in. path: of the host; relabel: "z", "Z" or "" as it was asked for;
    by_mount: whether a --mount asks for it."""

    source: str
    target: str
    path: str
    relabel: str
    by_mount: bool = False


def describe_cure(denial: Avc, mount: Optional[Mount], policy: remedies.Policy, wanted: Sequence[str] = ()) -> str:
    """Write one sentence. mount: None where it isn't known; wanted: all that was denied there, of the denial alone if empty."""
    wanted = tuple(wanted or denial.wanted)
    if is_harmless(denial):
        return "nothing to do: the kernel looks for a module by itself, and the container goes on without one"
    if denial.tclass in _KINDS:
        return _cure_file(denial, mount, policy, wanted)
    if denial.port:
        return _cure_port(denial)
    if socket_access.NEEDS.get(denial.tclass) in wanted:
        service = types.type_of(denial.target)
        return f"it uses a socket of {service}, which no label of the socket's file makes possible: {_OWN_POLICY}"
    if denial.tclass.startswith(("capability", "cap_userns")):
        return f"its domain may not have this capability: drop it from the container, or {_WAIVE}"
    return _OWN_POLICY


def is_harmless(denial: Avc) -> bool:
    """Say whether enforcing breaks nothing by it: the kernel asked for a module, as for a protocol that isn't loaded."""
    return denial.tclass == "system" and denial.wanted == ("module_request",)


def _cure_file(denial: Avc, mount: Optional[Mount], policy: remedies.Policy, wanted: Sequence[str]) -> str:
    if mount and mount.relabel and types.type_of(denial.target) not in types.FILES:
        return "it got its label after the container was started: start the container again, which labels it anew"
    kind = _KINDS[denial.tclass]
    if kind == "socket":
        return (
            f"take the socket out: a label of its file lets nobody connect to who serves it, and is the "
            f"host's own; or {_OWN_POLICY}"
        )
    source = clean(mount.source) if mount else ""
    use = remedies.Use(
        denial.source,
        denial.target,
        kind,
        source,
        [(denial.tclass, wanted)],
        by_mount=bool(mount and mount.by_mount),
        labels=mount is not None,
    )
    if mount is None:
        remedy = remedies.describe_without_mount(use, policy)
        return remedy or f"it is in no mount of a container that is known: look what it is, or {_WAIVE}"
    return f"{inert(mount.source, 120)}: {remedies.describe(use, policy)}"


def _cure_port(denial: Avc) -> str:
    protocol, domain, current = (
        denial.tclass.partition("_")[0],
        types.type_of(denial.source),
        types.type_of(denial.target),
    )
    command = f"semanage port -a -t TYPE -p {protocol} {denial.port}"
    return f"{command}, with a TYPE that {domain} may use; it is {current}; or {_WAIVE}"
