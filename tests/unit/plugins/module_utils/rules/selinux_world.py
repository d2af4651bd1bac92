# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""For the rules of SELinux: a small policy, the labels of a host, and the other containers."""

from typing import Any, Mapping, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo
from ansible_collections.containment.docker.plugins.module_utils.selinux import filesystems
from ansible_collections.containment.docker.plugins.module_utils.selinux.access import Decision, Unanswered
from ansible_collections.containment.docker.plugins.module_utils.selinux.listeners import Listener
from ansible_collections.containment.docker.plugins.module_utils.selinux.path_label import (
    Labelled,
    Located,
    Missing,
    NotLooked,
)
from ansible_collections.containment.docker.plugins.module_utils.selinux.peers import Peer

# Keys and values of a case's changes
MODE = ("host", "selinux")
REQUIRED = {("policy", "require_selinux"): True, MODE: None}
MCS_LABEL = "system_u:system_r:container_t:s0:c12,c345"
FILE_LABEL = "system_u:object_r:container_file_t:s0"
LABELS = {
    "/srv/shared": FILE_LABEL,
    "/srv/own": FILE_LABEL + ":c12,c345",
    "/srv/others": FILE_LABEL + ":c1,c2",
    "/srv/plain": "system_u:object_r:var_t:s0",
    "/srv/public": "system_u:object_r:public_content_t:s0",
    "/usr/share/zoneinfo": "system_u:object_r:usr_t:s0",
    "/srv/site": "system_u:object_r:site_t:s0",
    "/srv/share": "system_u:object_r:nfs_t:s0",
    "/cd": "system_u:object_r:iso9660_t:s0",
    "/fixed/plain": "system_u:object_r:var_t:s0",
    "/fixed/shared": FILE_LABEL,
    "/srv/link": "system_u:object_r:etc_t:s0",
    "/run/docker.sock": "system_u:object_r:container_var_run_t:s0",
    "/run/log.sock": "system_u:object_r:devlog_t:s0",
    "/srv/agent.sock": FILE_LABEL,
    "/srv/own.sock": FILE_LABEL + ":c12,c345",
    "/srv/others.sock": FILE_LABEL + ":c1,c2",
    "/srv/db.sock": FILE_LABEL,
    "/srv/silent.sock": FILE_LABEL,
}
FILESYSTEMS = parse_mountinfo(
    b"1 0 254:1 / / rw - ext4 /dev/vda1 rw,seclabel\n"
    b"2 1 254:2 / /cd ro - iso9660 /dev/sr0 ro\n"
    b"3 1 254:3 / /fixed ro - ext4 /dev/vda3 rw,seclabel\n"
    b"4 1 0:40 / /net rw - nfs4 server:/ rw\n"
    b"5 1 0:41 / /share rw - 9p share rw\n"
)
_PROCESS = "system_u:system_r:%s:s0"
LISTENERS = {
    "/run/docker.sock": {Listener(_PROCESS % "container_runtime_t", "unix_stream_socket")},
    "/run/log.sock": {Listener(_PROCESS % "syslogd_t", "unix_dgram_socket")},
    "/srv/agent.sock": {Listener(_PROCESS % "agent_t", "unix_stream_socket")},
    "/srv/own.sock": {Listener(_PROCESS % "spc_t", "unix_stream_socket")},
    "/srv/others.sock": {Listener(_PROCESS % "spc_t", "unix_stream_socket")},
    "/srv/db.sock": {Listener(_PROCESS % "container_t", "unix_stream_socket")},
}
# (domain, type of who serves the socket) that the policy lets connect; the first two as RHEL's does
_CONNECT = {
    ("container_t", "spc_t"),
    ("container_t", "syslogd_t"),
    ("container_t", "container_t"),
    ("web.process", "agent_t"),
}


def ask_policy(source, target, tclass, permissions):
    """As selinux_access.decide of a policy with container_t, loose_t, spc_t and web.process."""
    types = source.split(":")[2], target.split(":")[2]
    if types[0] not in ("container_t", "container_init_t", "loose_t", "lenient_t", "web.process", "spc_t"):
        raise Unanswered("the loaded policy doesn't know one of the contexts")
    if tclass in ("unix_stream_socket", "unix_dgram_socket"):
        return Decision(() if types in _CONNECT else tuple(permissions), types[0] == "lenient_t")
    if tclass == "sock_file" and types == ("container_t", "devlog_t"):
        return Decision((), False)
    if types[1].startswith("container_file"):
        own = target.split(":", 4)[4:]
        return Decision(() if not own or source.endswith(":" + own[0]) else tuple(permissions), False)
    if types[1] in ("usr_t", "site_t") and types[0] != "spc_t":
        return Decision(tuple(name for name in permissions if name not in ("getattr", "open", "read", "search")), False)
    allowed = types[1] in ("public_content_t", "nfs_t") or types in (("loose_t", "etc_t"), ("web.process", "var_t"))
    return Decision(() if allowed or types[0] == "spc_t" else tuple(permissions), types[0] == "lenient_t")


def silent(*question):
    """A kernel that can't be asked."""
    raise Unanswered("/sys/fs/selinux/access: Permission denied")


def label_at(path, device):
    """As host_evidence has it."""
    if path.startswith(("/net", "/share")):
        raise NotLooked("%s is on a network's filesystem" % path)
    if path not in LABELS:
        raise Missing("%s: No such file or directory" % path)
    return Labelled(LABELS[path], "socket" if path.endswith(".sock") else "dir", device or "254:1")


def filesystem_at(path):
    """As evidence.host has it; /srv/link leads to /etc."""
    path = "/etc" if path == "/srv/link" else path
    return Located(path, filesystems.find_holder(path, FILESYSTEMS))


def listeners_at(path):
    """As evidence.host has it."""
    return frozenset(LISTENERS.get(path, ()))


class Others(NamedTuple):
    """As selinux_peers.Peers: `db` is another container, `sidecar` one that joined whom joined says."""

    all: Mapping[str, Peer]
    joined: Any = frozenset()

    def together(self, one, others):
        """Those of others that the case says."""
        return frozenset(other for other in others if other in self.joined)


def others(joined=(), **labels):
    """db="s0:c1,c2": a container that runs with this level; stopped_db: one that doesn't."""
    peers = {"f00" + "0" * 61: Peer("f00" + "0" * 61, "web", frozenset((MCS_LABEL,)), "")}
    for name, level in labels.items():
        label = "system_u:system_r:container_t:" + level
        stops = name.startswith("stopped")
        peers[name] = Peer(name, name, frozenset() if stops else frozenset((label,)), label if stops else "")
    return Others(peers, frozenset(joined))
