# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which devices are harmless: by what they are, never by where they stand. Pure."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import on_host

# What every container has (moby: daemon/pkg/oci/defaults.go; runc: libcontainer/specconv, AllowedDevices).
# linux: Documentation/admin-guide/devices.txt for the numbers
HARMLESS = {
    "/dev/null": ("char", (1, 3)),
    "/dev/zero": ("char", (1, 5)),
    "/dev/full": ("char", (1, 7)),
    "/dev/random": ("char", (1, 8)),
    "/dev/urandom": ("char", (1, 9)),
    "/dev/tty": ("char", (5, 0)),
}
NUMBERS = frozenset(HARMLESS.values())


def is_harmless(evidence: Evidence, path: str) -> bool:
    """Whether a clean path of the host is one of the devices that every container has.

    By the kind and the numbers of what stands there; where no host can be looked at, by the path.
    """
    place = on_host.place_of(evidence, path)
    if place is None or place.kind == "":
        return path in HARMLESS
    return (place.kind, place.number) in NUMBERS
