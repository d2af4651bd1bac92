# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule engine-sockets."""

from ansible_collections.containment.docker.plugins.module_utils.rule import Unreadable

from ..mounting import VOLUMES_FROM_REQUESTED, binds, engine_mounts, mounted, mounts, volume
from ..subjects import Case

CASES = (
    Case("container", "pass", "none"),
    Case("container", "fail", "Docker's, read-only, by the old name", binds("/var/run/docker.sock:/s:ro"), "/run/d"),
    Case("container", "fail", "containerd's", binds("/run/containerd/containerd.sock:/s"), "containerd.sock"),
    Case("container", "fail", "Podman's", binds("/run/podman/podman.sock:/s"), "podman.sock"),
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
        "the host's /run",
        mounted(
            b"900 700 0:23 / /host/run ro,nosuid - tmpfs tmpfs rw",
        ),
        "/run, which contains",
    ),
    Case("container", "pass", "a tmpfs of its own at /run", mounted(b"900 700 0:99 / /run rw - tmpfs tmpfs rw")),
    Case("container", "unknown", "gone while looked at", {"mounts": Unreadable("process 4242 ended")}, "4242"),
)
