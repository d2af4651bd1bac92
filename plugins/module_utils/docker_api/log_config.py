# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How large the log files of a container may become, by its log driver and the driver's options. Pure.

moby: daemon/logger/jsonfilelog/jsonfilelog.go, daemon/logger/local/config.go; github.com/docker/go-units, FromHumanSize
"""

import re
from typing import Any, Mapping, NamedTuple, Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Meaningless
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert

FILES = ("json-file", "local")
_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?) ?([kmgtp]?)(i?)b?\Z", re.I)
_POWERS = " kmgtp"
_LOCAL_SIZE, _LOCAL_FILES = "20m", "5"  # what local does without options


class Limit(NamedTuple):
    """most: bytes of all files together, None without a limit; kept_elsewhere: whether the driver has no files of its own."""

    most: Optional[int]
    kept_elsewhere: bool = False


def limit(driver: str, options: Mapping[str, Any]) -> Limit:
    """Return the Limit of a log. Raise Meaningless for options that no driver takes."""
    if driver not in FILES:
        return Limit(None, True)  # of what it reads again dockerd keeps at most 5 files of 20 MB
    local = driver == "local"
    size = options.get("max-size") or (_LOCAL_SIZE if local else "")
    files = options.get("max-file") or (_LOCAL_FILES if local else "1")
    if not size or str(size).strip() == "-1":
        return Limit(None)
    if not re.match(r"[0-9]{1,9}\Z", str(files)):
        raise Meaningless(f"max-file {inert(str(files))} is no number of files")
    return Limit(parse_size(str(size)) * max(1, int(files)))


def parse_size(text: str) -> int:
    """Return the bytes of a size like "10m". Raise Meaningless."""
    match = _SIZE.match(text.strip())
    if not match:
        raise Meaningless(f"max-size {inert(text)} is no size")
    return int(float(match.group(1)) * 1000 ** _POWERS.index(match.group(2).lower() or " "))
