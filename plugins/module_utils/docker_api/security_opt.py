# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container's SecurityOpt list, parsed as dockerd parses it."""

from functools import lru_cache
from typing import Any, Dict, Iterable, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Meaningless

# Go's strconv.ParseBool
_BOOLEANS = dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True)
_BOOLEANS.update(dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False))


class SecurityOptions(NamedTuple):
    """What a SecurityOpt list asks for; None or () where it says nothing and the daemon decides."""

    no_new_privileges: Optional[bool] = None
    label: Tuple[str, ...] = ()
    apparmor: Optional[str] = None
    seccomp: Optional[str] = None
    writable_cgroups: Optional[bool] = None


def parse(options: Optional[Iterable[str]]) -> SecurityOptions:
    """The last of equal keys wins, labels add up. Meaningless for what dockerd refuses.

    moby: daemon/daemon_unix.go, parseSecurityOpt
    """
    return _parse(tuple(options or ()))


@lru_cache(maxsize=1)  # the rules ask for one container after the other; a seccomp profile in it may be long
def _parse(options: Sequence[str]) -> SecurityOptions:
    fields: Dict[str, Any] = {}
    labels = []
    for option in options:
        if option == "no-new-privileges":
            fields["no_new_privileges"] = True
            continue
        if option == "disable":
            labels.append("disable")
            continue
        key, separator, value = option.partition("=" if "=" in option else ":")
        if not separator:
            raise Meaningless(f"security option {option!r} has no value")
        if key == "label":
            labels.append(value)
        elif key in ("apparmor", "seccomp"):
            fields[key] = value
        elif key in ("no-new-privileges", "writable-cgroups"):
            fields[key.replace("-", "_")] = parse_bool(value)
        else:
            raise Meaningless(f"security option {option!r} is none that dockerd knows")
    return SecurityOptions(label=tuple(labels), **fields)


def parse_bool(text: str) -> bool:
    """As Go's strconv.ParseBool; Meaningless for all else."""
    if text not in _BOOLEANS:
        raise Meaningless(f"{text!r} is not a boolean")
    return _BOOLEANS[text]
