# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flaws that rule known-vulnerabilities knows: the one table. Releases are upstream's.

Each was compared with the CVE's own record (www.cve.org), upstream's advisory and the tags of upstream's repository that hold
the fix. Read on 27 November 2026.
"""

from ansible_collections.containment.docker.plugins.module_utils.rules.shared.flaws import (
    AF_ALG,
    APPARMOR,
    CGROUP_V1,
    CONTAINERD,
    CONTAINERD_STORE,
    ENGINE,
    FIREWALLD,
    KERNEL,
    NOT_BY_DOCKER,
    PLUGIN,
    RUNC,
    SELINUX,
    USERNS,
    Flaw,
    at,
)

_RUNC = "https://github.com/opencontainers/runc/security/advisories/"
_MOBY = "https://github.com/moby/moby/security/advisories/"
_CONTAINERD = "https://github.com/containerd/containerd/security/advisories/"
# Maintained by others than Docker (Mirantis), with releases after those of which we know what they have.
_AFTER_25, _AFTER_28 = at(25, 0, 18), at(28, 5, 3)

FLAWS = (
    Flaw(
        "CVE-2019-5736",
        RUNC,
        ((1, 0, 0, 7),),
        "replace runc, and so run as root on the host",
        "https://www.openwall.com/lists/oss-security/2019/02/11/2",
        layers=(USERNS,),
    ),
    Flaw(
        "CVE-2020-15257",
        CONTAINERD,
        (at(1, 3, 9), at(1, 4, 3)),
        "start programs as root, where it runs as root in the host's network namespace",
        _CONTAINERD + "GHSA-36xw-fx78-c5r4",
    ),
    Flaw(
        "CVE-2021-32760",
        CONTAINERD,
        (at(1, 4, 8), at(1, 5, 4)),
        "change the mode of the host's files by its image",
        _CONTAINERD + "GHSA-c72p-9xmj-rx3w",
        CONTAINERD_STORE,
    ),
    Flaw(
        "CVE-2022-0492",
        KERNEL,
        (
            at(4, 9, 301),
            at(4, 14, 266),
            at(4, 19, 229),
            at(5, 4, 177),
            at(5, 10, 97),
            at(5, 15, 20),
            at(5, 16, 6),
            at(5, 17, 0),
        ),
        "have the host run a program by a control group's release_agent",
        "https://nvd.nist.gov/vuln/detail/CVE-2022-0492",
        CGROUP_V1,
        layers=(SELINUX, APPARMOR),
    ),
    Flaw(
        "CVE-2024-21626",
        RUNC,
        (at(1, 1, 12),),
        "start in a directory of the host",
        _RUNC + "GHSA-xr7r-f8xq-vfvv",
        since=(1, 0, 0, 93),
    ),
    Flaw(
        "CVE-2024-41110",
        ENGINE,
        (at(23, 0, 15), at(25, 0, 6), at(26, 1, 5), at(27, 1, 1)),
        "pass the authorization plugin, where it reaches the API",
        _MOBY + "GHSA-v23v-6jw2-98fq",
        PLUGIN,
    ),
    Flaw(
        "CVE-2025-31133",
        RUNC,
        (at(1, 2, 8), at(1, 3, 3), (1, 4, 0, 3)),
        "write files of the host's /proc in the place of a mask",
        _RUNC + "GHSA-9493-h29p-rfm2",
        layers=(USERNS,),
    ),
    Flaw(
        "CVE-2025-52565",
        RUNC,
        (at(1, 2, 8), at(1, 3, 3), (1, 4, 0, 3)),
        "get /dev/console bound over a file of the host's /proc",
        _RUNC + "GHSA-qw9x-cqr3-wc7r",
        since=(1, 0, 0, 3),
        layers=(USERNS,),
    ),
    Flaw(
        "CVE-2025-52881",
        RUNC,
        (at(1, 2, 8), at(1, 3, 3), (1, 4, 0, 3)),
        "send runc's own writes to another file of /proc",
        _RUNC + "GHSA-cgrx-mc8f-2prm",
        layers=(USERNS,),
    ),
    Flaw(
        "CVE-2025-47290",
        CONTAINERD,
        (at(2, 1, 1),),
        "write the host's files by its image",
        _CONTAINERD + "GHSA-cm76-qm8v-3j95",
        CONTAINERD_STORE,
        since=at(2, 1, 0),
    ),
    Flaw(
        "CVE-2025-54388",
        ENGINE,
        (at(28, 3, 3),),
        "be reached at ports that are published on loopback only, after a reload of firewalld",
        _MOBY + "GHSA-x4rx-4gw3-53p4",
        FIREWALLD,
        since=at(28, 2, 0),
    ),
    Flaw(
        "CVE-2026-31431",
        KERNEL,
        (
            at(5, 10, 254),
            at(5, 15, 204),
            at(6, 1, 170),
            at(6, 6, 137),
            at(6, 12, 85),
            at(6, 18, 22),
            at(6, 19, 12),
            at(7, 0, 0),
        ),
        "write the host's page cache, without any right",
        "https://www.cve.org/CVERecord?id=CVE-2026-31431",
        AF_ALG,
        since=at(4, 14, 0),
    ),
    Flaw(
        "CVE-2026-34040",
        ENGINE,
        (at(25, 0, 16), at(29, 3, 1)),
        "pass the authorization plugin, where it reaches the API",
        _MOBY + "GHSA-x744-4wpc-v9h2",
        PLUGIN,
        open_from=(_AFTER_28,),
    ),
    Flaw(
        "CVE-2026-41567",
        ENGINE,
        (at(25, 0, 17), at(29, 5, 1)),
        "have the daemon run a program of its image as root, while a compressed archive is copied into it",
        _MOBY + "GHSA-x86f-5xw2-fm2r",
        open_from=(_AFTER_28,),
    ),
    Flaw(
        "CVE-2026-41568",
        ENGINE,
        (at(25, 0, 17), at(29, 5, 1)),
        "make empty files on the host while docker cp runs",
        _MOBY + "GHSA-vp62-88p7-qqf5",
        open_from=(_AFTER_28,),
    ),
    Flaw(
        "CVE-2026-42306",
        ENGINE,
        (at(25, 0, 17), at(29, 5, 1)),
        "turn a mount of docker cp to a directory of the host",
        _MOBY + "GHSA-rg2x-37c3-w2rh",
        open_from=(_AFTER_28,),
    ),
    Flaw(
        "CVE-2026-41579",
        RUNC,
        (at(1, 3, 6), at(1, 4, 3), (1, 5, 0, 3)),
        "write a little of the host by an image whose /dev is a link",
        _RUNC + "GHSA-xjvp-4fhw-gc47",
        NOT_BY_DOCKER,
    ),
    Flaw(
        "CVE-2026-92543",
        ENGINE,
        (at(29, 8, 2),),
        "be started from an image that somebody put in a registry's place",
        "https://www.cve.org/CVERecord?id=CVE-2026-92543",
        open_from=(_AFTER_25, _AFTER_28),
    ),
)
