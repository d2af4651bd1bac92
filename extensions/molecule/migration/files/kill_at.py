# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kill the migration as soon as its record is in a phase. Usage: kill_at.py PHASE"""

import json
import os
import signal
import sys
import time

RECORD, LOCK = "/var/lib/containment.docker/migration.json", "/run/containment.docker.migration.lock"
end = time.monotonic() + 120
while time.monotonic() < end:
    try:
        with open(RECORD) as stream:
            phase = json.load(stream)["phase"]
    except (OSError, ValueError):
        phase = ""
    if phase == sys.argv[1]:
        with open(LOCK) as stream:
            os.kill(int(stream.read().split()[0]), signal.SIGKILL)
        print(f"killed in the phase {phase}")
        sys.exit(0)
    time.sleep(0.001)
sys.exit(f"the phase {sys.argv[1]} never came")
