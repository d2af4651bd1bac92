# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a changed daemon.json needs before it holds. Pure.

moby: daemon/reload.go, reload_unix.go and reloadConfig in cmd/dockerd/daemon.go (later daemon/command/daemon.go).
"""

from typing import Any, List, Mapping, NamedTuple, Set, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import same
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import (
    BY_NAME,
    DEFAULTS,
    FEATURES_BY_RELOAD,
    RELOAD,
    RESTART,
)

NONE = "none"


class Activation(NamedTuple):
    """needs: NONE, RELOAD or RESTART, the strongest of pending: ((key, RELOAD or RESTART), …), sorted by key."""

    needs: str
    pending: Tuple[Tuple[str, str], ...]


def activation(before: Mapping[str, Any], after: Mapping[str, Any]) -> Activation:
    """From the configuration that the daemon has (parsed daemon.json) to the one in the file.

    A key that says what holds without it anyway needs nothing. A reload applies some keys only; and of those most keep
    their old value in memory when they are gone from the file, or emptied: then only a restart forgets it.
    """
    names = sorted(name for name in set(before) | set(after) if not same(_value(before, name), _value(after, name)))
    return together([(name, needs(name, before, after)) for name in names])


def unproven(before: Mapping[str, Any], after: Mapping[str, Any]) -> Activation:
    """The same where it is not known what the daemon has: every key of the file may be pending."""
    pending = dict(activation({}, after).pending)
    for name, kind in activation(before, after).pending:
        pending[name] = RESTART if RESTART in (kind, pending.get(name)) else kind
    return together(sorted(pending.items()))


def together(pending: List[Tuple[str, str]]) -> Activation:
    """The Activation of these pending keys."""
    kinds = [kind for _name, kind in pending]
    return Activation(RESTART if RESTART in kinds else RELOAD if kinds else NONE, tuple(pending))


def _value(config: Mapping[str, Any], name: str) -> Any:
    return config.get(name, DEFAULTS.get(name, {} if name == "features" else None))


def needs(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """RELOAD or RESTART for one key that differs."""
    setting = BY_NAME.get(name)
    if setting is None or setting.applies != RELOAD:
        return RESTART
    if name == "features":
        return RELOAD if changed_features(before, after) <= set(FEATURES_BY_RELOAD) else RESTART
    if setting.reset:
        return RELOAD
    return RELOAD if name in after and after[name] != "" else RESTART


def changed_features(before: Mapping[str, Any], after: Mapping[str, Any]) -> Set[str]:
    """Names of features that differ; other than buildkit they are looked at only while dockerd starts."""
    then, now = (config.get("features") for config in (before, after))
    then, now = (value if isinstance(value, dict) else {} for value in (then, now))
    return {name for name in set(then) | set(now) if then.get(name) is not now.get(name)}
