# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done about findings. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.common import container_names
from ansible_collections.containment.docker.plugins.plugin_utils.plain import plain
from ansible_collections.containment.docker.plugins.plugin_utils.remediation import options as remediation_options
from ansible_collections.containment.docker.plugins.plugin_utils.remediation.options import Options
from ansible_collections.containment.docker.plugins.plugin_utils.remediation.ways import (
    DAEMON,
    POLICY,
    SELINUX,
    UPDATE,
    Choice,
    Host,
    by_policy,
    choose_way,
    container_of,
)

Item = Mapping[str, Any]


def remediation_plan(
    findings: Sequence[Item],
    containers: Sequence[Item] = (),
    engine: str = "running",
    kernel: Sequence[Item] = (),
    kernel_error: str = "",
    selinux_mode: Item | None = None,
    selinux_error: str = "",
    **options: Any,
) -> dict[str, Any]:
    """Return found (each finding with its way), daemon, selinux, kernel_filesystems, steps, notes; options: those of options.py.

    ValueError for what is no result, and for a wrong option.
    """
    try:
        chosen = remediation_options.parse(options)
        notes = _spared(chosen, containers)
        looked = {result["id"]: result for result in kernel}
        host = Host(engine, _by_name(containers), looked, kernel_error, selinux_mode or {}, selinux_error)
        decided = [_decided(f, host, chosen) for f in findings if f["status"] in ("fail", "unknown", "waived")]
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"no result of this collection: {error!r}") from error
    return plain({**_plan(decided), "notes": notes})


def _spared(chosen: Options, containers: Sequence[Item]) -> list[str]:
    """What is to be said of spared names that no container has. ValueError for a typing error: it would not be spared."""
    known = [container["name"] for container in containers]
    errors, notes = container_names.unknown("docker_remediation_spare", sorted(chosen.spare), known)
    if errors:
        raise ValueError("; ".join(errors))
    return notes


class Decided(NamedTuple):
    """A finding, the one container that it is about, and its way."""

    finding: Item
    container: Item | None
    way: Choice


def _by_name(containers: Sequence[Item]) -> dict[str, list[Item]]:
    named: dict[str, list[Item]] = {}
    for container in containers:
        named.setdefault(container["name"], []).append(container)
    return named


def _decided(finding: Item, host: Host, options: Options) -> Decided:
    container = container_of(finding, host)
    return Decided(finding, container, by_policy(choose_way(finding, host, options), finding, container, options))


def _plan(decided: Sequence[Decided]) -> dict[str, Any]:
    steps = _steps(decided)
    items = [_to_plain(each, steps.index(_step(each)) if _step(each) else None) for each in decided]
    closing = {each.container["id"] for each in decided if each.container and each.way.close}
    return {
        "found": items,
        "daemon": _daemon(decided),
        "selinux": any(each.way.way == SELINUX for each in decided),
        "kernel_filesystems": sorted(closing),
        "steps": steps,
    }


def _to_plain(each: Decided, step: int | None) -> dict[str, Any]:
    item = {key: each.finding[key] for key in ("rule", "subject", "severity", "status", "seen")}
    item.update(container=each.container["id"] if each.container else "", way=each.way.way, reason=each.way.reason)
    item.update({key: each.finding[key] for key in ("cure", "run") if key in each.finding}, step=step)
    return item


def _daemon(decided: Sequence[Decided]) -> dict[str, Any]:
    """All settings together, for one transaction."""
    chosen = [each for each in decided if each.way.way == DAEMON]
    settings = {key: value for each in chosen for key, value in each.way.settings.items()}
    restart = any(each.way.restart for each in chosen)
    return {"rules": [each.finding["rule"] for each in chosen], "settings": settings, "restart": restart}


def _step(each: Decided) -> dict[str, Any]:
    """The step that it needs; {} for none. An update sets one value, so that one that is refused stops no other."""
    if not each.container or (each.way.way != UPDATE and not each.way.way.startswith(POLICY)):
        return {}
    action = UPDATE if each.way.way == UPDATE else each.way.way[len(POLICY) :]
    return {"container": each.container["id"], "name": each.container["name"], "action": action, **each.way.update}


def _steps(decided: Sequence[Decided]) -> list[dict[str, Any]]:
    """Each step once; updates first, so that what is stopped keeps the restart policy that it is stopped with."""
    steps: list[dict[str, Any]] = []
    for step in map(_step, decided):
        if step and step not in steps:
            steps.append(step)
    return sorted(steps, key=lambda step: step["action"] != UPDATE)
