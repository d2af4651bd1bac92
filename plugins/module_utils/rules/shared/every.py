# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Predicates of the kernel layer that hold for every process and every namespace of a container. Pure."""

from functools import wraps
from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Predicate, Verdict, ask
from ansible_collections.containment.docker.plugins.module_utils.linux.members import View


def describe_all(count: int) -> str:
    """Return the words for all processes that were looked at."""
    return "its only process" if count == 1 else f"each of its {count} processes"


def of_processes(predicate: Predicate) -> Predicate:
    """Let the predicate pass only where all threads of all processes were looked at."""

    @wraps(predicate)
    def judged(evidence: Evidence) -> Optional[Verdict]:
        return _if_complete(predicate(evidence), evidence)

    return judged


def of_namespaces(predicate: Predicate) -> Predicate:
    """Judge the first process's mounts and namespaces, and then those that any other thread has for itself.

    The first that fails decides, then the first that is unknown.
    """

    @wraps(predicate)
    def judged(evidence: Evidence) -> Optional[Verdict]:
        verdict = predicate(evidence)
        for view in evidence["views"] if "views" in evidence else ():
            if verdict is not None and verdict.ok is False:
                break
            also = _of_view(predicate, evidence, view)
            if also is not None and (also.ok is False or (also.ok is None and (verdict is None or verdict.ok))):
                verdict = Verdict(also.ok, f"process {int(view.pid)}, in namespaces of its own: {also.seen}")
        return _if_complete(verdict, evidence)

    return judged


def _of_view(predicate: Predicate, evidence: Evidence, view: View) -> Optional[Verdict]:
    of_view = Evidence(evidence, mounts=view.mounts, namespaces=view.namespaces, uid_map=view.uid_map)
    return ask(predicate, of_view)


def _if_complete(verdict: Optional[Verdict], evidence: Evidence) -> Optional[Verdict]:
    """A layer that has nothing to say against a container has, once something was not looked at."""
    if not evidence.get("incomplete") or (verdict is not None and not verdict.ok):
        return verdict
    return Verdict(None, evidence["incomplete"])
