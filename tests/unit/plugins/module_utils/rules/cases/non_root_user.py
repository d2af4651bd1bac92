# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule non-root-user."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import GONE, UNMAPPED, Case, both, process

USER, USERNS = ("inspect", "Config", "User"), ("inspect", "HostConfig", "UsernsMode")
STOPPED = dict(UNMAPPED, processes=GONE)
AS_1000 = [process(uids=(1000,) * 4)]


def stopped(user):
    """A stopped container of this user on a daemon that doesn't remap."""
    return both(STOPPED, {USER: user})


CASES = (
    Case("container", "pass", "another user on the host, after the mapping"),
    Case("container", "pass", "root inside, on a remapped daemon", {USER: ""}),
    Case("container", "pass", "not mapped, an own user", dict(UNMAPPED, processes=AS_1000), "1000"),
    Case("container", "fail", "not mapped, root", dict(UNMAPPED, processes=[process(uids=(0,) * 4)]), "process 4242"),
    Case(
        "container",
        "fail",
        "root only as the saved uid",
        dict(UNMAPPED, processes=[process(uids=(1000, 1000, 0, 1000))]),
    ),
    Case("container", "fail", "root only as the filesystem uid", {"processes": [process(uids=(1000, 1000, 1000, 0))]}),
    Case(
        "container",
        "fail",
        "entered by exec as root",
        dict(UNMAPPED, processes=AS_1000 + [process(pid=4300, uids=(0,) * 4)]),
        "process 4300",
    ),
    Case(
        "container",
        "fail",
        "started as root and stepped down: exec is root",
        both(
            UNMAPPED,
            {
                USER: "",
                "processes": AS_1000,
            },
        ),
        "which is root",
    ),
    Case(
        "container",
        "fail",
        "the host's user namespace on a remapped daemon",
        {
            USERNS: "host",
            USER: "0",
            "processes": GONE,
        },
    ),
    Case("container", "pass", "the host's user namespace, and an own user", {USERNS: "host", "processes": AS_1000}),
    Case("container", "fail", "stopped, user 0:0", stopped("0:0")),
    Case("container", "fail", "stopped, user 00", stopped("00")),
    Case("container", "fail", "stopped, user root:x", stopped("root:x")),
    Case("container", "fail", "stopped, no user", stopped("")),
    Case("container", "pass", "stopped, user 1000, group 0", stopped("1000:0")),
    Case("container", "unknown", "stopped, a name that may be uid 0 in the image", stopped("app")),
    Case(
        "container",
        "pass",
        "running, a name that the kernel shows to be no root",
        both(UNMAPPED, {USER: "app", "processes": AS_1000}),
    ),
    Case(
        "container",
        "fail",
        "running, a name that is uid 0 in the image",
        both(UNMAPPED, {USER: "toor", "processes": [process(uids=(0,) * 4)]}),
    ),
    Case(
        "container",
        "pass",
        "stopped, a rootless daemon",
        both(
            stopped("0"),
            {
                ("daemon", "info", "SecurityOptions"): ["name=rootless"],
            },
        ),
    ),
    Case(
        "container",
        "unknown",
        "a request without a user: the image decides",
        {
            USER: "",
            ("inspect", "State"): GONE,
            "processes": GONE,
        },
        "image",
    ),
    Case(
        "container",
        "unknown",
        "a request for root, no daemon known",
        {
            USER: "root",
            ("inspect", "State"): GONE,
            "processes": GONE,
            "daemon": GONE,
        },
    ),
    Case(
        "container",
        "fail",
        "a request for the host's root, no daemon known",
        {
            USER: "root",
            USERNS: "host",
            ("inspect", "State"): GONE,
            "processes": GONE,
            "daemon": GONE,
        },
    ),
    Case("container", "unknown", "a number that is no uid", stopped("-1")),
    Case("container", "unknown", "gone while looked at", {"processes": Unreadable("process 4242 ended")}),
)
DOUBT = {"runtime_doubt": "the runtime sysbox-runc (/usr/bin/sysbox-runc) may change what a container is made of"}
CASES += (
    Case(
        "container",
        "pass",
        "root inside, and its runtime makes a user namespace at each start",
        both(UNMAPPED, DOUBT, {USER: "root"}),
    ),
    Case("container", "unknown", "stopped, root, of another runtime", both(stopped("root"), DOUBT), "sysbox-runc"),
    Case("container", "unknown", "stopped, a user, of another runtime", both(stopped("1000"), DOUBT), "sysbox-runc"),
)

RECORDED = {
    "cap-sys-admin": ["add --user=UID:GID"],
    "user-root": ["add --user=UID:GID"],
    "stopped-root": ["add --user=UID:GID"],
}
CREATED = {
    "privileged-with-the-host": [("add", "--user=UID:GID", 'user: "UID:GID"')],
    "userns": [("add", "--user=UID:GID", 'user: "UID:GID"')],
}
