# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs in the measured host: the audit without Ansible's module around it. audit.py DIRECTORY (the exploded module)"""

import datetime
import json
import sys

sys.dont_write_bytecode = True  # a module on its target has no bytecode either
sys.path.insert(0, sys.argv[1])

from ansible_collections.containment.docker.plugins.module_utils.audit import audit  # noqa: E402
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import DEFAULT_ADDRESS  # noqa: E402
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES  # noqa: E402

options = audit.parse_options(RULES, {"unit": "docker.service", "timeout": 60}, DEFAULT_ADDRESS)
sys.stdout.write(json.dumps(audit.audit(options, datetime.datetime.now())))  # json.dump is many times slower
