# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule cgroup-namespace."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import GONE, Case

V1 = {("info", "CgroupVersion"): "1", ("host", "cgroup"): 1}
WITHOUT = {("info", "SecurityOptions"): ["name=seccomp,profile=builtin"]}
CASES = (
    Case("daemon", "pass", "cgroup v2's default"),
    Case(
        "daemon",
        "fail",
        "cgroup v1's default",
        dict(
            V1,
            **{
                "info": {
                    "CgroupVersion": "1",
                    "SecurityOptions": ["name=seccomp,profile=default"],
                    "ServerVersion": "20.10.24",
                }
            },
        ),
        "lacks name=cgroupns",
    ),
    Case(
        "daemon",
        "pass",
        "cgroup v1, set",
        dict(
            V1,
            **{
                "configured": {"default-cgroupns-mode": "private"},
            },
        ),
        "shows name=cgroupns",
    ),
    Case(
        "daemon",
        "fail",
        "file edited, daemon neither reloaded nor restarted",
        dict(
            WITHOUT,
            **{
                "configured": {"default-cgroupns-mode": "private"},
            },
        ),
    ),
    Case("daemon", "unknown", "the daemon hangs", {"info": Unreadable("no answer within 5 s")}, "no answer"),
    Case(
        "daemon",
        "fail",
        "stopped, cgroup v1's default at the next start",
        {
            "state": "stopped",
            "info": Unreadable("inactive"),
            ("host", "cgroup"): 1,
        },
        "cgroup v1",
    ),
    Case(
        "daemon",
        "unknown",
        "a lone daemon.json does not tell the cgroup version",
        {
            "info": GONE,
            "host": GONE,
            "running": GONE,
        },
        "private on cgroup v2",
    ),
    Case(
        "daemon",
        "fail",
        "a lone daemon.json that says host",
        {
            "info": GONE,
            "host": GONE,
            "configured": {"default-cgroupns-mode": "host"},
        },
    ),
)
