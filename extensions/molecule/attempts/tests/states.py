# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of each attempt in each configuration, out of what the probe said at each step; and how that differs."""

WORKS, REFUSED, ABSENT = "works", "refused", "absent"
STOPPED, NOT_STARTED = "stopped", "not started"  # the container, so that nothing could be tried in it
LIVE, RECREATED, POLICY, OPEN = "cured live", "cured by recreating", "stopped by policy", "open, with a finding"
OPENED = "opened"  # refused before and working later: nothing may ever be that
EVERYWHERE = "everywhere"  # in the place of the names of all configurations


def state(before, cured, recreated):
    """The outcomes in the unhardened configuration, after the cure of the running container, and in a new one after that."""
    if before != WORKS:
        return OPENED if WORKS in (cured, recreated) else before
    if recreated == WORKS:
        return OPEN
    if STOPPED in (cured, recreated):
        return POLICY
    if ABSENT in (cured, recreated):
        return ABSENT
    return LIVE if cured == REFUSED else RECREATED


def outcome(outcomes, attempt):
    """One attempt's at one step. outcomes: {attempt: [outcome, why]} of one container, or what kept it from running."""
    if outcomes is None or isinstance(outcomes, str):
        return outcomes
    return outcomes[attempt][0]


def cells(attempts, before, cured, recreated):
    """{attempt: {configuration: state}}; each step: {configuration: outcomes}."""
    table = {
        attempt: {
            name: state(
                outcome(outcomes, attempt), outcome(cured.get(name), attempt), outcome(recreated[name], attempt)
            )
            for name, outcomes in before.items()
        }
        for attempt in attempts
    }
    return {attempt: row if is_shown(row) else dict.fromkeys(row, ABSENT) for attempt, row in table.items()}


def is_shown(row):
    """What works nowhere can't be done on this machine at all, so that its refusals prove nothing."""
    return not set(row.values()) <= {REFUSED, ABSENT}


def grouped(table):
    """The cells as they are recorded: {attempt: {state: names of configurations}}, without the refused ones."""
    return {attempt: _grouped(row) for attempt, row in table.items()}


def _grouped(row):
    if not is_shown(row):
        return {ABSENT: EVERYWHERE}
    return {
        which: " ".join(sorted(name for name, other in row.items() if other == which))
        for which in sorted(set(row.values()) - {REFUSED})
    }


def is_shown_in(record):
    """Whether an attempt works anywhere, out of what grouped() made."""
    return record != {ABSENT: EVERYWHERE}


def recorded_state(recorded, attempt, configuration):
    """Of one cell, out of what grouped() made."""
    for which, names in recorded[attempt].items():
        if names == EVERYWHERE or configuration in names.split():
            return which
    return REFUSED


def differences(recorded, attempt, row):
    """What is wrong with a row, against what is recorded. What is absent now is not wrong, and not right: see not_shown()."""
    changes = []
    for name, now in row.items():
        then = recorded_state(recorded, attempt, name)
        shows_more = then == ABSENT and now not in (OPEN, OPENED)
        if now not in (then, ABSENT) and not shows_more:
            changes.append(f"{name}: {then} is recorded, now it is {now}")
    return changes


def not_shown(recorded, attempt, row):
    """In which configurations an attempt can't be shown here, in words; nothing where it is as recorded."""
    if not is_shown(row):
        return EVERYWHERE
    names = [name for name, now in row.items() if now == ABSENT != recorded_state(recorded, attempt, name)]
    return ", ".join(names)
