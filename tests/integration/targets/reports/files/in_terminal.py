# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""in_terminal.py COMMAND...: run a command in a terminal of its own, and write what that shows."""

import os
import pty
import sys

sys.exit(os.WEXITSTATUS(pty.spawn(sys.argv[1:])))
