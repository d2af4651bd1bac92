# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule mount-propagation."""

from ansible_collections.containment.docker.plugins.module_utils.procfs import parse_mountinfo
from ansible_collections.containment.docker.plugins.module_utils.rule import Unreadable

from ..subjects import GONE, MOUNTINFO, Case

HOST = ("inspect", "HostConfig")
STOPPED = {"mounts": GONE, "processes": GONE}


def binds(*asked):
    return {HOST + ("Binds",): list(asked), **STOPPED}


def mounted(tags):
    line = b"900 700 254:1 /srv /x rw,relatime " + tags + b"- ext4 /dev/vda1 rw\n"
    return {"mounts": parse_mountinfo(MOUNTINFO + line)}


CASES = (
    Case("container", "pass", "private, the default"),
    Case("container", "fail", "rshared", binds("/srv:/x:rshared"), "'/x' is rshared"),
    Case("container", "fail", "shared among other options", binds("/srv:/x:ro,Z,shared"), "'/x' is shared"),
    Case("container", "pass", "slave", binds("/srv:/x:rslave", "/srv/a:/y:slave")),
    Case("container", "pass", "a directory called shared", binds("/srv/shared:/shared")),
    Case(
        "container",
        "fail",
        "by Mounts",
        {
            HOST + ("Mounts",): [
                {"Type": "bind", "Source": "/srv", "Target": "/x", "BindOptions": {"Propagation": "shared"}},
            ],
            **STOPPED,
        },
        "'/x' is shared",
    ),
    Case(
        "container",
        "fail",
        "by VolumesFrom, as the engine shows it",
        {
            ("inspect", "Mounts"): [
                {"Type": "bind", "Source": "/srv", "Destination": "/x", "RW": True, "Propagation": "rshared"},
            ],
            **STOPPED,
        },
        "'/x' is rshared",
    ),
    Case(
        "container",
        "unknown",
        "by VolumesFrom, in a create request",
        {
            HOST + ("VolumesFrom",): ["other"],
            ("inspect", "Mounts"): GONE,
            **STOPPED,
        },
        "other",
    ),
    Case("container", "fail", "the kernel shows the host's peer group", mounted(b"shared:1 "), "shared:1 at '/x'"),
    Case("container", "fail", "a slave that is shared with the host as well", mounted(b"master:9 shared:1 ")),
    Case("container", "pass", "a peer group of its own, as systemd in a container makes", mounted(b"shared:77 ")),
    Case("container", "pass", "a slave of the host's", mounted(b"master:1 propagate_from:2 ")),
    Case("container", "unknown", "gone while looked at", {"mounts": Unreadable("process 4242 ended")}, "4242"),
    Case("container", "unknown", "the host's mounts can't be read", {("host", "mounts"): Unreadable("only root")}),
)
