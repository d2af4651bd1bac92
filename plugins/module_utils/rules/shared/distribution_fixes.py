# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By which versions of their packages distributions mend the known flaws. Each from the package's own changelog or the
distribution's tracker, read on 27 November 2026.

What is not here is read from the changelog that is installed with a package; where that isn't there either, it is unknown.
"""

from ansible_collections.containment.docker.plugins.module_utils.rules.shared.flaws import Fix
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.ubuntu_kernels import rows

_DEBIAN = "https://security-tracker.debian.org/tracker/"
_UBUNTU = "https://ubuntu.com/security/"
_RED_HAT = "https://access.redhat.com/security/cve/"

# 9 and 10 as long as Debian and its LTS looked after them; what came after is Freexian's, and not here.
_OF_DEBIAN = (
    ("CVE-2019-5736", "runc", "debian 9", "0.1.1+dfsg1-2+deb9u1"),
    ("CVE-2019-5736", "runc", "debian 10", "1.0.0~rc6+dfsg1-2"),
    ("CVE-2020-15257", "containerd", "debian 11", "1.4.3~ds1-1"),
    ("CVE-2021-32760", "containerd", "debian 11", "1.4.5~ds1-2"),
    ("CVE-2022-0492", "linux-image-", "debian 9", "4.9.303-1"),  # DLA-2940-1
    ("CVE-2022-0492", "linux-image-", "debian 9", "4.19.232-1~deb9u1"),  # DLA-2941-1
    ("CVE-2022-0492", "linux-image-", "debian 10", "4.19.232-1"),  # DSA-5096-1
    ("CVE-2022-0492", "linux-image-", "debian 11", "5.10.103-1"),
    ("CVE-2024-21626", "runc", "debian 11", "1.0.0~rc93+ds1-5+deb11u3"),
    ("CVE-2024-21626", "runc", "debian 12", "1.1.5+ds1-1+deb12u1"),
    ("CVE-2024-41110", "docker.io", "debian 11", "20.10.5+dfsg1-1+deb11u3"),
    ("CVE-2024-41110", "docker.io", "debian 12", "20.10.24+dfsg1-1+deb12u1"),
    ("CVE-2025-31133", "runc", "debian 13", "1.1.15+ds1-2+deb13u1"),
    ("CVE-2025-52565", "runc", "debian 13", "1.1.15+ds1-2+deb13u1"),
    ("CVE-2026-31431", "linux-image-", "debian 11", "5.10.251-2"),
    ("CVE-2026-31431", "linux-image-", "debian 12", "6.1.170-1"),
    ("CVE-2026-31431", "linux-image-", "debian 13", "6.12.85-1"),
    ("CVE-2026-34040", "docker.io", "debian 13", "26.1.5+dfsg1-9+deb13u1"),
    ("CVE-2026-41568", "docker.io", "debian 13", "26.1.5+dfsg1-9+deb13u1"),
    ("CVE-2026-41579", "runc", "debian 13", "1.1.15+ds1-2+deb13u1"),
    ("CVE-2026-42306", "docker.io", "debian 13", "26.1.5+dfsg1-9+deb13u1"),
    # testing and unstable, whose os-release has no VERSION_ID
    ("CVE-2026-34040", "docker.io", "debian", "28.5.2+dfsg4-2"),
    ("CVE-2026-41567", "docker.io", "debian", "28.5.2+dfsg4-3"),
    ("CVE-2026-41568", "docker.io", "debian", "28.5.2+dfsg4-3"),
    ("CVE-2026-42306", "docker.io", "debian", "28.5.2+dfsg4-3"),
)
_OF_UBUNTU = (
    ("CVE-2019-5736", "runc", "ubuntu 16.04", "1.0.0~rc2+docker1.13.1-0ubuntu1~16.04.1", "notices/USN-4048-1"),
    ("CVE-2019-5736", "runc", "ubuntu 18.04", "1.0.0~rc4+dfsg1-6ubuntu0.18.04.1", "notices/USN-4048-1"),
    ("CVE-2020-15257", "containerd", "ubuntu 16.04", "1.2.6-0ubuntu1~16.04.6", "notices/USN-4653-2"),
    ("CVE-2020-15257", "containerd", "ubuntu 18.04", "1.3.3-0ubuntu1~18.04.4", "notices/USN-4653-2"),
    ("CVE-2020-15257", "containerd", "ubuntu 20.04", "1.3.3-0ubuntu2.2", "notices/USN-4653-2"),
    ("CVE-2021-32760", "containerd", "ubuntu 16.04", "1.2.6-0ubuntu1~16.04.6+esm2", "notices/USN-5521-1"),
    ("CVE-2021-32760", "containerd", "ubuntu 18.04", "1.5.2-0ubuntu1~18.04.2", "notices/USN-5012-1"),
    ("CVE-2021-32760", "containerd", "ubuntu 20.04", "1.5.2-0ubuntu1~20.04.2", "notices/USN-5012-1"),
    ("CVE-2021-32760", "containerd", "ubuntu 22.04", "1.5.2-0ubuntu2", "CVE-2021-32760"),
    ("CVE-2024-21626", "runc", "ubuntu 18.04", "1.1.4-0ubuntu1~18.04.2+esm1", "CVE-2024-21626"),
    ("CVE-2024-21626", "runc", "ubuntu 20.04", "1.1.7-0ubuntu1~20.04.2", "notices/USN-6619-1"),
    ("CVE-2024-21626", "runc", "ubuntu 22.04", "1.1.7-0ubuntu1~22.04.2", "notices/USN-6619-1"),
    # 16.04 has 18.09, whose own release mended it first
    ("CVE-2024-41110", "docker.io", "ubuntu 16.04", "18.09.7-0ubuntu1~16.04.1", "CVE-2024-41110"),
    ("CVE-2024-41110", "docker.io", "ubuntu 18.04", "20.10.21-0ubuntu1~18.04.3+esm1", "CVE-2024-41110"),
    ("CVE-2024-41110", "docker.io", "ubuntu 20.04", "26.1.3-0ubuntu1~20.04.1+esm1", "CVE-2024-41110"),
    ("CVE-2024-41110", "docker.io", "ubuntu 22.04", "26.1.3-0ubuntu1~22.04.1+esm1", "CVE-2024-41110"),
    ("CVE-2024-41110", "docker.io", "ubuntu 22.04", "27.5.1-0ubuntu3~22.04.2", "CVE-2024-41110"),
    ("CVE-2024-41110", "docker.io", "ubuntu 24.04", "26.1.3-0ubuntu1~24.04.1+esm1", "CVE-2024-41110"),
    ("CVE-2024-41110", "docker.io", "ubuntu 24.04", "27.5.1-0ubuntu3~24.04.2", "CVE-2024-41110"),
    *(
        (cve, "runc", f"ubuntu {release}", f"1.3.3-0ubuntu1~{release}.2", "notices/USN-7851-1")
        for cve in ("CVE-2025-31133", "CVE-2025-52565", "CVE-2025-52881")
        for release in ("22.04", "24.04", "25.04", "25.10")
    ),
)

FIXES = (
    *(Fix(cve, package, release, (version,), _DEBIAN + cve) for cve, package, release, version in _OF_DEBIAN),
    *(Fix(cve, package, release, (version,), _UBUNTU + page) for cve, package, release, version, page in _OF_UBUNTU),
    *(
        Fix(cve, "linux-image-", release, versions, _UBUNTU + cve, flavour)
        for cve, release, flavour, versions in rows()
    ),
    Fix(
        "CVE-2026-31431",
        "kernel-core-",
        "rhel",
        (
            "0:4.18.0-305.190.1.el8_4",
            "0:4.18.0-372.191.1.el8_6",
            "0:4.18.0-477.139.1.el8_8",
            "0:4.18.0-553.123.1.el8_10",
            "0:5.14.0-70.178.1.el9_0",
            "0:5.14.0-284.169.1.el9_2",
            "0:5.14.0-427.124.1.el9_4",
            "0:5.14.0-570.112.1.el9_6",
            "0:5.14.0-611.54.1.el9_7",
            "0:5.14.0-687.5.3.el9_8",
            "0:6.12.0-55.71.1.el10_0",
            "0:6.12.0-124.55.1.el10_1",
            "0:6.12.0-211.7.3.el10_2",
        ),
        _RED_HAT + "CVE-2026-31431",
    ),
)
