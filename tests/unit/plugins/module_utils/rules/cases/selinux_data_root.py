# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule selinux-data-root."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..selinux_world import MODE, REQUIRED
from ..subjects import GONE, Case

LABELS = ("data_root_labels",)


def judged(verdict, why, expected=""):
    """As selinux_data_root.look tells of a data root elsewhere."""
    return {LABELS: {"path": "/data", "verdict": verdict, "why": why, "expected": expected}}


CASES = (
    Case("daemon", "pass", "labelled"),
    Case(
        "daemon",
        "fail",
        "a directory in it is not",
        judged("wrong", "/data/overlay2 is u:r:default_t:s0", "u:r:container_ro_file_t:s0"),
        "/data/overlay2 is u:r:default_t:s0; file contexts say u:r:container_ro_file_t:s0",
    ),
    Case("daemon", "unknown", "it can't be looked at", judged("unknown", "/data: Permission denied")),
    Case("daemon", "unknown", "no file contexts", {LABELS: Unreadable("the file contexts of the policy targeted")}),
    Case("daemon", "not_applicable", "a kernel without SELinux", {MODE: None}),
    Case("daemon", "not_applicable", "no policy is loaded", {MODE: "disabled"}),
    Case("daemon", "fail", "no SELinux, and the site demands it", REQUIRED),
    Case("daemon", "unknown", "another machine's engine", {"state": "remote", "host": GONE, LABELS: GONE}),
)
