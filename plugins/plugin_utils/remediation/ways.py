# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way a finding is cured, or why it isn't. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.audit import offline
from ansible_collections.containment.docker.plugins.module_utils.dockerd.engine_place import PLACES
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import (
    KERNEL_FILESYSTEMS,
    RESTART_DAEMON,
    SELINUX,
    SEVERITIES,
    UPDATE,
    Rule,
)
from ansible_collections.containment.docker.plugins.module_utils.judge.waiver_findings import RULE as WAIVERS
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID, RULES
from ansible_collections.containment.docker.plugins.plugin_utils.remediation.options import Options

DAEMON = "daemon"
RESTART, RECREATE, WAIVED, NONE = "restart", "recreate", "waived", "none"
POLICY = "policy:"
LIVE = ("running", "paused", "restarting")


class Host(NamedTuple):
    """What else is known of it.

    engine: its state; containers: by name, more than one where names can't be told apart; kernel: by id what
    kernel_filesystems said without acting; kernel_error: why it could say nothing. selinux: the mode as selinux_info
    tells it; selinux_error: why it could not.
    """

    engine: str
    containers: Mapping[str, Sequence[Mapping[str, Any]]]
    kernel: Mapping[str, Mapping[str, Any]]
    kernel_error: str = ""
    selinux: Mapping[str, Any] = {}
    selinux_error: str = ""


class Choice(NamedTuple):
    """How a finding is cured, and why so or why not.

    settings: of daemon.json; restart: whether the daemon is restarted without one; update: of the container;
    close: whether what is open of the kernel is closed, be it in part.
    """

    way: str
    reason: str = ""
    settings: Mapping[str, Any] = {}
    update: Mapping[str, Any] = {}
    close: bool = False
    restart: bool = False


def container_of(finding: Mapping[str, Any], host: Host) -> Mapping[str, Any] | None:
    """The container that it is about, if it is about one only."""
    kind, _colon, name = finding["subject"].partition(":")
    namesakes = host.containers.get(name, ()) if kind == "container" else ()
    return namesakes[0] if len(namesakes) == 1 else None


def choose_way(finding: Mapping[str, Any], host: Host, options: Options) -> Choice:
    """The way of a finding that fails, is unknown or waived, before the site's policy has a say."""
    if finding["status"] == "waived":
        waiver = finding["waiver"]
        return Choice(WAIVED, f"by {waiver['owner']} until {waiver['expires']}: {waiver['reason']}")
    if finding["rule"] == WAIVERS.id:
        return Choice(NONE, "a waiver is changed where it was written")
    if finding["status"] == "unknown":
        return Choice(NONE, f"not known, and so not acted on: {finding['seen']}")
    if host.engine != "running":
        return Choice(NONE, f"the engine is {host.engine}")
    if finding["subject"] == "daemon":
        return (
            Choice(NONE, finding["obstacle"]) if "obstacle" in finding else _of_daemon(BY_ID[finding["rule"]], options)
        )
    if finding["subject"] == "host":
        return _of_host(finding["rule"], host, options)
    container = container_of(finding, host)
    if container is None:
        return Choice(NONE, "more than one container, or none, was seen by this name")
    if _module(finding["rule"]) == KERNEL_FILESYSTEMS:
        return _of_kernel(container, finding["cure"], host, options)
    if finding["cure"] == UPDATE:
        return _of_update(finding["rule"], options)
    return Choice(finding["cure"])


def _module(rule: str) -> str:
    """What cures it on the spot, "" where nothing does."""
    remedy = BY_ID[rule].remedy if rule in BY_ID else None  # the result may be of a newer collection
    return remedy.module if remedy else ""


def _of_host(rule: str, host: Host, options: Options) -> Choice:
    """Only what somebody switched off on the running host is switched on again, by the role that knows when not to."""
    if _module(rule) != SELINUX:
        return Choice(NONE, "nothing here cures the host itself")
    if not options.selinux:
        return Choice(NONE, "docker_remediation_selinux is false")
    if host.selinux_error:
        return Choice(NONE, host.selinux_error)
    running, configured = host.selinux.get("running"), host.selinux.get("configured")
    if running != "permissive" or configured != "enforcing":
        return Choice(
            NONE, f"SELinux is {running} and configured {configured or 'nowhere'}: role docker_selinux brings it up"
        )
    return Choice(SELINUX)


