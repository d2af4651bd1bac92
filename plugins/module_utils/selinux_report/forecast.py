# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Forecast what SELinux in force means for the containers there are. Pure, but for the questions that it is handed."""

import re
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import security_opt
from ansible_collections.containment.docker.plugins.module_utils.selinux import types
from ansible_collections.containment.docker.plugins.module_utils.selinux.mount_access import MountForecast

ON, OFF, UNKNOWN = "on", "off", "unknown"
DENIED, ALLOWED = "denied", "allowed"
LIVE = ("running", "paused", "restarting")
# Why labels are off where nothing but the daemon's configuration is the reason.
UNLABELLED = "it was created while the daemon gave no labels: create it anew"
_MOST_SHOWN = 5
_PROCESS = re.compile(r'^[ \t]*process[ \t]*=[ \t]*"([\w.:,-]{1,256})"[ \t]*$', re.MULTILINE | re.ASCII)


def parse_process_label(lxc_contexts: str) -> str:
    """Parse what dockerd gives processes before it adds categories, of the policy's contexts/lxc_contexts; "" for none.

    go-selinux: selinux_linux.go, labels()
    """
    labels = _PROCESS.findall(lxc_contexts)
    return labels[-1] if labels else ""


def judge_labels(inspect: Mapping[str, Any], process_labels: Sequence[str]) -> Tuple[str, str]:
    """Judge (on, off or unknown, why) of one container. process_labels: of its processes."""
    reason = _explain_option(inspect["HostConfig"])
    if reason:
        return OFF, reason
    for label in process_labels:
        weak = types.explain_weakness(label)
        if weak:
            return OFF, f"of a process: {weak}"
    stored = inspect.get("ProcessLabel")
    if stored is None:
        return UNKNOWN, "the engine does not tell its label"
    if not stored:
        return OFF, UNLABELLED
    weak = types.explain_weakness(stored)
    return (OFF, weak) if weak else (ON, "")


def _explain_option(host_config: Mapping[str, Any]) -> str:
    """Explain why dockerd gives it no label, or one that holds nothing back (moby: daemon/create.go, generateSecurityOpt)."""
    if host_config.get("Privileged"):
        return "privileged"
    shared = [mode.lower() for mode in ("Pid", "Ipc") if host_config.get(mode + "Mode") == "host"]
    of_host = f"{shared[0]} of the host" if shared else ""
    for option in security_opt.parse(host_config.get("SecurityOpt")).label:
        key, _colon, value = option.partition(":")
        if option == "disable":
            return of_host or "label=disable"
        if key == "type" and value in types.UNCONFINED:
            return f"label=type:{value}"
    return of_host


def forecast_container(
    listed: Any,
    inspect: Mapping[str, Any],
    process_labels: Sequence[str],
    look: Callable[[], List[Any]],
    cure_of: Callable[[Any], str],
) -> Dict[str, Any]:
    """Forecast one container. look: gives its mounts as mount_access.forecast_mounts; cure_of: takes one of these."""
    state, why = judge_labels(inspect, process_labels)
    return {
        "name": listed.name,
        "id": listed.id,
        "state": listed.state,
        "labels": state,
        "why": why,
        "mounts": [_mount(looked, cure_of) for looked in look()],
    }


def _mount(looked: MountForecast, cure_of: Callable[[MountForecast], str]) -> Dict[str, Any]:
    verdict = UNKNOWN if looked.denied is None else DENIED if looked.denied else ALLOWED
    return {
        "source": inert(looked.source, 300),
        "target": inert(looked.target, 300),
        "verdict": verdict,
        "wanted": list(looked.denied or ()),
        "hidden": list(looked.silent),
        "context": inert(looked.label or "", 300),
        "why": inert(looked.reason, 300),
        "cure": cure_of(looked) if verdict != ALLOWED else "",
    }


def describe_facts(container: Mapping[str, Any]) -> Dict[str, Any]:
    """Return of a container, as forecast_container returns it, what is so now: its labels and those of its mounts."""
    mounts = [{key: mount[key] for key in ("source", "target", "context")} for mount in container["mounts"]]
    return dict(container, mounts=mounts)


def list_hidden(containers: Sequence[Mapping[str, Any]]) -> List[str]:
    """List what of the containers' mounts would be denied without any log that shows it, a few of them."""
    items = [
        f"{', '.join(mount['hidden'])} of {mount['source']} in {item['name']}"
        for item in containers
        if item["state"] in LIVE
        for mount in item["mounts"]
        if mount["hidden"]
    ]
    return items[:_MOST_SHOWN] + ([f"{len(items) - _MOST_SHOWN} more mounts"] if len(items) > _MOST_SHOWN else [])


def format_lines(containers: Sequence[Mapping[str, Any]], data_root: Optional[Mapping[str, Any]]) -> List[str]:
    """Write a line for each container without labels, and for a data root whose labels are wrong, or unknown."""
    sentences = []
    for item in containers:
        if item["labels"] != ON:
            sentences.append(f"{item['name']}: labels are {item['labels']} ({item['why']})")
    if data_root and data_root["verdict"] == "wrong":
        sentences.append(f"data root {inert(data_root['path'])}: {data_root['why']}: {data_root['cure']}")
    elif data_root and data_root["verdict"] == "unknown":
        sentences.append(f"data root {inert(data_root['path'])}: unknown: {data_root['why']}")
    return sentences
