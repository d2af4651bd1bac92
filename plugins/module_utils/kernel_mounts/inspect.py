# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One look at what a running container's mounts leave open of the kernel, and what all looks share. I/O only."""

from itertools import islice
from typing import Any, Dict, List, NamedTuple, Sequence, Tuple, Type

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api import info
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    Engine,
    EngineError,
    container_path,
)
from ansible_collections.containment.docker.plugins.module_utils.evidence import container as container_evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence import daemon as daemon_evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence import host as host_evidence
from ansible_collections.containment.docker.plugins.module_utils.judge import policy, rule
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import plan
from ansible_collections.containment.docker.plugins.module_utils.linux import (
    kernel_paths,
    kernel_view,
    process_end,
    process_handle,
)

# What goes wrong when a container moves on, or shows what no engine and no kernel does.
_TROUBLE = (process_handle.Gone, Unreadable, EngineError, OSError, ValueError)


class Look(NamedTuple):
    """What was seen. wanted: (read-only, masked) paths of this kernel and engine; owns_cgroups: see kernel_view."""

    evidence: Evidence
    openings: List[kernel_view.Opening]
    wanted: Tuple[List[str], List[str]]
    owns_cgroups: bool


def trouble() -> Tuple[Type[Exception], ...]:
    """Return what a look may raise: on a host a mistake of ours, too, which must not keep other containers from being told of."""
    return _TROUBLE + rule.MISTAKES


def shared(engine: Engine, unit: str) -> Dict[str, Any]:
    """The evidence that all containers have in common. Raises Unreadable where the engine or the host don't tell."""
    host = host_evidence.collect(kernel_paths.READ_ONLY + kernel_paths.MASKED)
    daemon = daemon_evidence.collect(engine, unit)
    for evidence, key in ((daemon, "info"), (host, "namespaces")):
        evidence[key]  # pylint: disable=pointless-statement
    return {"host": host, "daemon": daemon, "policy": policy.DEFAULT}


def look(engine: Engine, in_common: Dict[str, Any], container: str, pids: Sequence[int]) -> Look:
    """A look at the container of this id. Raises one of trouble(); process_handle.Gone if it does not run any more."""
    evidence = Evidence(in_common)
    try:
        container_evidence.collect(engine, container, list(pids), evidence)
    except EngineError as error:
        if error.status == 404:
            raise process_handle.Gone("it has been removed")
        raise
    if "mounts" not in evidence:
        raise process_handle.Gone("it does not run any more")
    known = evidence["host"]["kernel_paths"]
    try:
        version = info.version(evidence["daemon"]["info"])
    except ValueError:
        version = (0, 0)  # then only what each engine masks is demanded
    listed = evidence["inspect"]["HostConfig"].get("MaskedPaths") or ()
    masked = sorted(kernel_paths.expected_masks(known, version, listed))
    read_only = [path for path in kernel_paths.READ_ONLY if path in known]
    owns = not any(outside == 0 for _inside, outside, _count in evidence["uid_map"])
    openings = kernel_view.find(evidence["mounts"], read_only, masked, owns)
    return Look(evidence, list(islice(openings, plan.CHANGE_LIMIT + 1)), (read_only, masked), owns)


def gone(engine: Engine, container: str) -> bool:
    """Whether the container has ended: the engine says so, or it names a first process that has. An engine takes a
    while to notice. A process that can't be looked at for another reason, a foreign control group say, has not.
    """
    try:
        pid = engine.get(container_path(container))["State"]["Pid"]
    except EngineError as error:
        return error.status == 404
    except (LookupError, TypeError):
        return False
    return pid == 0 or (isinstance(pid, int) and process_end.ended(pid))
