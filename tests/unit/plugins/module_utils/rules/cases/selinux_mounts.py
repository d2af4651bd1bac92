# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule selinux-mounts."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.mount_table import host_mounts
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo

from ..selinux_world import MODE, REQUIRED, silent
from ..subjects import GONE, HOST_MOUNTINFO, MOUNTINFO, Case, both, process

BINDS, MOUNTS = ("inspect", "HostConfig", "Binds"), ("inspect", "Mounts")
NET = "0:99"
HOST_NFS = {
    ("host", "mounts"): host_mounts(parse_mountinfo(HOST_MOUNTINFO + b"99 27 0:99 / /net rw - nfs4 server:/ rw\n"))
}


def mounted(root, device=b"254:1", tail=b"- ext4 /dev/vda1 rw", options=b"rw"):
    """A running container with a part of the host at /x."""
    line = b"900 700 %s %s /x %s,relatime %s\n" % (device, root, options, tail)
    return {BINDS: ["/srv/x:/x"], "mounts": parse_mountinfo(MOUNTINFO + line)}


def stopped(*mounts):
    """A stopped container that the engine mounts this in at its next start."""
    return {"processes": GONE, "mounts": GONE, BINDS: ["/srv/x:/x"], MOUNTS: list(mounts)}


def bind(source, mode=""):
    return {"Type": "bind", "Source": source, "Destination": "/x", "Mode": mode, "RW": True, "Propagation": "rprivate"}


def nfs(tail):
    return both(HOST_NFS, mounted(b"/share", NET.encode(), tail))


def by(domain, changes):
    return both(changes, {"processes": [process(label="system_u:system_r:%s:s0:c12,c345" % domain)]})


