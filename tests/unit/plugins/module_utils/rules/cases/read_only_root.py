# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule read-only-root."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.members import View
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo

from ..recorded import EVERY_CREATED, EVERY_RECORDED
from ..subjects import GONE, Case, both

REQUESTED = ("inspect", "HostConfig", "ReadonlyRootfs")


def root(options="rw", filesystem="rw", more=b""):
    line = "700 600 0:60 / / %s,relatime - overlay overlay %s,lowerdir=/a\n" % (options, filesystem)
    return parse_mountinfo(line.encode() + more)


def make_good(kind, evidence):
    if kind == "container":
        evidence["inspect"]["HostConfig"]["ReadonlyRootfs"] = True
        evidence["mounts"] = [
            mount._replace(options=mount.options - {"rw"} | {"ro"}) if mount.point == "/" else mount
            for mount in evidence["mounts"]
        ]


STOPPED = {"mounts": GONE}
VIEW = View(4300, {}, root(), [])
CASES = (
    Case("container", "pass", "asked for and in the kernel", seen="mounted read-only"),
    Case("container", "pass", "a filesystem that is read-only itself", {"mounts": root("rw", "ro")}, "read-only"),
    Case("container", "pass", "stopped", STOPPED, "ReadonlyRootfs is true"),
    Case(
        "container",
        "pass",
        "a writable volume in it",
        {"mounts": root("ro", more=b"701 700 254:1 /v /data rw - ext4 /dev/vda1 rw\n")},
        "read-only",
    ),
    Case("container", "fail", "never asked for", {REQUESTED: False, "mounts": root()}, "read-write"),
    Case("container", "fail", "never asked for, stopped", both({REQUESTED: False}, STOPPED), "ReadonlyRootfs is false"),
    Case(
        "container", "fail", "a request that doesn't ask", both({REQUESTED: None}, STOPPED), "ReadonlyRootfs is false"
    ),
    Case("container", "fail", "mounted read-only by hand, until its next start", {REQUESTED: False}, "is false"),
    Case("container", "fail", "mounted read-write again from inside", {"mounts": root()}, "read-write"),
    Case("container", "fail", "writable for one thread", {"views": [VIEW]}, "process 4300"),
    Case(
        "container",
        "fail",
        "an option that only looks like it",
        {"mounts": root("rw", "rw,uppername=ro")},
        "read-write",
    ),
    Case("container", "unknown", "its mounts can't be read", {"mounts": Unreadable("process 4242 ended")}, "4242"),
    Case("container", "unknown", "no root among its mounts", {"mounts": []}, "no root mount"),
    Case("container", "unknown", "stopped, not a boolean", both({REQUESTED: "true"}, STOPPED), "true or false"),
    Case("container", "unknown", "not all was looked at", {"incomplete": "more than 4096 threads"}, "4096"),
)

RECORDED = dict.fromkeys(EVERY_RECORDED, ["add --read-only"])
CREATED = dict.fromkeys(EVERY_CREATED, [("add", "--read-only", "read_only: true")])
