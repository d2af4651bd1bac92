# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule pivot-root."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import Case, both

SET = {"DOCKER_RAMDISK": "yes"}


def make_good(kind, evidence):
    """An environment that can be read, and has nothing of note."""
    if kind == "daemon":
        evidence["environment"] = {}
        evidence["environment_next"] = {}


CASES = (
    Case("daemon", "pass", "nothing in the environment", {}, "has no DOCKER_RAMDISK"),
    Case("daemon", "pass", "another variable", {("environment",): {"DOCKER_DRIVER": "vfs"}}),
    Case("daemon", "fail", "the daemon runs with it", {("environment",): SET}, "without pivot_root"),
    Case("daemon", "fail", "any value counts", {("environment",): {"DOCKER_RAMDISK": "0"}}, "without pivot_root"),
    Case(
        "daemon",
        "fail",
        "at the next start, the running one can't be told",
        both({("environment_next",): SET}, {"environment": Unreadable("/proc/1/environ: Permission denied")}),
        "the next start has DOCKER_RAMDISK",
    ),
    Case(
        "daemon",
        "unknown",
        "the environment can't be read",
        {
            "environment": Unreadable("/proc/1/environ: Permission denied"),
            "environment_next": Unreadable("docker.service: no such unit"),
        },
        "Permission denied",
    ),
)
