# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done about findings."""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.containment.docker.plugins.plugin_utils import remediation_options
from ansible_collections.containment.docker.plugins.plugin_utils.remediation_options import Options
from ansible_collections.containment.docker.plugins.plugin_utils.remediation_ways import (
    DAEMON,
    POLICY,
    UPDATE,
    Host,
    Way,
    by_policy,
    container_of,
    way,
)

Item = Mapping[str, Any]


def remediation_plan(
    findings: Sequence[Item],
    containers: Sequence[Item] = (),
    engine: str = "running",
    kernel: Sequence[Item] = (),
    kernel_error: str = "",
    **options: Any,
) -> dict[str, Any]:
    """found (each finding with its way), daemon, kernel_filesystems, steps; options are those of remediation_options."""
    try:
        chosen = remediation_options.parse(options)
        host = Host(engine, _by_name(containers), {result["id"]: result for result in kernel}, kernel_error)
        decided = [_decided(f, host, chosen) for f in findings if f["status"] in ("fail", "unknown", "waived")]
    except (LookupError, TypeError, AttributeError) as error:
        raise AnsibleFilterError(f"remediation_plan: no result of this collection: {error!r}") from error
    except ValueError as error:
        raise AnsibleFilterError(f"remediation_plan: {error}") from error
    return wrap_var(
        {
            "found": [_shown(*each) for each in decided],
            "daemon": _daemon(decided),
            "kernel_filesystems": sorted({container["id"] for _f, container, found in decided if found.close}),
            "steps": _updates(decided) + _actions(decided),
        }
    )


Decided = tuple[Item, Item | None, Way]


def _by_name(containers: Sequence[Item]) -> dict[str, list[Item]]:
    named: dict[str, list[Item]] = {}
    for container in containers:
        named.setdefault(container["name"], []).append(container)
    return named


def _decided(finding: Item, host: Host, options: Options) -> Decided:
    container = container_of(finding, host)
    return finding, container, by_policy(way(finding, host, options), finding, container, options)


def _shown(finding: Item, container: Item | None, found: Way) -> dict[str, Any]:
    shown = {key: finding[key] for key in ("rule", "subject", "severity", "status", "seen")}
    shown.update(container=container["id"] if container else "", way=found.way, reason=found.reason)
    shown.update({key: finding[key] for key in ("cure", "run") if key in finding})
    return shown


def _daemon(decided: Sequence[Decided]) -> dict[str, Any]:
    """All settings together, for one transaction."""
    chosen = [(finding["rule"], found.settings) for finding, _container, found in decided if found.way == DAEMON]
    settings = {key: value for _rule, own in chosen for key, value in own.items()}
    return {"rules": [rule for rule, _settings in chosen], "settings": settings}


def _updates(decided: Sequence[Decided]) -> list[dict[str, Any]]:
    """One step for each container."""
    steps: dict[str, dict[str, Any]] = {}
    for _finding, container, found in decided:
        if found.way == UPDATE:
            step = {"container": container["id"], "name": container["name"], "action": UPDATE}
            steps.setdefault(container["id"], step).update(found.update)
    return list(steps.values())


def _actions(decided: Sequence[Decided]) -> list[dict[str, Any]]:
    """One step for each container, after the updates: what is stopped keeps the restart policy that it is stopped with."""
    steps: dict[str, dict[str, Any]] = {}
    for _finding, container, found in decided:
        if found.way.startswith(POLICY):
            step = {"container": container["id"], "name": container["name"], "action": found.way[len(POLICY) :]}
            steps[container["id"]] = step
    return list(steps.values())


class FilterModule:
    """Ansible's entry."""

    def filters(self):
        """The filters of this file by name."""
        return {"remediation_plan": remediation_plan}
