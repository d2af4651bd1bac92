# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of containers as a person writes them: copied from an audit, or with a typing error. Pure."""

from typing import List, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert

_SELECTOR = "container:"
_SHORT = 5  # in a longer name two slips are one typing error, too


def plain(names: Sequence[str]) -> List[str]:
    """The names, those written as a finding's subject (container:web) without its first word."""
    return [name[len(_SELECTOR) :] if name.startswith(_SELECTOR) else name for name in names]


def unknown(option: str, names: Sequence[str], known: Sequence[str]) -> Tuple[List[str], List[str]]:
    """(sentences about typing errors, sentences about the other names that no container has).

    A name is a typing error where a container is called nearly so and isn't named itself. The others may belong to
    containers of another host of a fleet. option: where they stand; known: the containers, with those that don't run.
    """
    errors, notes = [], []
    candidates = [name for name in known if name not in names]
    for name in names:
        if name in known or any(len(name) >= 12 and other.startswith(name) for other in known):
            continue
        near = next((other for other in candidates if _is_near(name, other)), None)
        if near is not None:
            errors.append(
                f"{option} names '{inert(name, 255)}', and no container is called so; is '{inert(near, 255)}' meant?"
            )
        else:
            notes.append(f"{option} names '{inert(name, 255)}', and no container is called so")
    return errors, notes


def _is_near(name: str, other: str) -> bool:
    """Whether one or two slips make one of the other: a letter too many, too few, another, or two that are swapped."""
    most = 1 if min(len(name), len(other)) <= _SHORT else 2
    if name == other or abs(len(name) - len(other)) > most:
        return name == other
    before: List[int] = []
    row = list(range(len(other) + 1))  # optimal string alignment, row by row
    for at, letter in enumerate(name, 1):
        last, before, row = before, row, [at]
        for there, its in enumerate(other, 1):
            costs = [before[there] + 1, row[there - 1] + 1, before[there - 1] + (letter != its)]
            if last and there > 1 and letter == other[there - 2] and name[at - 2] == its:
                costs.append(last[there - 2] + 1)
            row.append(min(costs))
    return row[-1] <= most
