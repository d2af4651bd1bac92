# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Releases and the flaws that they have."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.rules.shared import flaws

BY_CVE = {flaw.cve: flaw for flaw in flaws.FLAWS}


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
        ("CVE-2026-34040", "25.0.15", None),
        ("CVE-2022-0492", "5.15.19", False),
        ("CVE-2022-0492", "5.15.20", True),
        ("CVE-2022-0492", "5.14.0", False),
        ("CVE-2022-0492", "6.1.0", True),
        ("CVE-2026-31431", "6.18.44", None),
    ],
)
def test_whether_a_release_is_mended(cve, version, mended):
    assert flaws.is_mended(BY_CVE[cve], flaws.parse_release(version)) is mended


def test_each_flaw_has_a_source_and_says_what_it_lets_a_container_do():
    for flaw in flaws.FLAWS:
        assert flaw.source and flaw.lets and not flaw.lets.endswith(".")
        assert list(flaw.fixed) == sorted(flaw.fixed)
    assert len(BY_CVE) == len(flaws.FLAWS)
