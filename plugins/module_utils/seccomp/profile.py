# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read a seccomp profile as dockerd does, for one machine and one container. Pure.

moby/profiles: seccomp/seccomp_linux.go (setupSeccomp); runc: libcontainer/seccomp/seccomp_linux.go (matchCall)
"""

import json
import re
from functools import lru_cache
from typing import Any, Callable, Dict, FrozenSet, Iterable, List, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Meaningless

STOPS = frozenset("SCMP_ACT_" + action for action in ("KILL", "KILL_PROCESS", "KILL_THREAD", "TRAP", "ERRNO"))
# LOG lets through and logs. With TRACE a process may be its own child's tracer and let all through. NOTIFY asks a
# supervisor, who can't enforce anything: the arguments may change after the answer (seccomp_unotify(2)).
_LETS_THROUGH = frozenset("SCMP_ACT_" + action for action in ("ALLOW", "LOG", "TRACE", "NOTIFY"))
OPERATORS = frozenset("SCMP_CMP_" + name for name in ("NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ"))
_KERNEL = re.compile(r"(\d{1,9})\.(\d{1,9})")
# What uname calls a machine -> what a profile does.
_ARCHES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "x86", "loongarch64": "loong64"}


class Machine(NamedTuple):
    """What decides which parts of a profile apply.

    capabilities: the container's bounding set, names without CAP_. arch: as profiles call it ("amd64"), "" if it is
    not known. kernel: (major, minor), None if it is not known.
    """

    capabilities: FrozenSet[str]
    arch: str = ""
    kernel: Optional[Tuple[int, int]] = None


class Condition(NamedTuple):
    """On one argument; with the operator MASKED_EQ value is the mask and second what must be left."""

    index: int  # type: ignore[assignment]  # tuple.index, which nobody calls
    operator: str
    value: int
    second: int


class Rule(NamedTuple):
    """lets: the calls go through, else they are stopped. certain: it applies for sure on this machine."""

    calls: FrozenSet[str]
    lets: bool
    certain: bool
    conditions: Tuple[Condition, ...]


class Profile(NamedTuple):
    """by_default: calls that no rule names go through."""

    by_default: bool
    rules: Tuple[Rule, ...]


NO_FILTER = Profile(True, ())


def machine(capabilities: FrozenSet[str], uname: str = "", release: str = "") -> Machine:
    """A Machine from what `docker info` calls Architecture and KernelVersion; "" where it is not known."""
    match = _KERNEL.match(release)
    kernel = (int(match.group(1)), int(match.group(2))) if match else None
    return Machine(capabilities, _ARCHES.get(uname, uname), kernel)


@lru_cache(maxsize=8)
def parse(text: str, on: Machine) -> Profile:
    """The rules that apply on a machine, or may. Meaningless if the text is no profile that dockerd takes."""
    try:
        profile = json.loads(text, object_pairs_hook=_as_go_reads)
    except RecursionError:
        raise Meaningless("the seccomp profile is nested too deeply")
    except ValueError as error:
        raise Meaningless(f"the seccomp profile is not JSON: {error}")
    if not isinstance(profile, dict):
        raise Meaningless("the seccomp profile is not an object")
    default, listed = profile.get("defaultaction", ""), profile.get("syscalls", [])
    if not isinstance(listed, list):
        raise Meaningless("syscalls of the seccomp profile is no list")
    if profile.get("architectures") and profile.get("archmap"):
        raise Meaningless("the seccomp profile has both architectures and archMap")
    if not default and not listed:
        return NO_FILTER  # dockerd takes this as no filter at all
    rules = (_rule(item, on) for item in listed)
    return Profile(_lets(default), tuple(rule for rule in rules if rule))


def _as_go_reads(pairs: Any) -> Dict[str, Any]:
    """encoding/json takes keys in any letter case, the last of equal ones wins, and null is as good as missing."""
    return {key.lower(): value for key, value in pairs if value is not None}


def _rule(item: Any, on: Machine) -> Optional[Rule]:
    if not isinstance(item, dict):
        raise Meaningless("a rule of the seccomp profile is no object")
    if item.get("name") and item.get("names"):
        raise Meaningless("a rule of the seccomp profile has both name and names")
    calls = _texts(item.get("names") or [item.get("name", "")])
    lets = _lets(item.get("action"))
    conditions = tuple(_condition(argument) for argument in _list(item.get("args", [])))
    includes, excludes = item.get("includes", {}), item.get("excludes", {})
    if not isinstance(includes, dict) or not isinstance(excludes, dict):
        raise Meaningless("includes or excludes of the seccomp profile is no object")
    applies = _both(_holds(includes, on, all), _not(_holds(excludes, on, any) if excludes else False))
    return None if applies is False else Rule(frozenset(calls), lets, applies is True, conditions)


def _holds(where: Mapping[str, Any], on: Machine, how: Callable[[Iterable[Any]], bool]) -> Optional[bool]:
    """True, False, or None where it can't be told: all of these conditions (includes), or any of them (excludes)."""
    conditions: List[Optional[bool]] = []
    capabilities = _texts(where.get("caps", []))
    if capabilities:
        # to the letter: dockerd compares with the names in the container's specification
        names = ["CAP_" + name for name in on.capabilities]
        conditions.append(how(name in names for name in capabilities))
    arches = _texts(where.get("arches", []))
    if arches:
        conditions.append(on.arch in arches if on.arch else None)
    kernel = where.get("minkernel")
    if kernel:
        match = _KERNEL.match(kernel) if isinstance(kernel, str) else None
        if not match:
            raise Meaningless(f"minKernel of the seccomp profile is {kernel!r}")
        least = int(match.group(1)), int(match.group(2))
        conditions.append(on.kernel >= least if on.kernel else None)
    if how is all:
        return False if False in conditions else None if None in conditions else True
    return True if True in conditions else None if None in conditions else False


def _both(first: Optional[bool], second: Optional[bool]) -> Optional[bool]:
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def _not(value: Optional[bool]) -> Optional[bool]:
    return None if value is None else not value


def _condition(argument: Mapping[str, Any]) -> Condition:
    if not isinstance(argument, dict) or argument.get("op") not in OPERATORS:
        raise Meaningless(f"an argument of the seccomp profile is {argument!r:.80}")
    numbers = [argument.get(key, 0) for key in ("index", "value", "valuetwo")]
    if not all(_is_word(number) for number in numbers) or numbers[0] > 5:
        raise Meaningless(f"an argument of the seccomp profile is {argument!r:.80}")
    return Condition(numbers[0], argument["op"][len("SCMP_CMP_") :], numbers[1], numbers[2])


def _is_word(number: Any) -> bool:
    """Whether it is an unsigned 64-bit number of JSON; true and false are none."""
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 1 << 64


def _lets(action: Optional[str]) -> bool:
    if action in STOPS:
        return False
    if action in _LETS_THROUGH:
        return True
    raise Meaningless(f"the seccomp profile has the action {action!r:.80}")


def _list(value: Any) -> List[Any]:
    if not isinstance(value, list):
        raise Meaningless(f"a list of the seccomp profile is {value!r:.80}")
    return value


def _texts(value: Any) -> List[str]:
    texts = _list(value)
    if not all(isinstance(text, str) for text in texts):
        raise Meaningless(f"a list of the seccomp profile is {value!r:.80}")
    return texts