def _of_daemon(rule: Rule, options: Options) -> Choice:
    keys = list(rule.settings)
    restart = _module(rule.id) == RESTART_DAEMON
    if not keys and not restart:
        return Choice(NONE, "no single setting of daemon.json cures it")
    if not options.daemon:
        return Choice(NONE, "docker_remediation_daemon is false")
    if restart:
        return Choice(DAEMON, restart=True)
    declined = [key for key in keys if key in options.daemon_declined]
    if declined:
        return Choice(NONE, f"role docker_daemon is told to leave {' and '.join(declined)} alone")
    moving = [key for key in keys if key in PLACES]
    if moving and not options.accept_new_data_root:
        return Choice(
            NONE, f"{moving[0]} moves the engine's data out of sight, and docker_daemon_accept_new_data_root is false"
        )
    settings = {key: options.daemon_settings.get(key, rule.settings[key]) for key in keys}
    unfit = _unfit(rule, settings, options)
    return Choice(NONE, f"docker_daemon_config wants it so: {unfit}") if unfit else Choice(DAEMON, settings=settings)


def _unfit(rule: Rule, settings: Mapping[str, Any], options: Options) -> str:
    """Why these settings would not cure it, by the rule itself; "" if they do."""
    by = offline.measure(
        RULES, {"rules": [rule.id], "allowed_insecure_registries": list(options.allowed_insecure_registries)}
    )
    try:
        findings = offline.judge_daemon_json(json.dumps(settings), "docker_daemon_config", None, by)
    except (ConfigError, ValueError) as error:
        return str(error)
    return "; ".join(finding["seen"] for finding in findings if finding["status"] == "fail")


def _of_update(rule: str, options: Options) -> Choice:
    remedy = BY_ID[rule].remedy if rule in BY_ID else None
    if remedy is None or remedy.module != UPDATE:
        return Choice(NONE, "no value for this update is known here")
    value = getattr(options, remedy.option)
    if value is None:
        return Choice(NONE, f"docker_remediation_{remedy.option} gives {remedy.without}")
    return Choice(UPDATE, update={remedy.option: value})


def _of_kernel(container: Mapping[str, Any], cure: str, host: Host, options: Options) -> Choice:
    if not options.kernel_filesystems:
        return Choice(cure, "docker_remediation_kernel_filesystems is false")
    if host.kernel_error:
        return Choice(NONE, host.kernel_error)
    look = host.kernel.get(container["id"])
    if look is None or look["state"] == "gone":
        return Choice(cure, "it does not run")
    reasons, changes = "; ".join(look["reasons"]), bool(look["changes"])
    if look["state"] == "unknown":
        return Choice(NONE, reasons)
    unchanged = [item for item in look["left"] if item["cure"] != "waived"]
    if look["needs_recreation"] or any(item["cure"] == "recreate" for item in unchanged):
        return Choice(RECREATE, reasons, close=changes)
    if unchanged:
        return Choice(RESTART, reasons, close=changes)
    leaves = ", ".join(item["path"] for item in look["left"])
    if changes:
        return Choice(KERNEL_FILESYSTEMS, f"but {leaves} is left, as told" if leaves else "", close=True)
    if look["state"] == "held until restart":
        return Choice(KERNEL_FILESYSTEMS, "it is held already")
    return Choice(NONE, f"{leaves} is left, as told") if leaves else Choice(cure)


def by_policy(
    remedy: Choice, finding: Mapping[str, Any], container: Mapping[str, Any] | None, options: Options
) -> Choice:
    """The same way, or what the site's policy says of a container that only a restart or a new one cures."""
    grave = SEVERITIES.index(finding["severity"]) >= SEVERITIES.index(options.policy_severity)
    if container is None or options.policy == "report" or not grave or remedy.way not in (RESTART, RECREATE):
        return remedy
    if container["state"] not in LIVE:
        return remedy._replace(reason=_also(remedy.reason, f"it does not run ({container['state']})"))
    if container["name"] in options.spare:
        return remedy._replace(reason=_also(remedy.reason, "docker_remediation_spare names it"))
    return remedy._replace(way=POLICY + options.policy)


def _also(reason: str, more: str) -> str:
    return f"{reason}; {more}" if reason else more
