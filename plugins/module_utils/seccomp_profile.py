# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a seccomp profile lets through. Pure.

moby: profiles/seccomp/seccomp_linux.go (setupSeccomp) and default.json (v20.10.24, v26.1.5, v28.5.2, master)
"""

import json
from functools import lru_cache
from typing import Any, Dict, Tuple

from ansible_collections.containment.docker.plugins.module_utils import capability_sets

# Docker's default profile stops each of these in every version, for a container without added capabilities, and a
# service hardly ever needs one: they load kernels and modules, reach keys of others, or open much of the kernel.
WATCHED = (
    "add_key",
    "bpf",
    "delete_module",
    "finit_module",
    "init_module",
    "kexec_file_load",
    "kexec_load",
    "keyctl",
    "open_by_handle_at",
    "perf_event_open",
    "reboot",
    "request_key",
    "swapoff",
    "swapon",
    "userfaultfd",
)
_STOPS = frozenset("SCMP_ACT_" + action for action in ("KILL", "KILL_PROCESS", "KILL_THREAD", "TRAP", "ERRNO"))
# LOG lets through and logs. With TRACE a process may be its own child's tracer and let all through. NOTIFY asks a
# supervisor, who can't enforce anything: the arguments may change after the answer (seccomp_unotify(2)).
_LETS_THROUGH = frozenset("SCMP_ACT_" + action for action in ("ALLOW", "LOG", "TRACE", "NOTIFY"))


@lru_cache(maxsize=8)
def lets_through(text):
    # type: (str) -> Tuple[str, ...]
    """Those WATCHED calls that the profile does not stop, whatever their arguments; ValueError if it is no profile.

    Judged as for a container with Docker's default capabilities: what a profile allows for an added capability is
    that capability's fault. A call that is allowed only sometimes counts as let through.
    """
    try:
        profile = json.loads(text, object_pairs_hook=_as_go_reads)
    except RecursionError:
        raise ValueError("the seccomp profile is nested too deeply")
    except ValueError as error:
        raise ValueError("the seccomp profile is not JSON: %s" % error)
    if not isinstance(profile, dict):
        raise ValueError("the seccomp profile is not an object")
    default, rules = profile.get("defaultaction", ""), profile.get("syscalls", [])
    if not default and not rules:
        return WATCHED  # dockerd takes this as no filter at all
    by_default = _stops(default)
    stopped, allowed = set(), set()
    for rule in rules:
        calls = rule.get("names") or [rule["name"]]
        if _stops(rule["action"]):
            if _always_applies(rule):
                stopped.update(calls)
        elif _may_apply(rule):
            allowed.update(calls)
    return tuple(call for call in WATCHED if call in allowed or not (by_default or call in stopped))


def _as_go_reads(pairs):
    # type: (Any) -> Dict[str, Any]
    """encoding/json takes keys in any letter case, the last of equal ones wins, and null is as good as missing."""
    return {key.lower(): value for key, value in pairs if value is not None}


def _stops(action):
    if action in _STOPS:
        return True
    if action in _LETS_THROUGH:
        return False
    raise ValueError("the seccomp profile has the action %r" % (action,))


def _always_applies(rule):
    includes, excludes = rule.get("includes", {}), rule.get("excludes", {})
    conditional = any(includes.values()) or excludes.get("arches") or excludes.get("minkernel") or rule.get("args")
    return not conditional and not capability_sets.DEFAULT & capability_sets.names(excludes.get("caps"))


def _may_apply(rule):
    return capability_sets.names(rule.get("includes", {}).get("caps")) <= capability_sets.DEFAULT
