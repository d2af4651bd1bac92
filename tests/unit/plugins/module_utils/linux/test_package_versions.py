# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of versions, over cases that dpkg and rpm were asked about."""

import subprocess

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import package_versions

# Each is older than those behind it.
DPKG = (
    "1.0~~",
    "1.0~~a",
    "1.0~",
    "1.0~rc93+ds1-5+deb11u3",
    "1.0",
    "1.0-1~bpo12+1",
    "1.0-1",
    "1.0-1+b1",
    "1.0-1+deb12u1",
    "1.0-1+deb12u1+b6",
    "1.0-1+deb12u2",
    "1.0-1+deb12u10",
    "1.0-1.1",
    "1.0a",
    "1.0+",
    "1.1.7-0ubuntu1~20.04.2",
    "1.1.7-0ubuntu1~22.04.2",
    "1.1.7-0ubuntu1",
    "1.1.7-0ubuntu1.1",
    "1.9",
    "1.10",
    "5.15.0-139.149~20.04.1",
    "5.15.0-139.149",
    "1:0.1",
    "5:28.5.2-1~debian.12~bookworm",
)
RPM = (
    "1.0~rc1",
    "1.0",
    "1.0^git1~pre",
    "1.0^git1",
    "1.0a",
    "1.0.1",
    "2.0.1a",
    "2.0.1a.1",
    "2.0.1.0",
    "4.18.0-553.el8_10",
    "4.18.0-553.123.1.el8_10",
    "5.14.0-611.9.1.el9_7",
    "5.14.0-611.54.1.el9_7",
    "5.14.0-687.5.3.el9_8",
    "3:0.1-1.el9",
)
EQUAL_TO_DPKG = (("1.0", "0:1.0"), ("1.0", "1.0-0"), ("1.00", "1.0"), ("1.0-1", "1.0-01"))
EQUAL_TO_RPM = (("1.05", "1.5"), ("2_0", "2.0"), ("fc4", "fc.4"), ("(none):1.0-1", "0:1.0-1"), ("1.0-1", "1.0"))


@pytest.mark.parametrize("compare, ordered", [("compare_dpkg", DPKG), ("compare_rpm", RPM)])
def test_every_version_is_older_than_all_behind_it(compare, ordered):
    for index, first in enumerate(ordered):
        assert getattr(package_versions, compare)(first, first) == 0
        for second in ordered[index + 1 :]:
            assert getattr(package_versions, compare)(first, second) == -1, (first, second)
            assert getattr(package_versions, compare)(second, first) == 1, (first, second)


@pytest.mark.parametrize("first, second", EQUAL_TO_DPKG)
def test_versions_that_are_the_same_to_dpkg(first, second):
    assert package_versions.compare_dpkg(first, second) == package_versions.compare_dpkg(second, first) == 0


@pytest.mark.parametrize("first, second", EQUAL_TO_RPM)
def test_versions_that_are_the_same_to_rpm(first, second):
    assert package_versions.compare_rpm(first, second) == package_versions.compare_rpm(second, first) == 0


def test_dpkg_itself_says_the_same():
    for first, second in zip(DPKG, DPKG[1:]):
        assert subprocess.run(["dpkg", "--compare-versions", first, "lt", second], check=False).returncode == 0, (
            first,
            second,
        )
    for first, second in EQUAL_TO_DPKG:
        assert subprocess.run(["dpkg", "--compare-versions", first, "eq", second], check=False).returncode == 0, (
            first,
            second,
        )


@pytest.mark.parametrize("compare", ["compare_dpkg", "compare_rpm"])
@pytest.mark.parametrize("text", ["", "1 0", "1.0\n", "ä", "1" * 300, ":1", "1.0-"])
def test_what_is_no_version_is_refused(compare, text):
    for pair in ((text, "1.0"), ("1.0", text)):
        with pytest.raises(ValueError):
            getattr(package_versions, compare)(*pair)
