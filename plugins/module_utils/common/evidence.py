# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a collector hands to the judge: values, reasons why there are none, and work not done yet. Pure."""

from typing import Any, Callable, NamedTuple


class Unreadable(Exception):
    """Evidence that exists but could not be read: its text is the reason. Never a pass."""


class Absent(Exception):
    """Evidence that this kind of subject does not offer: the layer stays silent."""


class Evidence(dict):
    """A dict whose items may be values, reasons why not (Unreadable), or work not done yet (Later).

    Reading an Unreadable raises it; reading a missing item raises Absent; a Later is done once.
    """

    def __getitem__(self, key):
        value = dict.__getitem__(self, key)
        kind = type(value)  # not isinstance: each rule reads a dozen items of each container
        if kind is not Later and kind is not Unreadable:
            return value
        if kind is Later:
            try:
                value = value.work()
            except Unreadable as reason:
                value = Unreadable(str(reason))
            self[key] = value
        if isinstance(value, Unreadable):
            # A new one: an exception that is kept keeps the frames that it passed, and with them every inspect.
            raise Unreadable(str(value))
        return value

    def __missing__(self, key):
        raise Absent(key)


class Later(NamedTuple):
    """Evidence that is collected only when a predicate asks for it."""

    work: Callable[[], Any]
