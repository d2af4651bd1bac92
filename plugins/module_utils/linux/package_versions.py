# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of two versions of a package is newer, in the order of dpkg or of rpm. Pure."""

import re
from typing import Tuple

LIMIT = 256  # longer than any package's version
_DPKG = re.compile(r"(?!.*-\Z)(?:([0-9]{1,9}):)?([0-9A-Za-z][0-9A-Za-z.+~:-]*?)(?:-([0-9A-Za-z.+~]+))?\Z")
_RPM = re.compile(r"(?:(\(none\)|[0-9]{1,9}):)?([0-9A-Za-z._+~^]+)(?:-([0-9A-Za-z._+~^]+))?\Z")
_DIGITS = re.compile("[0-9]*")
_RPM_PART = re.compile(r"[0-9]+|[A-Za-z]+|[~^]")
# What comes first in the order of rpm's parts.
_TILDE, _END, _CARET, _LETTERS, _NUMBER = range(5)


def compare_dpkg(one: str, other: str) -> int:
    """Return -1, 0 or 1: one is older, the same or newer. Raise ValueError for text that is no version.

    deb-version(7): epoch, upstream version and revision, each in turns of non-digits and digits; a tilde sorts before
    everything, even the end.
    """
    first, second = _split_dpkg(one), _split_dpkg(other)
    if first[0] != second[0]:
        return -1 if first[0] < second[0] else 1
    return _compare_dpkg_part(first[1], second[1]) or _compare_dpkg_part(first[2], second[2])


def compare_rpm(one: str, other: str) -> int:
    """Return -1, 0 or 1: one is older, the same or newer. Raise ValueError for text that is no EPOCH:VERSION-RELEASE.

    rpm-version(7): runs of digits and of letters, separators ignored, digits newer than letters; a tilde sorts before
    the end, a caret after it and before everything else.
    """
    first, second = _split_rpm(one), _split_rpm(other)
    if first[0] != second[0]:
        return -1 if first[0] < second[0] else 1
    order = _compare_rpm_part(first[1], second[1])
    if order or not first[2] or not second[2]:
        return order
    return _compare_rpm_part(first[2], second[2])


def _split_dpkg(text: str) -> Tuple[int, str, str]:
    match = _DPKG.match(text) if len(text) <= LIMIT else None
    if not match:
        raise ValueError("no version of a Debian package")
    epoch, upstream, revision = match.groups()
    return int(epoch or 0), upstream, revision or ""


def _split_rpm(text: str) -> Tuple[int, str, str]:
    match = _RPM.match(text) if len(text) <= LIMIT else None
    if not match:
        raise ValueError("no version of an rpm package")
    epoch, version, release = match.groups()
    return int(epoch) if epoch and epoch.isdigit() else 0, version, release or ""


def _weight(character: str) -> int:
    """Tilde before the end (0, as a digit is), the end before letters, letters before all else."""
    if character == "~":
        return -1
    if not character or character.isdigit():
        return 0
    return ord(character) if character.isalpha() else ord(character) + 256


def _compare_dpkg_part(one: str, other: str) -> int:
    first, second = 0, 0
    while first < len(one) or second < len(other):
        while (first < len(one) and not one[first].isdigit()) or (second < len(other) and not other[second].isdigit()):
            weights = _weight(one[first : first + 1]), _weight(other[second : second + 1])
            if weights[0] != weights[1]:
                return -1 if weights[0] < weights[1] else 1
            first += 1
            second += 1
        numbers = []
        for text, start in ((one, first), (other, second)):
            match = _DIGITS.match(text, start)
            numbers.append(match.group() if match else "")
        first += len(numbers[0])
        second += len(numbers[1])
        values = int(numbers[0] or 0), int(numbers[1] or 0)
        if values[0] != values[1]:
            return -1 if values[0] < values[1] else 1
    return 0


def _compare_rpm_part(one: str, other: str) -> int:
    first, second = _RPM_PART.findall(one), _RPM_PART.findall(other)
    for index in range(max(len(first), len(second))):
        pair = (first[index] if index < len(first) else "", second[index] if index < len(second) else "")
        if pair[0] == pair[1]:
            continue
        ranks = _rank(pair[0]), _rank(pair[1])
        if ranks != (_NUMBER, _NUMBER) and ranks != (_LETTERS, _LETTERS):
            return -1 if ranks[0] < ranks[1] else 1
        values = tuple(int(part) if ranks[0] == _NUMBER else part for part in pair)
        if values[0] != values[1]:
            return -1 if values[0] < values[1] else 1  # type: ignore[operator]
    return 0


def _rank(part: str) -> int:
    if part in ("", "~", "^"):
        return {"~": _TILDE, "": _END, "^": _CARET}[part]
    return _NUMBER if part[0].isdigit() else _LETTERS
