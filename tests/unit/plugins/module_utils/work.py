# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much a call does, counted and not timed, so that it is the same on any machine."""

import sys


def lines_run(call):
    """The number of lines of Python that a call without arguments runs, loops counted each time around."""
    counted, before = [0], sys.gettrace()

    def count(_frame, event, _argument):
        counted[0] += event == "line"
        return count

    sys.settrace(count)
    try:
        call()
    finally:
        sys.settrace(before)
    return counted[0]
