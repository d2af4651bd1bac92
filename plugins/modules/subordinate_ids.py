#!/usr/bin/python
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run module_utils.transaction.user_mapping and return its result."""

DOCUMENTATION = r"""
module: subordinate_ids
short_description: Give a user and a group subordinate ids that are nobody else's
version_added: 1.0.0
description:
  - Makes sure that C(/etc/subuid) and C(/etc/subgid) each have a range for the user, as C(userns-remap) of a Docker daemon needs them.
    From 20.10.3 on dockerd looks the subordinate gids up under the user's name, too.
  - A new range overlaps no range of either file and no id of a real user or group. An existing range is never moved, as files on
    disk carry its ids. If it overlaps another one, the module fails and says with which.
options:
  name:
    description: The user. It must exist, except in check mode.
    type: str
    required: true
  group:
    description: The group that C(userns-remap) names. It must exist, and gets no range. The user's name by default.
    type: str
  count:
    description: How many ids a new range has.
    type: int
    default: 65536
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode) and tells what it would change.
  diff_mode:
    support: full
    description: Shows the exact change of both files.
  platform:
    support: full
    platforms: linux
    description: Needs root.
author:
  - The containment.docker authors (@containment-docker)
seealso:
  - module: containment.docker.daemon_transaction
"""

EXAMPLES = r"""
- name: Ranges for a remapped Docker daemon
  containment.docker.subordinate_ids:
    name: dockremap
  become: true
"""

RETURN = r"""
subuid:
  description: The first id of the user's first range, and how many ids it has.
  returned: success
  type: list
  elements: int
  sample: [100000, 65536]
subgid:
  description: The same for the group.
  returned: success
  type: list
  elements: int
  sample: [100000, 65536]
"""

from ansible_collections.containment.docker.plugins.module_utils.common import zip_importer

zip_importer.install()

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.transaction import user_mapping


def main() -> None:
    module = AnsibleModule(
        argument_spec=dict(
            name=dict(type="str", required=True),
            group=dict(type="str"),
            count=dict(type="int", default=65536),
        ),
        supports_check_mode=True,
    )
    parameters = module.params
    try:
        result = user_mapping.provide(
            parameters["name"], parameters["group"] or parameters["name"], parameters["count"], module.check_mode
        )
    except (ValueError, ConfigError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
