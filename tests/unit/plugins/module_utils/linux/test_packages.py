# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packages of an engine, by the files that dpkg keeps."""

import gzip

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import packages

STATUS = b"""Package: runc
Status: install ok installed
Version: 1.1.15+ds1-2

Package: docker.io
Status: deinstall ok config-files
Version: 26.1.5

Package: containerd
Status: install ok installed
Description: Package: docker-ce

Package: linux-image-6.1.0-44-amd64
Status: install ok installed
Version: 6.1.192-2
"""
RPMS = b"""package docker.io is not installed
docker-ce 3:29.5.1-1.el9 x86_64
kernel-core 0:5.14.0-611.54.1.el9_7 x86_64
package kernel-5.14.0-611.54.1.el9_7.x86_64 is not installed
runc 4:1.4.0~rc.2-1.el9 x86_64 and more
runc (none):1 x
"""


def make_host(root, os_release='ID=debian\nVERSION_ID="12"\n'):
    (root / "var/lib/dpkg").mkdir(parents=True)
    (root / "var/lib/dpkg/status").write_bytes(STATUS)
    (root / "etc").mkdir()
    (root / "etc/os-release").write_text(os_release)
    return root


def write_changelog(root, name, text, suffix="changelog.Debian.gz"):
    directory = root / "usr/share/doc" / name
    directory.mkdir(parents=True)
    (directory / suffix).write_bytes(gzip.compress(text))


def test_installed_packages_are_read_with_the_flaws_that_their_changelogs_name(tmp_path):
    make_host(tmp_path)
    write_changelog(tmp_path, "runc", b"  * fix CVE-2024-21626, CVE-2024-2162\n")
    assert packages.look("6.1.0", root=str(tmp_path)) == {
        "containerd": packages.Package("containerd", None, distribution="debian 12"),
        "runc": packages.Package(
            "runc", frozenset(("CVE-2024-21626", "CVE-2024-2162")), "1.1.15+ds1-2", distribution="debian 12"
        ),
    }


def test_packages_of_docker_need_no_changelog(tmp_path):
    make_host(tmp_path)
    text = b"Package: docker-ce\nStatus: install ok installed\n\nPackage: containerd.io\nStatus: install ok installed\n"
    (tmp_path / "var/lib/dpkg/status").write_bytes(text)
    result = packages.look("6.1.0", root=str(tmp_path))
    assert {component: package.name for component, package in result.items()} == {
        "the engine": "docker-ce",
        "containerd": "containerd.io",
        "runc": "containerd.io",
    }


def test_without_packages_nothing_is_known(tmp_path):
    assert packages.look("6.1.0", root=str(tmp_path)) == {}


@pytest.mark.parametrize(
    "build, version, reason",
    [
        ("#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-10-30)", "6.1.192-2", ""),
        ("#1 SMP PREEMPT_DYNAMIC Debian 6.1.190-1 (2026-09-30)", "6.1.190-1", "boot the new one"),
        ("#1 SMP PREEMPT_DYNAMIC @0", "6.1.192-2", ""),
    ],
)
def test_a_kernel_has_the_version_of_the_build_that_runs(tmp_path, build, version, reason):
    make_host(tmp_path)
    write_changelog(tmp_path, "linux-image-6.1.0-44-amd64", b"  - crypto: fix (CVE-2026-31431)\n", "changelog.gz")
    kernel = packages.look("6.1.0-44-amd64", build, str(tmp_path))[packages.KERNEL]
    assert kernel.version == version
    assert reason in kernel.uncertain and bool(reason) == bool(kernel.uncertain)
    assert kernel.mended == (None if reason else frozenset(("CVE-2026-31431",)))


@pytest.mark.parametrize(
    "build, version, reason",
    [
        ("#149~20.04.1-Ubuntu SMP Wed Apr 16", "5.15.0-139.149~20.04.1", ""),
        ("#148-Ubuntu SMP Wed Apr 16", "", "boot the new one"),
    ],
)
def test_a_kernel_of_ubuntu_has_the_changelog_of_its_modules_and_the_upload_that_runs(tmp_path, build, version, reason):
    make_host(tmp_path, 'ID=ubuntu\nVERSION_ID="20.04"\n')
    name = "linux-image-5.15.0-139-generic"
    text = f"Package: {name}\nStatus: install ok installed\nVersion: 5.15.0-139.149~20.04.1\n"
    (tmp_path / "var/lib/dpkg/status").write_text(text)
    write_changelog(tmp_path, name, b"  * Main version: 5.15.0-139.149\n")
    write_changelog(tmp_path, "linux-modules-5.15.0-139-generic", b"  * CVE-2026-31431\n")
    kernel = packages.look("5.15.0-139-generic", build, str(tmp_path))[packages.KERNEL]
    assert kernel.version == version and reason in kernel.uncertain
    assert kernel.distribution == "ubuntu 20.04"
    assert kernel.mended == (None if reason else frozenset(("CVE-2026-31431",)))


