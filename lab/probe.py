# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The probe of the scenario `attempts`, built statically so that it runs in any container."""

import hashlib
import os

from paths import DATA, HERE, lock, run, say

SOURCES = HERE.parent / "tests" / "probe"
COMPILE = ["gcc", "-std=gnu11", "-static", "-O2", "-Wall", "-Wextra", "-Werror"]


def _hash():
    digest = hashlib.sha256(repr(COMPILE).encode())
    for path in sorted(SOURCES.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def build():
    """Its path below DATA; compiled only where there is none of these sources yet."""
    program = DATA / f"probe-{_hash()}"
    with lock("probe"):
        if not program.exists():
            say("building the probe")
            unfinished = program.with_suffix(".new")
            run([*COMPILE, "-o", unfinished, *sorted(SOURCES.glob("*.c"))])
            os.replace(unfinished, program)
    return program
