# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a seccomp profile lets through that Docker's own stops. Pure."""

from collections import OrderedDict
from functools import lru_cache
from typing import AbstractSet, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.seccomp import docker_default
from ansible_collections.containment.docker.plugins.module_utils.seccomp.docker_default import Release
from ansible_collections.containment.docker.plugins.module_utils.seccomp.profile import (
    Condition,
    Machine,
    Profile,
    parse,
)

# What reaches the kernel as a whole, other users' secrets, or the parts of it that exploits begin with. A call that
# Docker's own profile stops and that is not here is only named.
DANGEROUS = OrderedDict(
    (
        ("namespaces", "clone clone3 setns unshare"),
        (
            "mounts",
            "fsconfig fsmount fsopen fspick mount mount_setattr move_mount open_tree open_tree_attr pivot_root umount umount2",
        ),
        ("keys", "add_key keyctl request_key"),
        ("BPF and tracing of the kernel", "bpf fanotify_init lookup_dcookie perf_event_open"),
        ("other processes", "kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace"),
        ("kernel modules", "create_module delete_module finit_module get_kernel_syms init_module query_module"),
        ("io_uring", "io_uring_enter io_uring_register io_uring_setup"),
        ("userfaultfd", "userfaultfd"),
        ("the machine's boot and swap", "kexec_file_load kexec_load reboot swapoff swapon"),
        ("clocks", "clock_settime clock_settime64 settimeofday stime"),
        ("files by handle", "open_by_handle_at"),
        ("the kernel's log, accounting and names", "acct quotactl quotactl_fd setdomainname sethostname syslog"),
        ("hardware", "ioperm iopl vm86 vm86old"),
        ("socket families", "socket"),
    )
)
_FAMILY_OF = {call: family for family, calls in DANGEROUS.items() for call in calls.split()}
_FAMILIES = {docker_default.AF_ALG: "AF_ALG", docker_default.AF_VSOCK: "AF_VSOCK"}
_HIGHEST = (1 << 64) - 1
_NAMED = 12


class Beyond(NamedTuple):
    """What goes through beyond Docker's own profile. by_default: all that the profile does not name.

    dangerous: {subject: calls}; other: calls of little power.
    """

    by_default: bool
    dangerous: Dict[str, List[str]]
    other: Tuple[str, ...]


@lru_cache(maxsize=8)
def beyond(text: str, on: Machine, release: Optional[Release] = None) -> Beyond:
    """Compare a profile's JSON with Docker's own, both as they apply on this machine. ValueError if it is none.

    release: the engine's, whose own profile is meant; None for the newest.
    """
    profile = parse(text, on)
    own = docker_default.allowed(on.capabilities, release)
    dangerous: Dict[str, List[str]] = OrderedDict()
    other = []
    for call in _calls(profile):
        call_text = None if call in own else _lets_more(profile, call, on, release)
        if call_text and call in _FAMILY_OF:
            dangerous.setdefault(_FAMILY_OF[call], []).append(call_text)
        elif call_text:
            other.append(call_text)
    return Beyond(profile.by_default, dangerous, tuple(other))


def _calls(profile: Profile) -> Iterator[str]:
    """The calls that may go through: those that a rule lets, and where all do by default, the dangerous ones."""
    let = {call for rule in profile.rules if rule.lets for call in rule.calls}
    if profile.by_default:
        stopped = (rule for rule in profile.rules if not rule.lets and rule.certain and not rule.conditions)
        let |= set(_FAMILY_OF) - {call for rule in stopped for call in rule.calls}
    return iter(sorted(let))


def _lets_more(profile: Profile, call: str, on: Machine, release: Optional[Release]) -> Optional[str]:
    """How the call is to be shown if the profile lets more of it through than Docker's own does, otherwise None."""
    ways = [rule.conditions for rule in profile.rules if rule.lets and call in rule.calls]
    if profile.by_default:
        ways.append(())
    if call == "clone":
        index = 1 if on.arch in ("s390", "s390x") else 0
        namespaces = any(_may_have_bits(_on(conditions, index), docker_default.NAMESPACE_FLAGS) for conditions in ways)
        return "clone with flags for new namespaces" if namespaces else None
    if call == "socket":
        families = docker_default.stopped_socket_families(release)
        free = [_FAMILIES[n] for n in families if any(_may_be(_on(conditions, 0), n) for conditions in ways)]
        return f"socket of {' and '.join(free)}" if free else None
    if call == "personality":
        return (
            call
            if any(_may_be_other(_on(conditions, 0), docker_default.PERSONALITIES) for conditions in ways)
            else None
        )
    return call


def lets_socket(profile: Profile, family: int) -> bool:
    """Return whether a socket of this address family gets through by socket(2)."""
    ways = [rule.conditions for rule in profile.rules if rule.lets and "socket" in rule.calls]
    stopping = [rule.conditions for rule in profile.rules if not rule.lets and rule.certain and "socket" in rule.calls]
    stopped = any(all(c.index == 0 for c in on) and _may_be(on, family) for on in stopping)
    if profile.by_default and not stopped:
        ways.append(())
    return any(_may_be(_on(conditions, 0), family) for conditions in ways)


def _on(conditions: Sequence[Condition], index: int) -> List[Condition]:
    """Those on one argument. runc makes a rule of its own of each where there are several, so any of them is enough."""
    return [condition for condition in conditions if condition.index == index]


def _may_be(conditions: Sequence[Condition], value: int) -> bool:
    return not conditions or any(_matches(condition, value) for condition in conditions)


def _matches(condition: Condition, value: int) -> bool:
    if condition.operator == "MASKED_EQ":
        return value & condition.value == condition.second
    return {
        "NE": value != condition.value,
        "LT": value < condition.value,
        "LE": value <= condition.value,
        "EQ": value == condition.value,
        "GE": value >= condition.value,
        "GT": value > condition.value,
    }[condition.operator]


def _may_have_bits(conditions: Sequence[Condition], bits: int) -> bool:
    """Whether a value with one of these bits goes through; bits are below the highest, so there are values above."""
    lowest = bits & -bits
    for condition in conditions:
        if condition.operator == "EQ":
            free = condition.value & bits
        elif condition.operator == "MASKED_EQ":
            possible = not condition.second & ~condition.value
            free = possible and (condition.second & bits or bits & ~condition.value)
        elif condition.operator in ("LT", "LE"):
            free = _matches(condition, lowest)
        elif condition.operator == "GT":
            free = condition.value < _HIGHEST
        else:  # NE, GE
            free = True
        if free:
            return True
    return not conditions


def _may_be_other(conditions: Sequence[Condition], values: AbstractSet[int]) -> bool:
    """Whether a value that is none of these goes through; for all but EQ there is one for sure, or it can't be excluded."""
    return not conditions or any(c.operator != "EQ" or c.value not in values for c in conditions)


def sentence(whose: str, result: Beyond) -> str:
    """What to say of it; whose: "the container's own seccomp profile"."""
    parts = [f"{', '.join(calls)} ({family})" for family, calls in result.dangerous.items()]
    if result.by_default:
        says = f"{whose} lets through all that it does not name"
        return f"{says}, among it {'; '.join(parts)}" if parts else says
    other = ", ".join(result.other[:_NAMED]) + (
        f" and {len(result.other) - _NAMED} more" if result.other[_NAMED:] else ""
    )
    if parts:
        says = f"{whose} lets through what Docker's own stops: {'; '.join(parts)}"
        return f"{says}; and of little power: {other}" if other else says
    says = f"{whose} stops what matters of what Docker's own stops"
    return f"{says}, and lets through beyond it: {other}" if other else says