CASES = (
    Case("container", "pass", "nothing of the host", seen="nothing of the host"),
    Case("container", "pass", "shared, as by :z", mounted(b"/srv/shared")),
    Case("container", "pass", "its own, as by :Z", mounted(b"/srv/own")),
    Case(
        "container",
        "fail",
        "another container's",
        mounted(b"/srv/others"),
        "may not getattr, open, read, search, write",
    ),
    Case(
        "container",
        "fail",
        "another's, read-only",
        mounted(b"/srv/others", options=b"ro"),
        "may not getattr, open, read, search there",
    ),
    Case("container", "fail", "unlabelled", mounted(b"/srv/plain"), "'/x' is system_u:object_r:var_t:s0, and"),
    Case(
        "container", "fail", "the host's, which the policy lets each use", mounted(b"/srv/public"), "of the host's own"
    ),
    Case(
        "container",
        "pass",
        "time zones, read-only, as /etc/localtime:ro",
        mounted(b"/usr/share/zoneinfo", options=b"ro"),
    ),
    Case("container", "fail", "the same for writing", mounted(b"/usr/share/zoneinfo"), "may not write"),
    Case(
        "container",
        "fail",
        "the site's own type, which its policy lets each read",
        mounted(b"/srv/site", options=b"ro"),
        "of the host's own",
    ),
    Case(
        "container", "pass", "a domain of its own, made for the host's type", by("web.process", mounted(b"/srv/plain"))
    ),
    Case("container", "fail", "a domain of its own, another type", by("web.process", mounted(b"/srv/others"))),
    Case("container", "unknown", "it is not there any more", mounted(b"/srv/gone"), "No such file"),
    Case(
        "container",
        "pass",
        "NFS, where the policy allows it",
        nfs(b"- nfs4 server:/ rw,vers=4.2"),
        "labelled for it: '/x'",
    ),
    Case("container", "unknown", "NFS with labels of its own", nfs(b"- nfs4 server:/ rw,seclabel"), "isn't waited for"),
    Case("container", "unknown", "a network filesystem of another kind", nfs(b"- 9p share rw"), "type 9p"),
    Case(
        "container",
        "pass",
        "mounted with a context",
        nfs(b'- nfs server:/ rw,context="system_u:object_r:container_file_t:s0:c12,c345"'),
    ),
    Case(
        "container",
        "fail",
        "mounted with another's",
        nfs(b'- nfs server:/ rw,context="system_u:object_r:container_file_t:s0:c1,c2"'),
    ),
    Case(
        "container",
        "pass",
        "a kernel that can't be asked, by the categories",
        both({("host", "selinux_access"): silent}, mounted(b"/srv/own")),
    ),
    Case(
        "container",
        "fail",
        "a kernel that can't be asked, another's categories",
        both({("host", "selinux_access"): silent}, mounted(b"/srv/others")),
        "categories that",
    ),
    Case(
        "container",
        "unknown",
        "a kernel that can't be asked, the host's type",
        both({("host", "selinux_access"): silent}, mounted(b"/srv/plain")),
        "Permission denied",
    ),
    Case(
        "container",
        "fail",
        "a socket labelled for containers, whose server it may not connect to",
        mounted(b"/srv/agent.sock"),
        "may not connectto system_u:system_r:agent_t:s0, which serves it",
    ),
    Case(
        "container",
        "pass",
        "the same in a domain made for it, which may",
        by("web.process", mounted(b"/srv/agent.sock")),
        seen="labelled for it: '/x'",
    ),
    Case(
        "container",
        "fail",
        "its own socket, whose unconfined server each container may connect to",
        mounted(b"/srv/own.sock"),
        "each container_t connect to system_u:system_r:spc_t:s0",
    ),
    Case(
        "container",
        "fail",
        "the same, read-only, which keeps nobody from connecting",
        mounted(b"/srv/own.sock", options=b"ro"),
        "each container_t connect to",
    ),
    Case("container", "fail", "another container's socket", mounted(b"/srv/others.sock"), "may not getattr, write"),
    Case("container", "pass", "a socket that a container serves", mounted(b"/srv/db.sock")),
    Case("container", "fail", "the daemon's socket", mounted(b"/run/docker.sock"), "may not getattr, write there"),
    Case(
        "container",
        "fail",
        "the host's log, which takes datagrams of each container",
        mounted(b"/run/log.sock"),
        "each container_t connect to system_u:system_r:syslogd_t:s0",
    ),
    Case(
        "container",
        "fail",
        "the host's log, and nobody is seen to serve it",
        both({("host", "listeners_at"): lambda path: frozenset()}, mounted(b"/run/log.sock")),
        "of the host's own",
    ),
    Case(
        "container",
        "unknown",
        "a socket labelled for containers, and nobody is seen to serve it",
        mounted(b"/srv/silent.sock"),
        "who listens on it can't be seen",
    ),
    Case(
        "container",
        "unknown",
        "a socket, and a kernel that can't be asked",
        both({("host", "selinux_access"): silent}, mounted(b"/srv/agent.sock")),
        "Permission denied",
    ),
    Case("container", "unknown", "gone while looked at", {"processes": Unreadable("process 4242 ended")}),
    Case("container", "unknown", "mounts that can't be read", {"mounts": Unreadable("only root may see this")}),
    Case(
        "container",
        "not_applicable",
        "labels off, which is the fault of another rule",
        both({"processes": [process(label="system_u:system_r:spc_t:s0")]}, mounted(b"/srv/plain")),
        "spc_t",
    ),
    Case("container", "fail", "stopped, unlabelled", stopped(bind("/srv/plain")), "var_t"),
    Case("container", "pass", "stopped, unlabelled and to be relabelled", stopped(bind("/srv/plain", "ro,Z"))),
    Case(
        "container", "fail", "stopped, what the engine refuses to relabel", stopped(bind("/usr", "z")), "doesn't start"
    ),
    Case(
        "container",
        "fail",
        "stopped, a socket to be relabelled, which lets nobody connect",
        stopped(bind("/run/docker.sock", "z")),
        "may not connectto",
    ),
    Case(
        "container",
        "unknown",
        "stopped, a socket to be relabelled, and nobody is seen to serve it",
        stopped(bind("/srv/silent.sock", "Z")),
        "who listens on it can't be seen",
    ),
    Case("container", "pass", "stopped, to be made and labelled", stopped(bind("/srv/gone", "z"))),
    Case(
        "container",
        "fail",
        "stopped, a link to what the engine refuses to relabel",
        stopped(bind("/srv/link", "z")),
        "refuses to relabel /etc, and the container doesn't start",
    ),
    Case(
        "container",
        "fail",
        "stopped, to be relabelled on a filesystem without labels of its own",
        stopped(bind("/cd", "z")),
        "is system_u:object_r:iso9660_t:s0, and",
    ),
    Case(
        "container",
        "fail",
        "stopped, to be relabelled on a read-only filesystem",
        stopped(bind("/fixed/plain", "z")),
        "read-only filesystem, which can't be relabelled",
    ),
    Case("container", "pass", "stopped, labelled already on such", stopped(bind("/fixed/shared", "z"))),
    Case("container", "pass", "stopped, NFS, where the policy allows it", stopped(bind("/net/share", "z"))),
    Case(
        "container",
        "unknown",
        "stopped, to be relabelled on a network's filesystem of another kind",
        stopped(bind("/share/x", "z")),
        "a network's filesystem",
    ),
    Case("container", "pass", "stopped, shared", stopped(bind("/srv/shared"))),
    Case("container", "unknown", "stopped, not there", stopped(bind("/srv/gone")), "No such file"),
    Case("container", "pass", "stopped, nothing of the host", {"processes": GONE, "mounts": GONE}),
    Case("container", "not_applicable", "a kernel without SELinux", both({MODE: None}, mounted(b"/srv/plain"))),
    Case(
        "container",
        "fail",
        "a kernel without SELinux, and the site demands it",
        REQUIRED,
        "no SELinux",
    ),
    Case(
        "container",
        "pass",
        "a request without mounts",
        {"host": GONE, "daemon": GONE, "processes": GONE, "mounts": GONE},
    ),
    Case(
        "container",
        "unknown",
        "another machine's engine",
        both({("daemon", "state"): "remote", "host": GONE, "others": GONE}, stopped(bind("/srv/plain"))),
    ),
)
