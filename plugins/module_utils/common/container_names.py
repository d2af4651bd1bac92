# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of containers as a person writes them: copied from an audit, or with a typing error. Pure."""

import difflib
from typing import List, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.rule import inert

_SELECTOR = "container:"
_NEAR = 0.65  # of difflib: of three letters, two that are swapped


def plain(names):
    # type: (Sequence[str]) -> List[str]
    """The names, those written as a finding's subject (container:web) without its first word."""
    return [name[len(_SELECTOR) :] if name.startswith(_SELECTOR) else name for name in names]


def unknown(option, names, known):
    # type: (str, Sequence[str], Sequence[str]) -> Tuple[List[str], List[str]]
    """(sentences about typing errors, sentences about the other names that no container has).

    A name is a typing error where a container is called nearly so and isn't named itself. The others may belong to
    containers of another host of a fleet. option: where they stand; known: the containers, with those that don't run.
    """
    errors, notes = [], []
    candidates = [name for name in known if name not in names]
    for name in names:
        if name in known or any(len(name) >= 12 and other.startswith(name) for other in known):
            continue
        near = difflib.get_close_matches(name, candidates, 1, _NEAR)
        if near:
            errors.append(
                "%s names '%s', and no container is called so; is '%s' meant?"
                % (option, inert(name, 255), inert(near[0], 255))
            )
        else:
            notes.append("%s names '%s', and no container is called so" % (option, inert(name, 255)))
    return errors, notes
