# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a seccomp filter leaves a way to a socket of the kernel's cryptography (AF_ALG). Pure.

A filter sees the arguments of socket(2). It can't see those of socketcall(2), by which 32-bit programs of x86, s390 and
MIPS reach the same: the family is behind a pointer. libseccomp lets socketcall through for such an architecture wherever
socket is let through for any family, unless a rule of its own stops it, and runc leaves out a rule that does what happens
by default (moby/profiles: seccomp/default_linux.go, and the commits of April and May 2026 about socketcall).
"""

import json
from typing import Any, Iterator, Mapping

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Meaningless
from ansible_collections.containment.docker.plugins.module_utils.seccomp import compare, docker_default, profile

# Of a machine whose own calls have no socketcall, the architectures that have it.
_WITH_SOCKETCALL = frozenset(("SCMP_ARCH_X86", "SCMP_ARCH_S390", "SCMP_ARCH_S390X", "SCMP_ARCH_PPC", "SCMP_ARCH_M68K"))
_MIPS = "SCMP_ARCH_MIPS"
_EPERM = 1


def way_to_crypto(text: str, on: profile.Machine) -> str:
    """Return the call by which a program gets such a socket through this filter, "" where there is none.

    text: a profile, or the seccomp part of a container's specification. Raise Meaningless.
    """
    parsed = profile.parse(text, on)
    if parsed.by_default and not parsed.rules:
        return "socket"
    if compare.lets_socket(parsed, docker_default.AF_ALG):
        return "socket"
    document = json.loads(text)
    if not any(_has_socketcall(name) for name in _architectures(document)):
        return ""
    if any(rule.lets and "socketcall" in rule.calls for rule in parsed.rules):
        return "socketcall"
    lets_some = any(rule.lets and "socket" in rule.calls for rule in parsed.rules)
    return "socketcall" if (lets_some or parsed.by_default) and not _stops_socketcall(document) else ""


def _has_socketcall(name: Any) -> bool:
    return name in _WITH_SOCKETCALL or isinstance(name, str) and name.startswith(_MIPS)


def _architectures(document: Mapping[str, Any]) -> Iterator[Any]:
    """Of a specification: architectures. Of a profile also archMap, of which each entry may apply."""
    fields = {key.lower(): value for key, value in document.items()}
    try:
        yield from fields.get("architectures") or ()
        for entry in fields.get("archmap") or ():
            own = {key.lower(): value for key, value in entry.items()}
            yield own.get("architecture")
            yield from own.get("subarchitectures") or ()
    except (AttributeError, TypeError):
        raise Meaningless("the architectures of the seccomp profile are no names")


def _stops_socketcall(document: Mapping[str, Any]) -> bool:
    """Whether a rule stops it that runc doesn't leave out."""
    fields = {key.lower(): value for key, value in document.items()}
    default = _Action(fields.get("defaultaction"), fields.get("defaulterrnoret"))
    for item in fields.get("syscalls") or ():
        rule = {key.lower(): value for key, value in item.items()}
        names = rule.get("names") or [rule.get("name")]
        action = _Action(rule.get("action"), rule.get("errnoret"))
        if "socketcall" in names and not rule.get("args") and not rule.get("includes") and not rule.get("excludes"):
            if action.stops and action != default:
                return True
    return False


class _Action:
    """An action with its error number, as runc compares them."""

    def __init__(self, name: Any, errno: Any) -> None:
        """errno: None stands for EPERM, where the action returns an error at all."""
        self.stops = name in profile.STOPS
        self.key = (name, (_EPERM if errno is None else errno) if name == "SCMP_ACT_ERRNO" else None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Action) and self.key == other.key