def test_a_live_patch_makes_the_kernel_uncertain(tmp_path):
    make_host(tmp_path)
    for name in ("kpatch_5_14_0_611_1", "b\x1bad"):
        (tmp_path / "sys/kernel/livepatch" / name).mkdir(parents=True)
    kernel = packages.look("6.1.0-44-amd64", "", str(tmp_path))[packages.KERNEL]
    assert "a live patch is loaded (kpatch_5_14_0_611_1)" in kernel.uncertain


@pytest.mark.parametrize("has_dpkg", [False, True])
def test_on_a_host_of_rpm_versions_and_changelogs_are_rpms_also_where_dpkg_is_a_tool(tmp_path, monkeypatch, has_dpkg):
    """What rpm writes was recorded of rpm 4.18 with a package of this name."""
    make_host(tmp_path, 'ID="rhel"\nVERSION_ID="9.7"\n')
    (tmp_path / "var/lib/dpkg/status").write_bytes(b"")
    if not has_dpkg:
        (tmp_path / "var/lib/dpkg/status").unlink()
    (tmp_path / "usr/bin").mkdir(parents=True)
    (tmp_path / "usr/bin/rpm").touch()
    release = "5.14.0-611.54.1.el9_7.x86_64"
    calls = []

    def answer(program, arguments):
        calls.append((program, arguments[0]))
        if arguments[0] == "--qf":
            return b"package docker-ce is not installed\nkernel-core 0:5.14.0-611.54.1.el9_7 x86_64\n"
        return b"* Tue May 05 2026 A B <a@b> - 5.14.0-611.54.1.el9_7\n- crypto: algif_aead - Revert to X {CVE-2026-31431}\n"

    monkeypatch.setattr(packages, "_rpm", answer)
    assert packages.look(release, root=str(tmp_path)) == {
        packages.KERNEL: packages.Package(
            "kernel-core-" + release,
            frozenset(("CVE-2026-31431",)),
            "0:5.14.0-611.54.1.el9_7",
            packages.RPM,
            "rhel 9.7",
        )
    }
    assert calls == [("/usr/bin/rpm", "--qf"), ("/usr/bin/rpm", "--changelog")]


def test_a_kernel_of_rpm_is_known_by_the_name_that_uname_says():
    versions = packages.parse_rpm(RPMS)
    assert versions["kernel-core-5.14.0-611.54.1.el9_7.x86_64"] == "0:5.14.0-611.54.1.el9_7"
    assert versions["docker-ce"] == "3:29.5.1-1.el9"
    assert versions["runc"] == "4:1.4.0~rc.2-1.el9"
    assert not any("docker.io" in name for name in versions)


@pytest.mark.parametrize(
    "text, mended",
    [
        ("  * Fix CVE-2024-21626", True),
        ("  * Several fixes:\n    breakouts due to leaked descriptors\n    (CVE-2024-21626)", True),
        # Debian's kernel names the upstream commit, whose subject has the word
        ("    - crypto: algif_aead - Revert to operating out-of-place (CVE-2024-21626)", True),
        ("  * Revert the patch for CVE-2024-21626, which broke exec\n\n  * Fix CVE-2024-21626", False),
        ("  * Fix CVE-2024-21626 again\n\n  * Revert the patch for CVE-2024-21626", True),
        ("  * Drop the patches:\n    CVE-2024-21626.patch", False),
        ("  * CVE-2024-21626 is not fixed here", False),
        ("- crypto: revert to X {CVE-2024-21626}", True),
        ("  * Fix CVE-2024-216261", False),
        ("", False),
    ],
)
def test_the_newest_item_that_names_a_flaw_says_whether_it_is_mended(text, mended):
    assert ("CVE-2024-21626" in packages.parse_changelog(text.encode())) is mended
