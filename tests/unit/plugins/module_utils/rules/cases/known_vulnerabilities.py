# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule known-vulnerabilities."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.packages import Package
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.flaws import ENGINE, FLAWS, KERNEL, RUNC

from ..subjects import GONE, Case, both

PLUGINS = {("info", "Plugins"): {"Authorization": ["site-authz"]}}
EVERY = frozenset(flaw.cve for flaw in FLAWS)
DOCKERS = {ENGINE: Package("docker-ce", frozenset()), RUNC: Package("containerd.io", frozenset())}


def version(engine="29.8.2", runc="1.3.6"):
    parts = (("Engine", engine), ("containerd", "2.2.0"), ("runc", runc))
    return {"Version": engine, "Components": [{"Name": name, "Version": number} for name, number in parts]}


def make_good(kind, evidence):
    """Releases that have none of the flaws, of Docker's own packages; cgroup v2 and no AF_ALG stop the kernel's."""
    if kind == "daemon":
        evidence["version"] = dict(version(), ApiVersion="1.45")
        evidence["packages"] = dict(DOCKERS)


def distribution(runc, mended):
    return {
        ("version",): version(runc=runc),
        ("packages",): dict(DOCKERS, **{RUNC: Package("runc", mended)}),
    }


CASES = (
    Case("daemon", "pass", "new releases", seen="known flaws is open"),
    Case("daemon", "pass", "what stops the kernel's is said", seen="CVE-2026-31431 (this kernel has no AF_ALG)"),
    Case("daemon", "fail", "runc of Docker's own package", {("version",): version(runc="1.1.7")}, "CVE-2024-21626"),
    Case(
        "daemon", "fail", "a candidate before the mended one", {("version",): version(runc="1.4.0-rc.2")}, "2025-31133"
    ),
    Case("daemon", "pass", "a flaw that Docker's layer stops", {("version",): version(runc="1.3.3")}, "hides such"),
    Case("daemon", "fail", "docker cp", {("version",): version("29.4.3")}, "CVE-2026-42306"),
    Case("daemon", "fail", "with a plugin", both({("version",): version("28.3.3")}, PLUGINS), "CVE-2026-34040"),
    Case("daemon", "pass", "a distribution names it", distribution("1.1.5+ds1", EVERY)),
    Case(
        "daemon",
        "unknown",
        "a distribution doesn't name it",
        distribution("1.1.5+ds1", frozenset(("CVE-2024-21626",))),
        "changelog doesn't name it",
    ),
    Case("daemon", "unknown", "a distribution without changelogs", distribution("1.1.5+ds1", None), "no changelog"),
    Case("daemon", "unknown", "a branch that others mend", {("version",): version("25.0.20")}, "others than upstream"),
    Case(
        "daemon",
        "unknown",
        "no package",
        both({("version",): version(runc="1.1.5")}, {("packages",): {}}),
        "no package",
    ),
    Case(
        "daemon",
        "unknown",
        "packages can't be read",
        both({("version",): version(runc="1.1.5")}, {("packages",): Unreadable("rpm did not answer within 30 s")}),
        "rpm did not answer",
    ),
    Case(
        "daemon",
        "unknown",
        "no versions",
        both({("version",): {"Version": "29.8.2"}}, {("info", "ServerVersion"): "29.8.2"}),
        "says no version",
    ),
    Case(
        "daemon",
        "unknown",
        "the engine does not answer",
        {"version": Unreadable("docker.service is inactive")},
        "inactive",
    ),
    Case(
        "daemon",
        "unknown",
        "control groups of version 1, and an old kernel of a distribution",
        {
            ("host", "cgroup"): 1,
            ("info", "KernelVersion"): "4.18.0-553.el8_10.x86_64",
            ("packages",): dict(DOCKERS, **{KERNEL: Package("kernel-core-4.18.0-553.el8_10.x86_64", frozenset())}),
        },
        "CVE-2022-0492",
    ),
    Case(
        "daemon",
        "pass",
        "control groups of version 1, and a kernel that names it",
        {
            ("host", "cgroup"): 1,
            ("info", "KernelVersion"): "4.18.0-553.el8_10.x86_64",
            ("packages",): dict(DOCKERS, **{KERNEL: Package("kernel-core-4.18.0-553.el8_10.x86_64", EVERY)}),
        },
    ),
    Case(
        "daemon",
        "unknown",
        "AF_ALG is there, and nobody says whether the kernel is mended",
        both({("host", "af_alg"): "in force", ("info", "KernelVersion"): "6.12.5", ("packages",): GONE}),
        "CVE-2026-31431",
    ),
)
