# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs in the measured host: the forecast without Ansible's module around it. forecast.py DIRECTORY (the exploded module) FILES

FILES: how many files it may search for setuid and owners, 0 for none.
"""

import datetime
import json
import sys

sys.dont_write_bytecode = True  # a module on its target has no bytecode either
sys.path.insert(0, sys.argv[1])

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import DEFAULT_ADDRESS  # noqa: E402
from ansible_collections.containment.docker.plugins.module_utils.forecast import run  # noqa: E402

options = run.Options(run.default_settings(), DEFAULT_ADDRESS, "docker.service", 60, (), search_files=int(sys.argv[2]))
sys.stdout.write(json.dumps(run.forecast(options, datetime.datetime.now())))
