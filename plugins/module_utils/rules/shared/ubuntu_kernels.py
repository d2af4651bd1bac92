# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By which versions of its many kernels Ubuntu mends the known flaws. Pure.

A flavour (generic, aws, azure, ...) is built of a source of its own whose numbers say nothing of another's: 5.15.0-1108.115 of
aws has what 5.15.0-1103.104 of nvidia has, and sorts after any of generic. So a version is compared with those of its own
flavour, release of Ubuntu and series of the kernel (GA or HWE) alone. From 16.04 to 20.04 some come with Ubuntu Pro only.

Each is from the flaw's page at ubuntu.com/security (Ubuntu's CVE tracker), read on 27 November 2026. Where that page says of a
series that it isn't affected, the version is the first that the series ever had.
"""

import re
from typing import Dict, Iterator, Tuple

_NAME = re.compile(r"linux-image-(?:unsigned-)?[0-9]+\.[0-9]+\.[0-9]+-[1-9][0-9]{0,4}-([a-z0-9][a-z0-9-]*)\Z")
# Built of one source, so with one number; up to 20.04 generic's source has lowlatency, too.
_SAME = {
    "generic": ("generic", "generic-64k", "generic-lpae"),
    "generic+lowlatency": ("generic", "generic-lpae", "lowlatency"),
}
_Table = Dict[str, Dict[str, str]]  # release of Ubuntu -> flavour -> versions, one for each series

_COPY_FAIL: _Table = {
    "16.04": {
        "generic+lowlatency": "4.15.0-250.262~16.04.1",
        "aws": "4.15.0-1192.205~16.04.1",
        "azure": "4.15.0-1201.216~16.04.1",
        "gcp": "4.15.0-1185.202~16.04.1",
        "oracle": "4.15.0-1154.165~16.04.1",
    },
    "18.04": {
        "generic+lowlatency": "4.15.0-250.262 5.4.0-231.251~18.04.1",
        "aws": "4.15.0-1192.205 5.4.0-1160.170~18.04.1",
        "azure": "4.15.0-1201.216 5.4.0-1163.169~18.04.1",
        "gcp": "4.15.0-1185.202 5.4.0-1162.171~18.04.1",
        "ibm": "5.4.0-1105.110~18.04.1",
        "kvm": "4.15.0-1174.179",
        "oracle": "4.15.0-1154.165 5.4.0-1157.167~18.04.1",
        "raspi": "5.4.0-1143.156~18.04.1",
    },
    "20.04": {
        "generic+lowlatency": "5.4.0-230.250 5.15.0-179.189~20.04.1",
        "generic-64k": "5.15.0-179.189~20.04.1",
        "aws": "5.4.0-1159.169 5.15.0-1108.115~20.04.1",
        "azure": "5.4.0-1163.169 5.15.0-1114.123~20.04.1",
        "gcp": "5.4.0-1162.171 5.15.0-1108.117~20.04.1",
        "ibm": "5.4.0-1105.110 5.15.0-1102.105~20.04.1",
        "kvm": "5.4.0-1146.155",
        "oracle": "5.4.0-1157.167 5.15.0-1106.112~20.04.1",
        "raspi": "5.4.0-1143.156",
    },
    "22.04": {
        "generic": "5.15.0-179.189 6.8.0-124.124~22.04.1",
        "lowlatency": "5.15.0-179.189 6.8.0-117.117.1~22.04.1",
        "aws": "5.15.0-1108.115 6.8.0-1057.60~22.04.1",
        "azure": "5.15.0-1114.123 6.8.0-1059.65~22.04.1",
        "gcp": "5.15.0-1108.117 6.8.0-1060.63~22.04.1",
        "gke": "5.15.0-1104.110",
        "gkeop": "5.15.0-1091.99",
        "ibm": "5.15.0-1102.105 6.8.0-1055.56~22.04.1",
        "intel-iotg": "5.15.0-1103.109",
        "kvm": "5.15.0-1100.105",
        "nvidia": "5.15.0-1103.104",
        "oracle": "5.15.0-1105.111 6.8.0-1054.55~22.04.1",
        "raspi": "5.15.0-1102.105",
    },
    "24.04": {
        "generic": "6.8.0-117.117 6.17.0-29.29~24.04.1",
        "lowlatency": "6.8.0-117.117.1",
        "aws": "6.8.0-1055.58 6.17.0-1017.17~24.04.1",
        "azure": "6.8.0-1056.62 6.17.0-1015.15~24.04.1",
        "gcp": "6.8.0-1058.61 6.17.0-1018.19~24.04.1",
        "gke": "6.8.0-1054.60",
        "gkeop": "6.8.0-1041.44",
        "ibm": "6.8.0-1055.56",
        "nvidia": "6.8.0-1054.57 6.17.0-1018.18",
        "oem": "6.17.0-1023.23",
        "oracle": "6.8.0-1054.55 6.17.0-1014.14~24.04.1",
        "raspi": "6.8.0-1056.60",
    },
    "25.10": {
        "generic": "6.17.0-29.29",
        "aws": "6.17.0-1015.15",
        "azure": "6.17.0-1015.15",
        "gcp": "6.17.0-1018.19",
        "oracle": "6.17.0-1014.14",
        "raspi": "6.17.0-1017.17",
    },
}
_RELEASE_AGENT: _Table = {
    "16.04": {
        "generic+lowlatency": "4.4.0-222.255 4.15.0-173.182~16.04.1",
        "aws": "4.4.0-1138.152",
        "azure": "4.15.0-1134.147~16.04.1",
        "gcp": "4.15.0-1119.133~16.04.1",
        "kvm": "4.4.0-1103.112",
    },
    "18.04": {
        "generic+lowlatency": "4.15.0-173.182 5.4.0-105.119~18.04.1",
        "aws": "4.15.0-1124.133",
        "azure": "4.15.0-1134.147 5.4.0-1073.76~18.04.1",
        "gcp": "4.15.0-1119.133 5.4.0-1068.72~18.04.1",
        "kvm": "4.15.0-1110.113",
    },
    "20.04": {
        "generic+lowlatency": "5.4.0-105.119 5.13.0-37.42~20.04.1 5.15.0-33.34~20.04.1",
        "generic-64k": "5.13.0-37.42~20.04.1 5.15.0-33.34~20.04.1",
        "aws": "5.4.0-1069.73 5.13.0-1019.21~20.04.1 5.15.0-1015.19~20.04.1",
        "azure": "5.4.0-1073.76 5.13.0-1021.24~20.04.1 5.15.0-1007.8~20.04.1",
        "gcp": "5.4.0-1068.72 5.13.0-1021.25~20.04.1 5.15.0-1006.9~20.04.1",
        "kvm": "5.4.0-1059.62",
    },
    "22.04": {
        "generic": "5.15.0-23.23",
        "lowlatency": "5.15.0-23.23",
        "aws": "5.15.0-1003.5",
        "azure": "5.15.0-1002.3",
        "gcp": "5.15.0-1003.6",
        "intel-iotg": "5.15.0-1004.6",
        "kvm": "5.15.0-1004.4",
    },
}
_TABLES = {"CVE-2022-0492": _RELEASE_AGENT, "CVE-2026-31431": _COPY_FAIL}


def flavour(name: str) -> str:
    """Return the flavour of a kernel's package; "" where Ubuntu didn't build it (a mainline build has a number like 060800)."""
    match = _NAME.match(name)
    return match.group(1) if match else ""


def rows() -> Iterator[Tuple[str, str, str, Tuple[str, ...]]]:
    """Yield (flaw, distribution as os-release says it, flavour, the versions that mend it)."""
    for cve, table in _TABLES.items():
        for release, versions in table.items():
            for key, text in versions.items():
                for name in _SAME.get(key, (key,)):
                    yield cve, f"ubuntu {release}", name, tuple(text.split())
