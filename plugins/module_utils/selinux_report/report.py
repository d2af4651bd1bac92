# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collect what selinux_info returns of a host, its mode, labels and denials, and what the forecast makes of it. Reads only."""

import contextlib
import datetime
import os
from typing import Any, Callable, Dict, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common import bounded_file
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver
from ansible_collections.containment.docker.plugins.module_utils.denials import denials, paths, records
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine
from ansible_collections.containment.docker.plugins.module_utils.selinux import (
    access,
    data_root,
    file_contexts,
    path_label,
    remedies,
    types,
)
from ansible_collections.containment.docker.plugins.module_utils.selinux import state as selinux_state
from ansible_collections.containment.docker.plugins.module_utils.selinux_report import containers as selinux_containers
from ansible_collections.containment.docker.plugins.module_utils.selinux_report import forecast, mode, waivers

_BOOLEANS = "/sys/fs/selinux/booleans"
_EACH_HOST_HAS = ("/", "/etc/passwd", "/etc/shadow", "/usr/bin/env", "/usr/lib/systemd/systemd")
_CONFIG = "/" + selinux_state.CONFIG
_CONTEXTS = "usr/share/containers/selinux/contexts"
_POLICY_LIMIT = 1024 * 1024


class Options(NamedTuple):
    """address, unit, timeout (seconds): of the engine; since: see records.parse_since; policy: the type, "" for the file's."""

    address: str
    unit: str
    timeout: float
    since: str
    policy: str
    waivers: Sequence[Waiver]


def report_host(options: Options, now: float) -> Dict[str, Any]:
    """Report what is so now and what was denied, as selinux_info returns it. See read_host."""
    read = read_host(options, now)
    return dict(read, containers=[forecast.describe_facts(container) for container in read["containers"]])


def read_host(options: Options, now: float) -> Dict[str, Any]:
    """Read a host as selinux_info reports it, its containers with what the policy would deny them, for the forecast.

    now: seconds since the epoch. Raise ValueError for a wrong option; OSError.
    """
    begin = records.parse_since(options.since, now)
    if options.policy and not selinux_state.POLICY_NAME.match(options.policy):
        raise ValueError(f"policy: {options.policy!r} names no policy")
    state = selinux_state.read_state()
    policy = options.policy or state.config.policy or ""
    contexts, reason = load_contexts(policy)
    loaded = state.policy_version is not None
    policy_ = remedies.Policy(access.decide, read_booleans())
    with contextlib.closing(Engine(options.address, options.timeout)) as engine:
        engine_state = selinux_containers.read_containers(engine, options.unit, contexts, loaded, policy_)
    read = records.read_denials(begin, denials.choose_containers(engine_state.known))
    today = (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=now)).date()
    denied = denials.describe_denials(
        read.groups,
        engine_state.known,
        policy_._replace(remapped=engine_state.remapped),
        options.waivers,
        today,
        _locate(),
    )
    since, hides = denials.format_time(begin), not _dontaudit_off(policy)
    containers = engine_state.containers
    root = data_root.inspect_labels(engine_state.root, contexts, engine_state.stored) if engine_state.root else None
    is_complete = loaded and not read.reason and not engine_state.daemon["reason"]
    waived = waivers.report_waivers(options.waivers, denied, is_complete, since, today)
    return {
        "at": now,
        **waived,
        "mode": dict(mode.report_mode(state, policy, _files(policy, loaded)), dontaudit=loaded and hides),
        "daemon": engine_state.daemon,
        "policy": {
            "asked": "kernel" if loaded else "file_contexts" if contexts else "nothing",
            "label": _label(policy),
            "af_alg": _af_alg(_label(policy)) if loaded else "unknown",
            "reason": "" if loaded else _no_policy(reason),
        },
        "containers": containers,
        "data_root": root,
        "lines": forecast.format_lines(containers, root),
        "denials": {
            "since": since,
            "source": read.source,
            "reason": read.reason,
            "seen": denied,
            "blocking": sum(1 for item in denied if not item["waived"] and not item["harmless"]),
            "lines": denials.format_lines(denied),
            "summary": denials.format_summary(denied, since, read.reason, hides, forecast.list_hidden(containers)),
        },
    }


