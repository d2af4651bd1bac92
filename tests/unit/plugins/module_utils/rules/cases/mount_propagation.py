# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule mount-propagation."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..mounting import VOLUMES_FROM_REQUESTED, binds, engine_mounts, mounted, mounts
from ..subjects import Case


def tagged(tags):
    return mounted(b"900 700 254:1 /srv /x rw,relatime " + tags + b"- ext4 /dev/vda1 rw")


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
        mounts({"Type": "bind", "Source": "/srv", "Target": "/x", "BindOptions": {"Propagation": "shared"}}),
        "'/x' is shared",
    ),
    Case(
        "container",
        "fail",
        "by VolumesFrom, as the engine shows it",
        engine_mounts("bind", "/srv", Propagation="rshared"),
        "'/x' is rshared",
    ),
    Case(
        "container",
        "unknown",
        "by VolumesFrom, in a create request",
        VOLUMES_FROM_REQUESTED,
        "other",
    ),
    Case("container", "fail", "the kernel shows the host's peer group", tagged(b"shared:1 "), "shared:1 at '/x'"),
    Case("container", "fail", "a slave that is shared with the host as well", tagged(b"master:9 shared:1 ")),
    Case("container", "pass", "a peer group of its own, as systemd in a container makes", tagged(b"shared:77 ")),
    Case("container", "pass", "a slave of the host's", tagged(b"master:1 propagate_from:2 ")),
    Case("container", "unknown", "gone while looked at", {"mounts": Unreadable("process 4242 ended")}, "4242"),
    Case("container", "unknown", "the host's mounts can't be read", {("host", "mounts"): Unreadable("only root")}),
)

CREATED = {
    "shared": [
        ("remove", "--volume=/srv/shared:/shared:rw,rshared", 'volumes: ["/srv/shared:/shared:rw,rshared"]'),
        ("add", "--volume=/srv/shared:/shared:rw,rslave", 'volumes: ["/srv/shared:/shared:rw,rslave"]'),
    ],
    "shared-by-mount": [
        (
            "remove",
            "--mount=type=bind,source=/srv/shared,target=/shared,bind-propagation=shared",
            "volumes: [{type: bind, source: /srv/shared, target: /shared, bind: {propagation: shared}}]",
        ),
        (
            "add",
            "--mount=type=bind,source=/srv/shared,target=/shared,bind-propagation=slave",
            "volumes: [{type: bind, source: /srv/shared, target: /shared, bind: {propagation: slave}}]",
        ),
    ],
    "shared-and-sensitive": [("remove", "--volume=/etc:/shared:shared", 'volumes: ["/etc:/shared:shared"]')],
}
