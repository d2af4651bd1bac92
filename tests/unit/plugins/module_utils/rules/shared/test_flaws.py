# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Releases and the flaws that they have."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux.packages import RPM, Package
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import flaws, ubuntu_kernels
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.distribution_fixes import FIXES
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.flaw_table import FLAWS

BY_CVE = {flaw.cve: flaw for flaw in FLAWS}


@pytest.mark.parametrize(
    "text, release",
    [
        ("1.1.12+ds1", (1, 1, 12, 9999)),
        ("v1.4.0-rc.3", (1, 4, 0, 3)),
        ("1.0.0-rc95", (1, 0, 0, 95)),
        ("1.0.0~rc6+dfsg1", (1, 0, 0, 6)),
        ("5.14.0-362.el9", (5, 14, 0, 9999)),
        ("28.5", (28, 5, 0, 9999)),
        ("dev", None),
        ("", None),
    ],
)
def test_a_release_is_read_from_a_version(text, release):
    assert flaws.parse_release(text) == release


@pytest.mark.parametrize(
    "cve, version, mended",
    [
        ("CVE-2019-5736", "1.0.0-rc6", False),
        ("CVE-2019-5736", "1.0.0-rc95", True),
        ("CVE-2024-21626", "1.1.11", False),
        ("CVE-2024-21626", "1.2.0", True),
        ("CVE-2025-31133", "1.2.7", False),
        ("CVE-2025-31133", "1.2.8", True),
        ("CVE-2025-31133", "1.3.2", False),
        ("CVE-2025-31133", "1.4.0-rc.2", False),
        ("CVE-2025-31133", "1.4.0-rc.3", True),
        ("CVE-2025-31133", "1.1.15", False),
        ("CVE-2025-31133", "1.5.0", True),
        ("CVE-2024-41110", "24.0.9", False),
        ("CVE-2024-41110", "25.0.6", True),
        ("CVE-2024-41110", "27.1.0", False),
        ("CVE-2024-41110", "28.0.0", True),
        ("CVE-2025-54388", "28.1.9", True),
        ("CVE-2025-54388", "28.3.2", False),
        ("CVE-2024-21626", "1.0.0-rc92", True),
        ("CVE-2024-21626", "1.0.0-rc93", False),
        ("CVE-2026-34040", "25.0.15", False),
        ("CVE-2026-34040", "25.0.16", True),
        ("CVE-2026-34040", "28.5.2", False),
        ("CVE-2026-34040", "28.5.3", None),
        ("CVE-2026-34040", "29.3.0", False),
        ("CVE-2026-41567", "25.0.16", False),
        ("CVE-2026-41567", "25.0.17", True),
        ("CVE-2026-41567", "29.5.0", False),
        ("CVE-2026-41567", "29.5.1", True),
        ("CVE-2026-92543", "25.0.17", False),
        ("CVE-2026-92543", "25.0.18", None),
        ("CVE-2026-92543", "29.8.1", False),
        ("CVE-2025-47290", "2.0.9", True),
        ("CVE-2025-47290", "2.1.0", False),
        ("CVE-2025-47290", "2.1.1", True),
        ("CVE-2020-15257", "1.3.8", False),
        ("CVE-2020-15257", "1.4.3", True),
        ("CVE-2022-0492", "5.15.19", False),
        ("CVE-2022-0492", "5.15.20", True),
        ("CVE-2022-0492", "5.14.0", False),
        ("CVE-2022-0492", "6.1.0", True),
        ("CVE-2026-31431", "4.13.16", True),
        ("CVE-2026-31431", "4.19.325", False),
        ("CVE-2026-31431", "6.18.21", False),
        ("CVE-2026-31431", "6.18.44", True),
        ("CVE-2026-31431", "6.17.13", False),
        ("CVE-2026-31431", "7.2.12", True),
    ],
)
def test_whether_a_release_is_mended(cve, version, mended):
    assert flaws.is_mended(BY_CVE[cve], flaws.parse_release(version)) is mended


def test_each_flaw_has_a_source_and_says_what_it_lets_a_container_do():
    for flaw in FLAWS:
        assert flaw.source.startswith("https://") and flaw.lets and not flaw.lets.endswith(".")
        assert list(flaw.fixed) == sorted(flaw.fixed) and flaw.fixed
    assert len(BY_CVE) == len(FLAWS)


def test_each_fix_is_of_a_known_flaw_with_a_source_and_a_version_that_can_be_compared():
    for fix in FIXES:
        manager = RPM if fix.distribution == "rhel" else "dpkg"
        for version in fix.versions:
            name = f"{fix.package}5.4.0-1-{fix.flavour}" if fix.flavour else fix.package
            package = Package(name, None, version, manager, fix.distribution)
            assert flaws.find_fix((fix,), BY_CVE[fix.cve], package) == (fix, True, version)
        assert fix.source.startswith("https://")


