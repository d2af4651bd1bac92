#!/usr/bin/python
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run module_utils.transaction.file_only and return its result."""

DOCUMENTATION = r"""
module: daemon_config
short_description: Change settings in Docker's daemon.json and nothing else in it
version_added: 1.0.0
description:
  - Merges settings into C(daemon.json). Foreign keys, their order, the indentation and the way numbers are written are kept; where
    nothing changes the file stays byte for byte what it is.
  - Checks before it writes, and writes nothing if there is any problem. The checks are types, unknown keys (nested ones and other
    letter case too), conflicts with the flags of the next start (the unit with its drop-ins and environment files), and
    C(dockerd --validate) with those flags where dockerd is 23.0 or newer.
  - Replaces the file atomically and keeps its mode, owner, SELinux context and ACL. A symbolic link stays one. A missing or empty
    file is an empty configuration.
  - Never reloads or restarts the daemon, and never connects to it. It returns what the file needs to take effect.
  - Two runs at once wait for each other.
options:
  config:
    description:
      - The settings that should stand in the file. Objects merge key by key, all other values (lists too) replace.
      - Values need the types that dockerd wants. A string V("true") where a boolean belongs is refused.
      - If it holds a password (of a proxy, say), set C(no_log) on the task. Passwords in addresses, and values of nested keys that
        end with V(token), V(password) or V(secret), are masked in what the module returns.
    type: dict
    default: {}
  absent:
    description:
      - Keys that should not stand in the file. A key of an object is written with a dot, V(log-opts.max-size).
      - A name that is a key itself is that key, so keys that have dots in their names work too. An object that becomes empty stays.
    type: list
    elements: str
    default: []
  path:
    description:
      - The file. By default the one that the unit's next start reads, V(/etc/docker/daemon.json) if it names none.
    type: path
  unit:
    description: The systemd unit that runs dockerd.
    type: str
    default: docker.service
  backup:
    description: Keep a copy beside the file, named after the time (UTC), with its mode, owner and SELinux context.
    type: bool
    default: true
  validate:
    description:
      - Whether to check the result. With V(false) the file must still be a JSON object, and the daemon may not start with it.
    type: bool
    default: true
  lock_timeout:
    description: Seconds to wait for another run that is changing a file.
    type: float
    default: 30
attributes:
  check_mode:
    support: full
    description: Checks all, writes nothing, returns what would change.
  diff_mode:
    support: full
    description: Shows the file's text before and after, passwords aside.
  platform:
    support: full
    platforms: linux
    description: Works without systemd too; then the flags of the next start are not known and not checked.
seealso:
  - module: containment.docker.daemon_transaction
author:
  - The containment.docker authors (@containment-docker)
"""

EXAMPLES = r"""
- name: Set no-new-privileges for new containers
  containment.docker.daemon_config:
    config:
      no-new-privileges: true
      log-opts:
        max-size: 10m
    absent:
      - log-opts.max-file
  register: daemon_json

- name: See what this would change
  containment.docker.daemon_config:
    config:
      icc: false
  check_mode: true
  diff: true
"""

RETURN = r"""
path:
  description: The file, as named.
  returned: success
  type: str
  sample: /etc/docker/daemon.json
backup_file:
  description: The copy of the file as it was.
  returned: when the file was changed and there was one
  type: str
  sample: /etc/docker/daemon.json.20260102T030405Z.bak
activation:
  description:
    - What the daemon needs to take over the file as it will be, V(none), V(reload) or V(restart).
    - V(none) where the daemon is stopped. Where it is not known whether it runs, what this run's change needs.
    - A reload that someone else has done meanwhile is not seen; V(reload) is returned again until the daemon restarts.
  returned: success
  type: str
  sample: restart
pending:
  description: The settings that are not in force yet, each with what it needs.
  returned: success
  type: list
  elements: dict
  contains:
    key:
      description: The setting.
      type: str
    needs:
      description: V(reload) or V(restart).
      type: str
  sample: [{"key": "no-new-privileges", "needs": "restart"}]
certain:
  description:
    - V(false) where it is not known what the running daemon has, because the file was changed by others after its start, or because
      it is not known whether it runs. Then RV(pending) names all that may be missing.
  returned: success
  type: bool
problems:
  description: Why nothing was written, one sentence each.
  returned: failure
  type: list
  elements: str
"""

from ansible_collections.containment.docker.plugins.module_utils.common import zip_importer

zip_importer.install()

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.transaction import checks, file_only
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import Refused


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "config": {"type": "dict", "default": {}},
            "absent": {"type": "list", "elements": "str", "default": []},
            "path": {"type": "path"},
            "unit": {"type": "str", "default": "docker.service"},
            "backup": {"type": "bool", "default": True},
            "validate": {"type": "bool", "default": True},
            "lock_timeout": {"type": "float", "default": 30},
        },
        supports_check_mode=True,
    )
    parameters = module.params
    options = file_only.Options(
        parameters["config"],
        parameters["absent"],
        parameters["path"],
        parameters["validate"],
        parameters["backup"],
        module.check_mode,
        parameters["lock_timeout"],
    )
    try:
        outcome = file_only.run(options, Host(parameters["unit"]))
    except (ConfigError, Refused) as error:
        module.fail_json(msg=str(error))
    module.no_log_values.update(outcome.secrets)
    for warning in outcome.warnings:
        module.warn(warning)
    if outcome.problems:
        message = checks.sentence(outcome.result["path"], outcome.problems)
        module.fail_json(msg=message, problems=outcome.problems)
    module.exit_json(**outcome.result)


if __name__ == "__main__":
    main()
