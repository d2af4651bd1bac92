# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs in the measured host: an Ansible module that does nothing but hand out an answer.

answer.py DIRECTORY FILE (an exploded module, for the module_utils that Ansible ships; the answer as JSON)
"""

import json
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

from ansible.module_utils import basic  # noqa: E402

# what Ansible's own wrapper sets
basic._ANSIBLE_ARGS = b'{"ANSIBLE_MODULE_ARGS": {}}'
basic._ANSIBLE_PROFILE = "legacy"
with open(sys.argv[2], encoding="utf-8") as stream:
    basic.AnsibleModule({}).exit_json(**json.load(stream))
