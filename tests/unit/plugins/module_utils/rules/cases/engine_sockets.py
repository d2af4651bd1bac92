# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule engine-sockets."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.places import NotLooked, Place

from ..mounting import VOLUMES_FROM_REQUESTED, at, binds, engine_mounts, host_has, mounted, mounts, volume
from ..subjects import HOST_NAMESPACES, Case, both, places_at

SOCKET = Place("/run/docker.sock", "socket", (5, 77))
LINKED = SOCKET._replace(names=2)


def linked(answer):
    """The engine's socket has two names on the filesystem of /srv; name_below finds this."""
    places = {"/run/docker.sock": LINKED, "/srv/data": Place("/srv/data", "dir", (5, 1))}

    def name_below(_path, identity):
        assert identity == LINKED.identity
        if isinstance(answer, Exception):
            raise answer
        return answer

    return {("host", "place_at"): places_at(places), ("host", "name_below"): name_below}


def in_hosts_network(*names):
    """A container in the host's network namespace, where these abstract sockets listen."""
    return {("namespaces", "net"): HOST_NAMESPACES["net"], ("host", "abstract_sockets"): list(names)}


CASES = (
    Case("container", "pass", "none"),
    Case("container", "fail", "Docker's, read-only, by the old name", binds("/var/run/docker.sock:/s:ro"), "/run/d"),
    Case("container", "fail", "containerd's", binds("/run/containerd/containerd.sock:/s"), "containerd.sock"),
    Case("container", "fail", "Podman's", binds("/run/podman/podman.sock:/s"), "podman.sock"),
    Case("container", "fail", "NRI's", binds("/run/nri/nri.sock:/s"), "nri.sock"),
    Case("container", "fail", "CRI-O's directory", binds("/var/run/crio:/s"), "contains /run/crio/crio.sock"),
    Case("container", "fail", "/run", binds("/run:/host/run:ro"), "contains /run/docker.sock"),
    Case("container", "fail", "/", binds("/:/host:ro"), "contains /run/docker.sock"),
    Case("container", "fail", "containerd's directory with ..", binds("/run/lock/../containerd/:/s"), "containerd"),
    Case("container", "fail", "an engine without root", binds("/run/user/1000/docker.sock:/s"), "docker.sock"),
    Case("container", "fail", "the directory of an engine without root", binds("/run/user/1000:/s"), "/run/user/1000"),
    Case("container", "fail", "an engine's socket in an odd place", binds("/srv/engine/docker.sock:/s"), "/srv/engine"),
    Case(
        "container",
        "fail",
        "where this daemon listens",
        {
            ("daemon", "running", "hosts"): ["unix:///srv/engine/api"],
            **binds("/srv/engine:/s"),
        },
        "contains /srv/engine/api",
    ),
    Case(
        "container",
        "fail",
        "where this daemon's containerd listens",
        {
            ("daemon", "configured", "containerd"): "/srv/containerd/api",
            **binds("/srv/containerd/api:/s"),
        },
        "/srv/containerd/api",
    ),
    Case(
        "container",
        "fail",
        "allowed mounts allow no socket",
        {
            ("policy", "allowed_mounts"): ("/run",),
            **binds("/run/docker.sock:/s"),
        },
    ),
    Case(
        "container",
        "fail",
        "by Mounts",
        mounts({"Type": "bind", "Source": "/run/docker.sock", "Target": "/s", "ReadOnly": True}),
        "/run/docker.sock",
    ),
    Case(
        "container",
        "fail",
        "by a volume's options",
        volume("/s", type="none", o="bind", device="/run"),
        "/run",
    ),
    Case(
        "container",
        "fail",
        "by VolumesFrom",
        engine_mounts("bind", "/run/docker.sock", Destination="/s", RW=False),
        "/run/docker.sock",
    ),
    Case(
        "container",
        "unknown",
        "by VolumesFrom, in a create request",
        VOLUMES_FROM_REQUESTED,
        "other",
    ),
    Case("container", "pass", "names that only look like it", binds("/srv/docker.sock.d:/a", "/runner:/b")),
    Case("container", "pass", "another directory of /run is another rule's", binds("/run/dbus:/a")),
    Case(
        "container",
        "fail",
        "the kernel alone shows it: the source was a link",
        mounted(
            b"900 700 0:23 /docker.sock /tmp/harmless rw,nosuid - tmpfs tmpfs rw",
        ),
        "/run/docker.sock is mounted at '/tmp/harmless'",
    ),
    Case(
        "container",
        "fail",
        "a socket on a filesystem that the host's first process does not see",
        mounted(
            b"900 700 0:99 /engine/docker.sock /s rw,nosuid - tmpfs tmpfs rw",
        ),
        "/engine/docker.sock",
    ),
    Case(
        "container",
        "fail",
        "a socket on a filesystem that the host's first process does not see, after its file was deleted",
        mounted(
            b"900 700 0:99 /engine/docker.sock//deleted /s rw,nosuid - tmpfs tmpfs rw",
        ),
        "/engine/docker.sock",
    ),
    Case(
        "container",
        "fail",
        "the host's /run",
        mounted(
            b"900 700 0:23 / /host/run ro,nosuid - tmpfs tmpfs rw",
        ),
        "/run, which contains",
    ),
    Case("container", "pass", "a tmpfs of its own at /run", mounted(b"900 700 0:99 / /run rw - tmpfs tmpfs rw")),
    Case("container", "unknown", "gone while looked at", {"mounts": Unreadable("process 4242 ended")}, "4242"),
)
CASES += (
    Case(
        "container",
        "fail",
        "another hard link to the socket",
        both(
            {("host", "place_at"): places_at({"/run/docker.sock": LINKED, "/srv/s": LINKED._replace(path="/srv/s")})},
            binds("/srv/s:/s"),
        ),
        "/srv/s, which is /run/docker.sock by another name",
    ),
    Case(
        "container",
        "fail",
        "the same in the kernel",
        both(
            {("host", "place_at"): places_at({"/run/docker.sock": LINKED, "/srv/s": LINKED._replace(path="/srv/s")})},
            mounted(b"900 700 254:1 /srv/s /s rw - ext4 /dev/vda1 rw"),
        ),
        "by another name",
    ),
    Case(
        "container",
        "fail",
        "a directory with another hard link in it",
        both(linked("/srv/data/deep/s"), binds("/srv/data:/x")),
        "contains /srv/data/deep/s, another name of /run/docker.sock",
    ),
    Case("container", "pass", "a directory beside the other link", both(linked(None), binds("/srv/data:/x"))),
    Case(
        "container",
        "unknown",
        "a directory too large to be looked through",
        both(linked(NotLooked("there are more than 50000 files")), engine_mounts("bind", "/srv/data")),
        "more than 50000",
    ),
    Case(
        "container",
        "fail",
        "a link to the directory of the socket, before it runs",
        both(binds("/srv/a:/x"), at("/srv/a", Place("/run", "dir"))),
        "/run, which contains",
    ),
    Case(
        "container",
        "fail",
        "a bind of the socket elsewhere on the host",
        both(host_has(b"50 27 0:23 /docker.sock /srv/s rw - tmpfs tmpfs rw"), binds("/srv/s:/s")),
        "/run/docker.sock",
    ),
    Case(
        "container",
        "fail",
        "a directory in which the host has bound the socket",
        both(host_has(b"50 27 0:23 /docker.sock /srv/x/y rw - tmpfs tmpfs rw"), binds("/srv/x:/s")),
        "/run/docker.sock",
    ),
    Case("container", "fail", "through a process", binds("/proc/1/root/run:/s"), "/run, which contains"),
    Case("container", "fail", "through a thread's", binds("/proc/self/task/7/root/:/s"), "/, which contains"),
    Case("container", "fail", "an abstract one in the host's network", in_hosts_network("x", "docker"), "@docker"),
    Case("container", "pass", "others in the host's network", in_hosts_network("/tmp/dbus-1")),
    Case("container", "pass", "an abstract one that it doesn't reach", {("host", "abstract_sockets"): ["docker"]}),
)

RECORDED = {"docker-socket": ["remove --volume=/var/run/docker.sock:/var/run/docker.sock:ro"]}
CREATED = {
    "socket": [
        (
            "remove",
            "--volume=/var/run/docker.sock:/var/run/docker.sock:ro",
            'volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]',
        )
    ]
}
