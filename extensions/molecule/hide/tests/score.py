# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who was found, and who was accused without a reason. Pure."""

NOTICED = ("fail", "unknown")
# What a sound container passes; the rest is the daemon's matter, or of limits.
OF_INNOCENTS = (
    "capabilities",
    "engine-sockets",
    "host-devices",
    "host-namespaces",
    "kernel-filesystems",
    "mount-propagation",
    "no-new-privileges",
    "non-root-user",
    "privileged",
    "seccomp",
    "sensitive-mounts",
)
PROCESSES = "unattributed-processes"


def statuses(findings):
    """{(subject, rule): status}"""
    return {(finding["subject"], finding["rule"]): finding["status"] for finding in findings}


def complaints(case, before, after):
    """What is wrong with the outcome of a case, as sentences; none if it is as it should be."""
    subject, wrong = "container:" + case["id"], []
    for rule in case["rules"] if case["guilty"] else OF_INNOCENTS:
        first, last = before.get((subject, rule), "absent"), after.get((subject, rule), "absent")
        if case["guilty"] and not case["fresh"] and first != "pass":
            wrong.append(f"{rule} was {first} before it did anything")
        if last not in NOTICED if case["guilty"] else last != "pass":
            wrong.append(f"{rule} is {last}")
    return wrong


def summary(cases, not_run, before, after):
    """{row: [as it should be, of how many]}"""
    rows = {}
    for case in cases:
        good, every = rows.get(case["row"], (0, 0))
        fine = case["id"] not in not_run and not complaints(case, before, after)
        rows[case["row"]] = (good + fine, every + 1)
    return {row: list(counts) for row, counts in rows.items()}
