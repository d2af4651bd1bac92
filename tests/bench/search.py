# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs in the measured host: the search for files that give ids or capabilities. search.py DIRECTORY TREE

Prints {"files": number, "seconds": [its own CPU time, of each of several runs over a tree that is in memory]}.
"""

import json
import os
import sys
import time

sys.path.insert(0, sys.argv[1])

from ansible_collections.containment.docker.plugins.module_utils.linux import privileged_files  # noqa: E402

ROUNDS = 5
seconds = []
for _round in range(ROUNDS + 1):
    handle = os.open(sys.argv[2], os.O_RDONLY | os.O_DIRECTORY)
    start = time.process_time()
    result = privileged_files.search(handle, lambda _files: True)
    seconds.append(time.process_time() - start)
    os.close(handle)
json.dump({"files": result.files, "seconds": seconds[1:]}, sys.stdout)  # the first one reads it into memory
