# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long something takes, on a machine that others use, too."""

import time


def fastest(run):
    """Seconds of CPU that the fastest of three runs took."""
    best = 9.0
    for _try in range(3):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best
