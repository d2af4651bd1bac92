#!/usr/bin/python
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run module_utils.migration and return its result."""

DOCUMENTATION = r"""
module: userns_migration
short_description: Turn userns-remap on and bring images, volumes, networks and containers along, or go back
version_added: 1.0.0
description:
  - C(userns-remap) gives a Docker daemon another data root, in which it sees nothing of what it had. This module makes it all again there,
    owned by the mapped ids, and then switches the daemon over.
  - While containers run on, a second dockerd on the new data root (without a network but to pull, as a transient service of systemd) takes over
    images by the engine's own save and load, and is given networks, volumes with a first copy of their content, and containers.
  - Then containers are stopped, volumes are brought up to date, the containers' own layers are copied, and M(containment.docker.daemon_transaction)
    switches the daemon. What ran is started, in the order in which it depended on each other, and compared with what it was.
  - The old data root is only read. Whatever fails, the daemon returns to it and what ran is started again. A run that was killed is undone by the
    next one.
options:
  state:
    description:
      - V(present) migrates, V(absent) returns to the old data root of an earlier migration. What was written since then would be
        left behind, and is a reason to refuse unless O(accept_loss).
    type: str
    choices: [present, absent]
    default: present
  userns_remap:
    description:
      - The value of C(userns-remap). The user must have exactly one range of subordinate ids, see M(containment.docker.subordinate_ids).
    type: str
    default: default
  images:
    description: Whether all images come along, or those that containers use.
    type: str
    choices: [used, all]
    default: used
  pull:
    description:
      - Whether images that came from a registry are pulled from there again, by their digests, which they keep by that. All others are copied.
      - Docker's client does it, with the credentials of the user that this module runs as. What can't be pulled fails the migration before
        anything is touched.
    type: bool
    default: false
  writable_layers:
    description: Whether what containers wrote outside of volumes comes along.
    type: str
    choices: [keep, drop]
    default: keep
  device_files:
    description:
      - Whether device files in volumes come along. Kept by default, as nothing is to be lost; a container has access only to what its list of
        devices allows, with or without a mapping.
    type: str
    choices: [keep, drop]
    default: keep
  set_id_bits:
    description:
      - Whether the set-id bits of files in volumes come along. Kept by default, as afterwards they stand for mapped ids, which have no rights on
        the host.
    type: str
    choices: [keep, drop]
    default: keep
  leave:
    description: What stays behind, as V(container:name) or V(volume:name).
    type: list
    elements: str
    default: []
  accept:
    description:
      - Ids of the forecast (C(effects[].id) of M(containment.docker.hardening_forecast_info)) that may break. A container that certainly
        can't run with mapped ids is a reason to refuse otherwise. With all of its certain items accepted or waived it is made and not started; it
        stays behind where the engine does not even make it, as with C(--privileged).
    type: list
    elements: str
    default: []
  waivers:
    description:
      - Who answers for what, until a day. A waiver whose rule is V(setting/kind) or a whole id of the forecast accepts what it selects, as O(accept)
        does. One of the rule V(userns-remap) has the containers that it selects keep the host's ids, made with C(--userns=host). Those of an
        audit's other rules are left out, so that one list serves all.
    type: list
    elements: dict
    default: []
    suboptions:
      rule:
        description: V(userns-remap), V(userns-remap/kind) of an item, or the whole id.
        type: str
        required: true
      selector:
        description: V(host), V(daemon), V(container:<exact name>), V(image:<sha256 id or name@digest>) or V(label:<key>=<value>).
        type: str
        required: true
      reason:
        description: Why it is accepted.
        type: str
        required: true
      owner:
        description: Who answers for it.
        type: str
        required: true
      expires:
        description: The last day on which it counts, as V(2027-01-31), in the time zone of the target.
        type: str
        required: true
      ticket:
        description: Where it was decided.
        type: str
      when_message:
        description: What the item's message has to say, from its first to its last character, with V(*) for any text.
        type: str
  shift:
    description:
      - Directories outside of the data root, bind mounts of containers, whose files get the mapped ids, too. Other bind mounts are not changed.
        The way back gives them their ids again.
    type: list
    elements: path
    default: []
  accept_loss:
    description: With O(state=absent), leave behind what was written since the migration.
    type: bool
    default: false
  probe:
    description: As of M(containment.docker.daemon_transaction).
    type: bool
    default: true
  unit:
    description: The systemd unit that runs dockerd.
    type: str
    default: docker.service
  engine:
    description: The engine's socket on this host, as V(unix:///path). The environment variable E(DOCKER_HOST) is the default.
    type: str
    aliases: [docker_host]
  timeout:
    description: Seconds that a restart may take until the engine answers.
    type: float
    default: 60
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode) and tells the whole plan, refusals too, without changing anything.
  diff_mode:
    support: none
    description: The plan says what becomes of what.
  platform:
    support: full
    platforms: linux
    description: Hosts where systemd 238 or newer runs dockerd. The module must run as root.
notes:
  - How far a migration is says C(/var/lib/containment.docker/migration.log) on the host while it works.
  - What somebody creates, removes or starts by the engine between the plan and the switch undoes the migration, as it would be left behind.
  - Only what changed meanwhile is copied while containers are stopped - on ext4, xfs, btrfs and f2fs by what the kernel notes of changes,
    elsewhere by C(rsync). Without C(rsync) on the host volumes elsewhere, and those whose files vanish while the first copy reads them, are copied
    whole then.
  - Bind mounts are not changed but for those in O(shift). The mapped ids must have access to them.
  - Logs, build cache, managed plugins and the exit codes of containers stay in the old data root.
  - C(cp) and C(rsync) run with nothing in reach but the volume and the system's programs, as a container could swap a directory for a link while
    they read.