@pytest.mark.parametrize(
    "cve, name, version, distribution, has",
    [
        ("CVE-2024-21626", "runc", "1.1.5+ds1-1+deb12u1", "debian 12", True),
        ("CVE-2024-21626", "runc", "1.1.5+ds1-1+deb12u1+b3", "debian 12", True),
        ("CVE-2024-21626", "runc", "1.1.5+ds1-1+b1", "debian 12", False),
        # newer than the fix by its number, from backports, and open
        ("CVE-2024-21626", "runc", "1.1.10+ds1-1~bpo12+1", "debian 12", None),
        ("CVE-2024-21626", "runc", "1.1.5+ds1-1+b1", "debian 13", None),
        ("CVE-2025-52881", "runc", "1.1.15+ds1-2+deb13u1", "debian 13", None),
        ("CVE-2025-31133", "runc", "1.1.15+ds1-2+b4", "debian 13", False),
        ("CVE-2024-41110", "docker.io", "20.10.24+dfsg1-1+deb12u1+b6", "debian 12", True),
        ("CVE-2026-31431", "linux-image-6.1.0-56-amd64", "6.1.192-2", "debian 12", True),
        ("CVE-2026-31431", "linux-image-6.1.0-44-amd64", "6.1.164-1", "debian 12", False),
        ("CVE-2026-31431", "linux-image-6.12.43+deb12-amd64", "6.12.43-1~bpo12+1", "debian 12", None),
        ("CVE-2025-31133", "runc", "1.3.3-0ubuntu1~22.04.2", "ubuntu 22.04", True),
        ("CVE-2025-31133", "runc", "1.3.0-0ubuntu2~22.04.1", "ubuntu 22.04", False),
        ("CVE-2025-31133", "runc", "1.1.12-0ubuntu2~22.04.1", "ubuntu 22.04", False),
        ("CVE-2025-31133", "runc", "1.1.4-0ubuntu1~22.04.2+esm1", "ubuntu 22.04", None),
        ("CVE-2025-31133", "runc", "1.1.12-0ubuntu3", "ubuntu 24.04", None),
        ("CVE-2025-31133", "runc", "", "ubuntu 24.04", None),
        ("CVE-2026-41567", "docker.io", "28.5.2+dfsg4-5", "debian", True),
        ("CVE-2026-41567", "docker.io", "28.5.2+dfsg4-2", "debian", False),
        ("CVE-2026-41567", "docker.io", "26.1.5+dfsg1-9+deb13u1", "debian 13", None),
        ("CVE-2025-31133", "runc", "not a version", "ubuntu 24.04", None),
        ("CVE-2019-5736", "runc", "0.1.1+dfsg1-2+deb9u1", "debian 9", True),
        ("CVE-2019-5736", "runc", "0.1.1+dfsg1-2", "debian 9", False),
        ("CVE-2019-5736", "runc", "0.1.1+dfsg1-2", "debian 10", None),
        ("CVE-2022-0492", "linux-image-4.9.0-18-amd64", "4.9.290-1", "debian 9", False),
        ("CVE-2022-0492", "linux-image-4.19.0-0.bpo.19-amd64", "4.19.232-1~deb9u1", "debian 9", True),
        ("CVE-2022-0492", "linux-image-4.19.0-0.bpo.18-amd64", "4.19.208-1~deb9u1", "debian 9", False),
        ("CVE-2022-0492", "linux-image-4.19.0-0.bpo.20-amd64", "4.19.235-1~deb9u1", "debian 10", True),
        ("CVE-2021-32760", "containerd", "1.5.2-0ubuntu1~20.04.2", "ubuntu 20.04", True),
        ("CVE-2021-32760", "containerd", "1.5.2-0ubuntu1~20.04.1", "ubuntu 20.04", False),
        ("CVE-2021-32760", "containerd", "1.2.6-0ubuntu1~16.04.6", "ubuntu 16.04", False),
        ("CVE-2021-32760", "containerd", "1.2.6-0ubuntu1~16.04.6+esm4", "ubuntu 16.04", True),
        ("CVE-2024-41110", "docker.io", "18.09.7-0ubuntu1~16.04.9+esm2", "ubuntu 16.04", True),
        ("CVE-2024-41110", "docker.io", "26.1.3-0ubuntu1~22.04.1+esm1", "ubuntu 22.04", True),
        ("CVE-2024-41110", "docker.io", "26.1.3-0ubuntu1~22.04.1", "ubuntu 22.04", False),
        ("CVE-2024-41110", "docker.io", "24.0.7-0ubuntu2~22.04.1", "ubuntu 22.04", False),
    ],
)
def test_whether_a_package_of_dpkg_has_the_distributions_fix(cve, name, version, distribution, has):
    package = Package(name, None, version, distribution=distribution)
    assert flaws.find_fix(FIXES, BY_CVE[cve], package)[1] is has


