# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packages of an engine, by the files that dpkg keeps."""

import gzip

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
"""


def test_installed_packages_are_read_with_the_flaws_that_their_changelogs_name(tmp_path):
    (tmp_path / "var/lib/dpkg").mkdir(parents=True)
    (tmp_path / "var/lib/dpkg/status").write_bytes(STATUS)
    documents = tmp_path / "usr/share/doc/runc"
    documents.mkdir(parents=True)
    (documents / "changelog.Debian.gz").write_bytes(gzip.compress(b"  * fix CVE-2024-21626, CVE-2024-2162\n"))
    assert packages.look("6.1.0", str(tmp_path)) == {
        "containerd": packages.Package("containerd", None),
        "runc": packages.Package("runc", frozenset(("CVE-2024-21626", "CVE-2024-2162"))),
    }


def test_packages_of_docker_need_no_changelog(tmp_path):
    (tmp_path / "var/lib/dpkg").mkdir(parents=True)
    text = b"Package: docker-ce\nStatus: install ok installed\n\nPackage: containerd.io\nStatus: install ok installed\n"
    (tmp_path / "var/lib/dpkg/status").write_bytes(text)
    found = packages.look("6.1.0", str(tmp_path))
    assert {component: package.name for component, package in found.items()} == {
        "the engine": "docker-ce",
        "containerd": "containerd.io",
        "runc": "containerd.io",
    }


def test_without_packages_nothing_is_found(tmp_path):
    assert packages.look("6.1.0", str(tmp_path)) == {}