author:
  - The containment.docker authors (@containment-docker)
seealso:
  - module: containment.docker.daemon_transaction
  - module: containment.docker.subordinate_ids
"""

EXAMPLES = r"""
- name: Remap users and bring everything along
  containment.docker.userns_migration:
    images: all
    waivers:
      - rule: userns-remap
        selector: container:node-exporter
        reason: It reads the host's processes
        owner: ops@example.com
        expires: "2027-06-30"
  become: true

- name: Go back
  containment.docker.userns_migration:
    state: absent
  become: true
"""

RETURN = r"""
plan:
  description: What becomes of each image, volume, network and container. Null where nothing is to be migrated.
  returned: always
  type: dict
  contains:
    parts:
      description: C(action) is V(copy), V(pull), V(create), V(stopped) or V(stay); C(size) in bytes; C(reason) in words.
      type: list
      elements: dict
    lines:
      description: The same as text, a line for each.
      type: list
      elements: str
    size:
      description: Bytes to copy.
      type: int
    seconds:
      description: A rough estimate, by C(speed), or 100 MB/s where that is 0, and by 3000 files a second, which is assumed.
      type: int
    speed:
      description: Bytes a second that the disk of the data root took in a trial of at most 32 MB, which leaves nothing. 0 where there was none, as with
        less than 1 GB free.
      type: int
    notes:
      description: What can't come along.
      type: list
      elements: str
    refusals:
      description: What is against it, each with a way forward.
      type: list
      elements: str
refusals:
  description: All that is against it.
  returned: failure
  type: list
  elements: str
seconds:
  description: How long the preparation took, how long containers did not run, and both together. Null where nothing was migrated.
  returned: always
  type: dict
  sample: {prepared: 41.3, downtime: 4.2, all: 45.9}
started:
  description: Containers that were started.
  returned: always
  type: list
  elements: str
notes:
  description: What is left to know or to do.
  returned: always
  type: list
  elements: str
written_since:
  description: With O(state=absent), what was written since the migration and is left behind.
  returned: always
  type: list
  elements: str
recovered:
  description: What became of an earlier run that was killed.
  returned: always
  type: str
rolled_back:
  description: Whether everything was brought back.
  returned: failure
  type: bool
"""

import signal

from ansible_collections.containment.docker.plugins.module_utils.common import zip_importer

zip_importer.install()

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import DEFAULT_ADDRESS
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.judge import waiver
from ansible_collections.containment.docker.plugins.module_utils.migration import run
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Options
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import DOCKER_SERVICE, SystemdError
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal import JournalError
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    NotRestored,
    Refused,
    RolledBack,
)


def main() -> None:
    waivers = {key: dict(type="str", required=True) for key in waiver.KEYS}
    waivers.update({key: dict(type="str") for key in waiver.OPTIONAL})
    module = AnsibleModule(
        argument_spec=dict(
            state=dict(type="str", choices=["present", "absent"], default="present"),
            userns_remap=dict(type="str", default="default"),
            images=dict(type="str", choices=["used", "all"], default="used"),
            pull=dict(type="bool", default=False),
            writable_layers=dict(type="str", choices=["keep", "drop"], default="keep"),
            device_files=dict(type="str", choices=["keep", "drop"], default="keep"),
            set_id_bits=dict(type="str", choices=["keep", "drop"], default="keep"),
            leave=dict(type="list", elements="str", default=[]),
            accept=dict(type="list", elements="str", default=[]),
            waivers=dict(type="list", elements="dict", default=[], options=waivers),
            shift=dict(type="list", elements="path", default=[]),
            accept_loss=dict(type="bool", default=False),
            probe=dict(type="bool", default=True),
            unit=dict(type="str", default=DOCKER_SERVICE),
            engine=dict(type="str", aliases=["docker_host"], fallback=(env_fallback, ["DOCKER_HOST"])),
            timeout=dict(type="float", default=60),
        ),
        supports_check_mode=True,
    )
    parameters = module.params
    options = Options(
        remap=parameters["userns_remap"],
        all_images=parameters["images"] == "all",
        drop_layers=parameters["writable_layers"] == "drop",
        drop_devices=parameters["device_files"] == "drop",
        drop_set_ids=parameters["set_id_bits"] == "drop",
        leave=parameters["leave"],
        accept=parameters["accept"],
        waivers=parameters["waivers"],
        shift=parameters["shift"],
        accept_loss=parameters["accept_loss"],
        check=module.check_mode,
        probe=parameters["probe"],
        pull=parameters["pull"],
    )
    unit = parameters["unit"] if "." in parameters["unit"] else parameters["unit"] + ".service"
    host = Host(unit, parameters["engine"] or DEFAULT_ADDRESS, parameters["timeout"])
    # the end of the connection must not end the work half-way
    for name in (signal.SIGHUP, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)
    try:
        result = (run.present if parameters["state"] == "present" else run.absent)(options, host)
    except RolledBack as error:
        module.fail_json(msg=str(error), rolled_back=True, **error.result)
    except NotRestored as error:
        module.fail_json(msg=str(error), rolled_back=False, changed=True)
    except (Refused, ConfigError, JournalError, SystemdError) as error:
        module.fail_json(msg=str(error), rolled_back=False, **dict({"changed": False}, **getattr(error, "result", {})))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