@pytest.mark.parametrize(
    "name, version, distribution, has",
    [
        ("5.15.0-179-generic", "5.15.0-179.189", "22.04", True),
        ("5.15.0-181-generic", "5.15.0-181.191", "22.04", True),
        ("5.15.0-139-generic", "5.15.0-139.149", "22.04", False),
        ("5.15.0-139-generic-64k", "5.15.0-139.149", "22.04", False),
        ("unsigned-5.15.0-139-generic", "5.15.0-139.149", "22.04", False),
        # each flavour has numbers of its own: this one sorts after generic's fix, and before that of azure
        ("5.15.0-1113-azure", "5.15.0-1113.122", "22.04", False),
        ("5.15.0-1114-azure", "5.15.0-1114.123", "22.04", True),
        ("5.15.0-1108-aws", "5.15.0-1108.115", "22.04", True),
        ("5.15.0-1107-gcp", "5.15.0-1107.116", "22.04", False),
        ("6.8.0-117-lowlatency", "6.8.0-117.117.1~22.04.1", "22.04", True),
        ("6.8.0-117-generic", "6.8.0-117.117~22.04.1", "22.04", False),
        # the series of HWE, by its own number
        ("6.8.0-124-generic", "6.8.0-124.124~22.04.1", "22.04", True),
        ("6.8.0-117-generic", "6.8.0-117.117", "24.04", True),
        ("5.15.0-179-generic", "5.15.0-179.189~20.04.1", "20.04", True),
        ("5.15.0-178-generic", "5.15.0-178.188~20.04.1", "20.04", False),
        ("5.4.0-230-lowlatency", "5.4.0-230.250", "20.04", True),
        ("5.4.0-216-generic", "5.4.0-216.236", "20.04", False),
        # a series without a fix of its own, given up for the next
        ("6.5.0-45-generic", "6.5.0-45.45~22.04.1", "22.04", None),
        ("6.14.0-37-generic", "6.14.0-37.37~24.04.1", "24.04", None),
        # not of these sources
        ("5.15.0-1108-aws-fips", "5.15.0-1108.115+fips1", "22.04", None),
        ("unsigned-6.8.0-060800-generic", "6.8.0-060800.202403131158", "24.04", None),
        ("unsigned-6.8.5-060805-generic", "6.8.5-060805.202404", "24.04", None),
        ("5.15.0-1-mine", "5.15.0-1.1", "22.04", None),
        ("5.15.0-139-generic", "5.15.0-139.149", "24.10", None),
        ("5.15.0-139-generic", "5.15.0-139.149", "21.3", None),
    ],
)
def test_whether_a_kernel_of_ubuntu_has_the_fix_of_its_own_flavour_and_series(name, version, distribution, has):
    package = Package(f"linux-image-{name}", None, version, distribution=f"ubuntu {distribution}")
    assert flaws.find_fix(FIXES, BY_CVE["CVE-2026-31431"], package)[1] is has


@pytest.mark.parametrize(
    "name, version, distribution, has",
    [
        ("5.4.0-104-generic", "5.4.0-104.118", "20.04", False),
        ("5.4.0-105-generic", "5.4.0-105.119", "20.04", True),
        ("5.13.0-35-generic", "5.13.0-35.40~20.04.1", "20.04", False),
        ("5.11.0-61-generic", "5.11.0-61.61", "20.04", None),
        ("4.15.0-1119-gcp", "4.15.0-1119.133~16.04.1", "16.04", True),
        ("4.4.0-210-generic", "4.4.0-210.242", "16.04", False),
        ("5.15.0-25-generic", "5.15.0-25.25", "22.04", True),
    ],
)
def test_whether_a_kernel_of_ubuntu_guards_release_agent(name, version, distribution, has):
    package = Package(f"linux-image-{name}", None, version, distribution=f"ubuntu {distribution}")
    assert flaws.find_fix(FIXES, BY_CVE["CVE-2022-0492"], package)[1] is has


def test_a_table_of_kernels_has_one_version_for_each_series_of_a_flavour():
    known = set()
    for cve, distribution, flavour, versions in ubuntu_kernels.rows():
        for version in versions:
            row = (cve, distribution, flavour, flaws.parse_release(version))
            assert row not in known
            known.add(row)
            assert "~" not in version or version.endswith(f"~{distribution.partition(' ')[2]}.1")


@pytest.mark.parametrize(
    "version, distribution, has",
    [
        ("0:5.14.0-611.54.1.el9_7", "rhel 9.7", True),
        ("0:5.14.0-611.9.1.el9_7", "rhel 9.7", False),  # 9 is older than 54, though not as text
        ("0:5.14.0-570.112.1.el9_6", "rhel 9.6", True),  # older than 9.7's fix, and has its own
        ("0:5.14.0-687.5.2.el9_8", "rhel 9.8", False),
        ("0:5.14.0-503.40.1.el9_5", "rhel 9.5", None),  # 9.5 got none
        ("0:5.14.0-700.el9", "centos 9", None),
        ("0:5.14.0-611.49.2.el9_7", "almalinux 9.7", None),  # AlmaLinux mended it before RHEL did
        ("0:5.14.0-611.54.1.el9_7", "almalinux 9.7", True),
        ("0:4.18.0-553.123.1.el8_10", "rocky 8.10", True),
        ("0:6.12.0-211.7.3.el10_2", "rhel 10.2", True),
    ],
)
def test_whether_a_kernel_of_rpm_has_the_fix_of_its_own_minor_release(version, distribution, has):
    package = Package("kernel-core-x", None, version, RPM, distribution)
    assert flaws.find_fix(FIXES, BY_CVE["CVE-2026-31431"], package)[1] is has