def _no_policy(reason: str) -> str:
    return f"no policy is loaded, so what it would deny is not known{'; ' + reason if reason else ''}"


def load_contexts(policy: str) -> Tuple[Optional[file_contexts.FileContexts], str]:
    """Load the policy's file contexts; (None, why not) where there are none."""
    if not policy:
        return None, "no policy is configured"
    try:
        return file_contexts.load(policy), ""
    except OSError as error:
        return None, f"the file contexts of policy {policy}: {error.strerror}"
    except ValueError as error:
        return None, str(error)


def _files(policy: str, loaded: bool) -> mode.Files:
    """Read what the host's files say. /.autorelabel is no sign of a boot to come: init makes it itself where SELinux is off."""
    return mode.Files(
        installed=_installed(policy),
        relabel=os.path.lexists("/.autorelabel"),
        waits=_written(_CONFIG) >= records.read_boot_time(),
        unlabelled=_unlabelled() if loaded else "",
    )


def _written(path: str) -> float:
    """Read when it was written, in seconds since the epoch; 0 where there is no such file."""
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0


def _unlabelled() -> str:
    """Find the first of some files that each host has which has no label; "" where all have one, or can't be looked at."""
    for path in _EACH_HOST_HAS:
        try:
            label = path_label.read_label(path, frozenset(), True).label
        except path_label.NotLooked:
            continue
        if types.type_of(label or "") in ("", "unlabeled_t", "file_t"):
            return path
    return ""


def _installed(policy: str) -> bool:
    """Say whether it is, as ansible.posix.selinux asks it, and with a binary policy in it, which is what init loads."""
    try:
        return bool(policy) and any(name.startswith("policy.") for name in os.listdir(f"/etc/selinux/{policy}/policy"))
    except OSError:
        return False


def _af_alg(label: str, ask: Callable[..., access.Decision] = access.decide) -> str:
    """Ask whether the loaded policy denies containers sockets of the kernel's cryptography: "allowed", "denied", "unknown".

    Docker's packages may bring a module of the policy against them where SELinux's tools are new enough. Whether it is in
    force no file tells: the policy is asked.
    """
    try:
        return "denied" if ask(label, label, "alg_socket", ("create",)).denied else "allowed"
    except access.Unanswered:
        return "unknown"


def _label(policy: str, root: str = "/") -> str:
    """Read it from the first of the files that is there (go-selinux: selinux_linux.go, openContextFile)."""
    for path in (_CONTEXTS, f"etc/selinux/{policy}/contexts/lxc_contexts"):
        try:
            text = bounded_file.read(os.path.join(root, path), _POLICY_LIMIT).decode("utf-8", "replace")
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            return ""
        return forecast.parse_process_label(text)
    return ""


def _dontaudit_off(policy: str) -> bool:
    """Say whether the policy was built without its dontaudit rules, as `semodule -DB` does.

    libsemanage: src/semanage_store.c, SEMANAGE_DISABLE_DONTAUDIT
    """
    return bool(policy) and os.path.exists(f"/var/lib/selinux/{policy}/active/disable_dontaudit")


def read_booleans() -> Dict[str, bool]:
    """Read those of the loaded policy, and whether each is on."""
    booleans = {}
    try:
        for name in os.listdir(_BOOLEANS):
            booleans[name] = bounded_file.read(os.path.join(_BOOLEANS, name), 64).startswith(b"1")
    except (OSError, ValueError):
        return {}
    return booleans


def _locate() -> Optional[denials.Locate]:
    try:
        slow, mounts = path_label.read_slow_points(), path_label.read_mounts()
    except (OSError, ValueError):
        return None
    return lambda denial, sources: paths.locate(denial, sources, slow, mounts)
