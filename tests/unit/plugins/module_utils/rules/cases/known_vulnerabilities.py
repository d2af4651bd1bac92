# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule known-vulnerabilities."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.linux.packages import RPM, Package
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.flaw_table import FLAWS
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.flaws import (
    CONTAINERD,
    ENGINE,
    KERNEL,
    RUNC,
)

from ..subjects import GONE, Case, both

PLUGINS = {("info", "Plugins"): {"Authorization": ["site-authz"]}}
EVERY = frozenset(flaw.cve for flaw in FLAWS)
DOCKERS = {ENGINE: Package("docker-ce", frozenset()), RUNC: Package("containerd.io", frozenset())}


def version(engine="29.8.2", runc="1.3.6", containerd="2.2.5"):
    parts = (("Engine", engine), ("containerd", containerd), ("runc", runc))
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


def runc_of(number, distribution, package_version, **fields):
    package = Package("runc", None, package_version, distribution=distribution)._replace(**fields)
    return {("version",): version(runc=number), ("packages",): dict(DOCKERS, **{RUNC: package})}


def kernel(release, package, **state):
    changes = {("host", "af_alg"): "in force", ("info", "KernelVersion"): release}
    return both(changes, {("packages",): dict(DOCKERS, **{KERNEL: package})}, state)


RHEL_KERNEL = "5.14.0-611.%s.el9_7.x86_64"


def rhel_kernel(build, **fields):
    release = RHEL_KERNEL % build
    package = Package("kernel-core-" + release, frozenset(), f"0:5.14.0-611.{build}.el9_7", RPM, "rhel 9.7")
    return kernel(release, package._replace(**fields))


def ubuntu_kernel(release, version, **fields):
    package = Package("linux-image-" + release, frozenset(), version, distribution="ubuntu 22.04")
    return kernel(release, package._replace(**fields))


STORE = {("info", "DriverStatus"): [["driver-type", "io.containerd.snapshotter.v1"]]}


