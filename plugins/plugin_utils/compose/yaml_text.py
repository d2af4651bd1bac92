# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of a compose file as data, with the tags that compose knows. Pure.

compose-spec: 13-merge.md (Reset value, Replace value)
"""

from collections.abc import Mapping
from typing import Any

import yaml

from ansible_collections.containment.docker.plugins.plugin_utils.compose.merge import Override, Reset

_LARGEST = 1 << 20  # characters
_NODES = 200_000  # of the whole document, each as often as aliases name it


class _Loader(yaml.SafeLoader):
    """YAML's plain types, !reset and !override."""


def _plain(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    kind = loader.resolve(yaml.ScalarNode, node.value, (True, False))
    return loader.construct_object(yaml.ScalarNode(kind, node.value), deep=True)


_Loader.add_constructor("!reset", lambda loader, node: Reset(None))
_Loader.add_constructor("!override", lambda loader, node: Override(_plain(loader, node)))


def load(document: Any) -> Any:
    """Return the data of a text; data as they are. Raise ValueError for what is no YAML, or too much of it."""
    if not isinstance(document, str):
        return document
    if len(document) > _LARGEST:
        raise ValueError(f"a compose file of more than {_LARGEST} characters")
    try:
        # The loader is a SafeLoader. Ansible's text may be of a class of its own.
        data = yaml.load("".join(document), Loader=_Loader)  # noqa: S506
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ValueError(f"no YAML: {str(error)[:200]}") from error
    if _count(data, _NODES) <= 0:
        raise ValueError(f"a compose file with more than {_NODES} values, or one that contains itself")
    return data


def _count(value: Any, limit: int) -> int:
    """Return what is left of the number of values."""
    waiting = [value]
    while waiting and limit > 0:
        item = waiting.pop()
        limit -= 1
        if isinstance(item, Mapping):
            waiting.extend(item.values())
        elif isinstance(item, (list, Override)):
            waiting.extend(item)
    return limit
