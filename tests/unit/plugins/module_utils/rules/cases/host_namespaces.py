# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule host-namespaces."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import GONE, HOST_NAMESPACES, Case, both

WITHOUT_USERNS = ["name=seccomp,profile=builtin"]


def asks(mode, value="host"):
    """This mode in the HostConfig."""
    return {("inspect", "HostConfig", mode): value}


def shares(*names):
    """These namespaces are pid 1's."""
    return {("namespaces", name): HOST_NAMESPACES[name] for name in names}


STOPPED = {"namespaces": GONE}
CASES = (
    Case("container", "pass", "none"),
    Case("container", "fail", "pid", both(asks("PidMode"), shares("pid")), HOST_NAMESPACES["pid"]),
    Case("container", "fail", "stopped, network", both(asks("NetworkMode"), STOPPED), "host's net"),
    Case("container", "fail", "stopped, ipc", both(asks("IpcMode"), STOPPED), "host's ipc"),
    Case("container", "fail", "stopped, uts", both(asks("UTSMode"), STOPPED), "host's uts"),
    Case("container", "fail", "cgroup, as by default on cgroup v1", both(asks("CgroupnsMode"), shares("cgroup"))),
    Case(
        "container",
        "fail",
        "of another container that has the host's",
        both(asks("NetworkMode", "container:" + "a" * 64), shares("net")),
        HOST_NAMESPACES["net"],
    ),
    Case("container", "pass", "of another container that has its own", asks("PidMode", "container:" + "a" * 64)),
    Case("container", "fail", "only the kernel shows it", shares("uts"), HOST_NAMESPACES["uts"]),
    Case("container", "fail", "user, on a remapped daemon", both(asks("UsernsMode"), shares("user")), "user"),
    Case("container", "fail", "stopped, user, on a remapped daemon", both(asks("UsernsMode"), STOPPED), "host's user"),
    Case(
        "container",
        "pass",
        "user, on a daemon that gives none",
        both(
            asks("UsernsMode"),
            shares("user"),
            {("daemon", "info", "SecurityOptions"): WITHOUT_USERNS},
        ),
    ),
    Case(
        "container",
        "fail",
        "stopped, made before 20.10 knew cgroup namespaces",
        both(asks("CgroupnsMode", ""), STOPPED),
    ),
    Case(
        "container",
        "pass",
        "a request that leaves it to the daemon",
        both(
            asks("CgroupnsMode", ""),
            STOPPED,
            {("inspect", "State"): GONE},
        ),
    ),
    Case("container", "unknown", "gone while looked at", {"namespaces": Unreadable("process 4242 ended")}),
    Case(
        "container",
        "unknown",
        "pid 1's can't be seen",
        {("host", "namespaces"): Unreadable("/proc/1/ns: Permission denied")},
    ),
)


def of_other(mode, *modes):
    """Stopped, with this namespace of another, which has it by the first of these modes, and so on."""
    answers = dict(enumerate(modes))

    def modes_of(reference):
        value = answers[int(reference)]
        if isinstance(value, Exception):
            raise value
        return {mode: value}

    return both(asks(mode, "container:0"), STOPPED, {"modes_of": modes_of})


CASES += tuple(
    Case(
        "container", "fail", "stopped, %s of another that asks for the host's" % mode, of_other(mode, "host"), "host's"
    )
    for mode in ("PidMode", "NetworkMode", "IpcMode")
)
CASES += (
    Case("container", "fail", "the same through two", of_other("PidMode", "container:1", "host"), "host's pid"),
    Case("container", "pass", "stopped, of another that asks for none", of_other("IpcMode", "shareable")),
    Case(
        "container",
        "unknown",
        "stopped, of another that is gone",
        of_other("PidMode", Unreadable("container x: no such container")),
        "no such container",
    ),
    Case("container", "unknown", "in a circle", of_other("PidMode", *["container:0"]), "more than 16"),
    Case(
        "container",
        "unknown",
        "of another, in a create request",
        both(asks("PidMode", "container:0"), STOPPED, {"modes_of": GONE}),
        "not known here",
    ),
)

RECORDED = {"pid-host": ["remove --pid=host"]}
CREATED = {
    "privileged-with-the-host": [
        ("remove", "--pid=host", "pid: host"),
        ("remove", "--ipc=host", "ipc: host"),
        ("remove", "--userns=host", "userns_mode: host"),
    ],
    "pid": [("remove", "--pid=host", "pid: host")],
    "ipc": [("remove", "--ipc=host", "ipc: host")],
    "network": [("remove", "--network=host", "network_mode: host")],
    "uts": [("remove", "--uts=host", "uts: host")],
    "cgroup": [("add", "--cgroupns=private", "cgroup: private")],
    "userns": [("remove", "--userns=host", "userns_mode: host")],
}