CASES = (
    Case(
        "daemon",
        "pass",
        "Debian's fix, without a changelog",
        runc_of("1.1.5+ds1", "debian 12", "1.1.5+ds1-1+deb12u1", mended=EVERY - {"CVE-2024-21626"}),
    ),
    Case(
        "daemon",
        "fail",
        "older than Debian's fix",
        runc_of("1.1.5+ds1", "debian 12", "1.1.5+ds1-1+b1"),
        "which 1.1.5+ds1-1+deb12u1 mends",
    ),
    Case(
        "daemon",
        "fail",
        "older than Ubuntu's fix",
        runc_of("1.3.0", "ubuntu 22.04", "1.3.0-0ubuntu2~22.04.1"),
        "which 1.3.3-0ubuntu1~22.04.2 mends",
    ),
    Case("daemon", "pass", "Ubuntu's fix", runc_of("1.3.3", "ubuntu 22.04", "1.3.3-0ubuntu1~22.04.2")),
    Case(
        "daemon",
        "unknown",
        "Debian mends two of runc's three",
        runc_of("1.1.15+ds1", "debian 13", "1.1.15+ds1-2+deb13u1"),
        "can't be told of CVE-2025-52881",
    ),
    Case(
        "daemon",
        "unknown",
        "what runs is not the package's",
        runc_of("1.1.5", "debian 13", "1.3.6+ds1-1", mended=EVERY),
        "is not what the package runc",
    ),
    Case(
        "daemon",
        "fail",
        "a layer that would stop it",
        both(runc_of("1.1.15+ds1", "debian 13", "1.1.15+ds1-2"), {("info", "SecurityOptions"): []}),
        "(user namespaces would stop it)",
    ),
    Case(
        "daemon",
        "fail",
        "a layer that stops it where a container keeps it",
        both(runc_of("1.1.15+ds1", "debian 13", "1.1.15+ds1-2"), {("info", "SecurityOptions"): ["name=userns"]}),
        "(but where it keeps the user namespaces",
    ),
    Case("daemon", "pass", "RHEL's kernel with its fix", rhel_kernel("54.1")),
    Case("daemon", "fail", "RHEL's kernel before its fix", rhel_kernel("9.1"), "has CVE-2026-31431"),
    Case("daemon", "pass", "RHEL's kernel whose changelog names it", rhel_kernel("9.1", mended=EVERY)),
    Case(
        "daemon",
        "unknown",
        "RHEL's kernel with a live patch",
        rhel_kernel("9.1", uncertain="a live patch is loaded (kpatch_5)"),
        "a live patch",
    ),
    Case(
        "daemon",
        "pass",
        "Debian's kernel by the version of its package",
        kernel("6.1.0-56-amd64", Package("linux-image-6.1.0-56-amd64", None, "6.1.192-2", distribution="debian 12")),
    ),
    Case(
        "daemon",
        "unknown",
        "Debian's package is newer than the kernel that runs",
        kernel(
            "6.1.0-44-amd64",
            Package(
                "linux-image-6.1.0-44-amd64", None, "6.1.164-1", distribution="debian 12", uncertain="boot the new one"
            ),
        ),
        "boot the new one",
    ),
    Case("daemon", "pass", "Ubuntu's kernel with its fix", ubuntu_kernel("5.15.0-179-generic", "5.15.0-179.189")),
    Case(
        "daemon",
        "fail",
        "Ubuntu's kernel before its fix",
        ubuntu_kernel("5.15.0-139-generic", "5.15.0-139.149"),
        "which 5.15.0-179.189 mends, has CVE-2026-31431",
    ),
    Case(
        "daemon",
        "fail",
        "a cloud's kernel of Ubuntu, whose number sorts after generic's fix",
        ubuntu_kernel("5.15.0-1113-azure", "5.15.0-1113.122"),
        "which 5.15.0-1114.123 mends",
    ),
    Case(
        "daemon",
        "pass",
        "Ubuntu's kernel before its fix, whose changelog names it",
        ubuntu_kernel("5.15.0-139-generic", "5.15.0-139.149", mended=EVERY),
    ),
    Case(
        "daemon",
        "unknown",
        "a series of Ubuntu's kernel that got no fix, whose changelog is cut",
        ubuntu_kernel("6.5.0-45-generic", "6.5.0-45.45~22.04.1"),
        "changelog doesn't name it (look it up at ubuntu.com/security/cves)",
    ),
    Case(
        "daemon",
        "unknown",
        "Ubuntu's kernel with a live patch",
        ubuntu_kernel("5.15.0-139-generic", "5.15.0-139.149", uncertain="a live patch is loaded (lkp_Ubuntu)"),
        "a live patch",
    ),
    Case(
        "daemon",
        "fail",
        "containerd's flaw with its store",
        both(
            {
                ("version",): version(containerd="2.1.0"),
                ("packages",): dict(DOCKERS, **{CONTAINERD: Package("containerd.io", frozenset())}),
            },
            STORE,
        ),
        "CVE-2025-47290",
    ),
    Case(
        "daemon",
        "pass",
        "containerd's flaw without its store",
        {("version",): version(containerd="2.1.0")},
        "not in containerd's store",
    ),
    Case("daemon", "pass", "new releases", seen="known flaws is open"),
    Case("daemon", "pass", "what stops the kernel's is said", seen="CVE-2026-31431 (this kernel has no AF_ALG)"),
    Case("daemon", "fail", "runc of Docker's own package", {("version",): version(runc="1.1.7")}, "CVE-2024-21626"),
    Case(
        "daemon", "fail", "a candidate before the mended one", {("version",): version(runc="1.4.0-rc.2")}, "2025-31133"
    ),
    Case("daemon", "pass", "a flaw that Docker's layer stops", {("version",): version(runc="1.3.3")}, "hides such"),
    Case(
        "daemon",
        "fail",
        "Docker's own rpm has upstream's number",
        {
            ("version",): version("28.5.2"),
            ("packages",): {
                ENGINE: Package("docker-ce", frozenset(), "3:28.5.2-1.el9", RPM, "rhel 9.7"),
                RUNC: Package("containerd.io", frozenset(), "0:1.7.29-1.el9", RPM, "rhel 9.7"),
            },
        },
        "the engine 28.5.2 has CVE-2026-41567",
    ),
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
    Case("daemon", "unknown", "a branch that others mend", {("version",): version("25.0.18")}, "others than upstream"),
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
