# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule userns-remap."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..recorded import EVERY_RECORDED
from ..subjects import GONE, Case, both

WITHOUT = ["name=seccomp,profile=builtin", "name=cgroupns"]
IDENTITY = [(0, 0, 4294967295)]
CASES = (
    Case("daemon", "pass", "in the file and in force"),
    Case(
        "daemon",
        "fail",
        "images in containerd's store",
        {
            ("info", "SecurityOptions"): WITHOUT,
            ("info", "DriverStatus"): [["driver-type", "io.containerd.snapshotter.v1"]],
        },
        "has to go first",
    ),
    Case("daemon", "fail", "file edited, daemon not restarted", {("info", "SecurityOptions"): WITHOUT}, "lacks"),
    Case(
        "daemon",
        "fail",
        "stopped, and off for the next start",
        {
            "info": Unreadable("docker.service is inactive"),
            ("configured", "userns-remap"): "",
        },
        "not set",
    ),
    Case(
        "daemon",
        "fail",
        "the first range of subordinate uids starts at 0, that of gids doesn't",
        {("info", "DockerRootDir"): "/var/lib/docker/0.100000"},
        "root stays root",
    ),
    Case(
        "daemon",
        "pass",
        "a rootless daemon's containers are never root on the host",
        {
            ("info", "SecurityOptions"): WITHOUT + ["name=rootless"],
        },
    ),
    Case(
        "daemon",
        "fail",
        "root remapped to itself, as root",
        {"info": Unreadable("docker.service is inactive"), ("configured", "userns-remap"): "root"},
        "no remapping",
    ),
    Case(
        "daemon",
        "fail",
        "root remapped to itself, as 0:0",
        {"info": Unreadable("docker.service is inactive"), ("configured", "userns-remap"): "0:0"},
        "no remapping",
    ),
    Case(
        "daemon",
        "fail",
        "root remapped to itself, as root:root",
        {"info": Unreadable("docker.service is inactive"), ("configured", "userns-remap"): "root:root"},
        "no remapping",
    ),
    Case(
        "daemon",
        "fail",
        "root remapped to itself, as root:daemon",
        {"info": Unreadable("docker.service is inactive"), ("configured", "userns-remap"): "root:daemon"},
        "no remapping",
    ),
    Case("daemon", "unknown", "the daemon hangs", {"info": Unreadable("no answer within 5 s")}, "no answer"),
    Case("container", "pass", "mapped"),
    Case(
        "container",
        "fail",
        "asked for the host's on a remapped daemon",
        {
            ("inspect", "HostConfig", "UsernsMode"): "host",
            "uid_map": IDENTITY,
        },
        "root on the host",
    ),
    Case(
        "container",
        "fail",
        "the daemon doesn't remap",
        {
            ("daemon", "info", "SecurityOptions"): WITHOUT,
            "uid_map": IDENTITY,
        },
    ),
    Case(
        "container",
        "fail",
        "a mapping in which another uid is the host's root",
        {
            "uid_map": [(0, 100000, 1000), (1000, 0, 1)],
        },
        "uid 1000 inside",
    ),
    Case("container", "pass", "stopped, on a remapped daemon", {"uid_map": GONE}, "the daemon remaps"),
    Case(
        "container",
        "fail",
        "stopped, asked for the host's",
        {
            "uid_map": GONE,
            ("inspect", "HostConfig", "UsernsMode"): "host",
        },
        "asked for the host's",
    ),
    Case(
        "container",
        "fail",
        "a request for the host's, no daemon known",
        {
            "uid_map": GONE,
            "daemon": GONE,
            ("inspect", "HostConfig", "UsernsMode"): "host",
        },
    ),
    Case("container", "unknown", "gone while looked at", {"uid_map": Unreadable("process 4242 ended")}),
)
DOUBT = {
    "runtime_doubt": "the runtime sysbox-runc (/usr/bin/sysbox-runc) may change what a container is made of",
    ("daemon", "info", "SecurityOptions"): WITHOUT,
}
CASES += (
    Case("container", "pass", "a runtime that makes a user namespace at each start", DOUBT),
    Case(
        "container", "fail", "another runtime that makes none", both(DOUBT, {"uid_map": IDENTITY}), "root on the host"
    ),
    Case("container", "unknown", "stopped, of another runtime", both(DOUBT, {"uid_map": GONE}), "sysbox-runc"),
)

RECORDED = dict.fromkeys(EVERY_RECORDED, [])
CREATED = {
    "privileged-with-the-host": [("remove", "--userns=host", "userns_mode: host")],
    "userns": [("remove", "--userns=host", "userns_mode: host")],
}
