#!/usr/bin/python
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run module_utils.kernel_mounts and return its result."""

DOCUMENTATION = r"""
module: kernel_filesystems
short_description: Make the kernel's filesystems read-only and masked in containers that run
version_added: 1.0.0
description:
  - Docker makes C(/proc/sys), C(/proc/sysrq-trigger), C(/proc/irq), C(/proc/bus), C(/proc/fs) and C(/sys) read-only in a container
    and masks others, unless it was asked not to. This module does so in containers that run, without restarting them, also where
    they have the kernel's files under another name (a bind mount of C(/proc), say).
  - Changes flags of single mounts of the container, and puts mounts over what a mount shows. Never changes a filesystem as a whole,
    which the host and other containers share, and never makes a mount that would appear outside the container.
  - Tells what the kernel shows afterwards, and what is left. What is cured is held until the container restarts; what it is
    created with does not change. A container that can undo it needs to be created anew.
options:
  engine:
    description:
      - Address of the Docker engine, a local unix socket. The environment variable E(DOCKER_HOST) is the default, then
        V(unix:///var/run/docker.sock).
    type: str
    aliases: [docker_host]
  unit:
    description: The systemd unit that runs dockerd. A stopped one is never started.
    type: str
    default: docker.service
  containers:
    description:
      - Names or ids of containers. All that run by default, unless O(images) is given. An empty list is none.
    type: list
    elements: str
  images:
    description: Containers that were started from these images, by the name that was used or by the image's id.
    type: list
    elements: str
  leave:
    description:
      - Paths to leave as they are, because something has to write there. Each is a waiver, for which somebody answers until a day.
      - One that has expired does not count, and one that covers nothing is of no use. Both are shown.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description:
          - The path as the container has it, as V(/sys/fs/cgroup) or V(/host/proc/sys). It counts for what is below it too, and
            for a mount that contains it.
        type: str
        required: true
      containers:
        description: Names of the containers that it counts for. All by default.
        type: list
        elements: str
        default: []
      reason:
        description: Why it is accepted.
        type: str
        required: true
      owner:
        description:
          - Who answers for it. Required together with O(leave[].expires).
          - To give neither is deprecated, and is refused from version 2.0.0 on.
        type: str
      expires:
        description: The last day on which it counts, as V(2027-01-31).
        type: str
      ticket:
        description: Where it was decided, as V(OPS-1234).
        type: str
  timeout:
    description: Seconds that all answers of the engine together may take.
    type: float
    default: 60
attributes:
  check_mode:
    support: full
    description: Tells exactly what would be changed and left, without entering any container.
  diff_mode:
    support: full
    description: Lists the mounts of the kernel's filesystems in each container before and after.
  platform:
    support: full
    platforms: linux
    description: The module must run as root, on the engine's own host.
notes:
  - Read-only C(/proc/sys) stops what sets kernel parameters from inside (keepalived, WireGuard, network plugins), a read-only
    control group tree stops systemd inside, and a covered C(/proc) stops new user namespaces inside from mounting their own.
    Warnings say which containers look like that.
  - Descriptors that are on their way through a socket, or kept by an io_uring, can't be seen.
seealso:
  - module: containment.docker.posture_info
author:
  - The containment.docker authors (@containment-docker)
"""

EXAMPLES = r"""
- name: See what is open
  containment.docker.kernel_filesystems:
  become: true
  check_mode: true
  register: open

- name: Close it in all containers but where the load balancer sets addresses
  containment.docker.kernel_filesystems:
    leave:
      - path: /proc/sys
        containers: [keepalived]
        reason: sets net.ipv4.ip_nonlocal_bind
        owner: network team
        expires: "2027-06-30"
  become: true
"""

RETURN = r"""
containers:
  description: One for each container that runs and was selected.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      type: str
    id:
      description: Its id.
      type: str
    image:
      description: The image that it was started with.
      type: str
    state:
      description: >-
        V(closed), V(held until restart), V(waived), V(open), V(restart needed), V(needs recreation), V(gone) (it ended meanwhile) or
        V(unknown). In check mode as it is now, V(open) where something would be changed.
      type: str
    changes:
      description: >-
        What was (in check mode, would be) changed. C(path) as the container has it, C(shows) the kernel's own name of it, and
        C(action), V(read-only) (the mount itself), V(bound read-only) or V(masked).
      type: list
      elements: dict
    left:
      description: What stays open. C(path), C(reason), and C(cure), V(restart), V(recreate), V(retry) or V(waived).
      type: list
      elements: dict
    held_until_restart:
      description: Whether all is closed now, but only until the container starts again.
      type: bool
    needs_recreation:
      description: Whether the container has to be created anew, because it can undo it or because something can't be closed.
      type: bool
    reasons:
      description: What is left to do and why, one sentence each.
      type: list
      elements: str
    warnings:
      description: What may stop working in it.
      type: list
      elements: str
  sample:
    - name: web
      id: 4f66ad9a0b2e
      image: nginx
      state: held until restart
      changes: [{path: /proc/sys, shows: /proc/sys, action: bound read-only}]
      left: []
      held_until_restart: true
      needs_recreation: false
      reasons: []
      warnings: []
missing:
  description: Those of O(containers) that don't run.
  returned: success
  type: list
  elements: str
summary:
  description: The same in lines for people. Nothing of containers where all is closed and stays so.
  returned: success
  type: list
  elements: str
expired_waivers:
  description: Those of O(leave) that have expired, and so don't count any more.
  returned: success
  type: list
  elements: dict
  sample: [{path: /proc/sys, containers: [keepalived], reason: sets addresses, owner: network team, expires: "2026-01-31", ticket: OPS-1}]
unused_waivers:
  description: Those of O(leave) that cover nothing that is open. Empty unless all containers that run were looked at.
  returned: success
  type: list
  elements: dict
  sample: []
"""

import datetime

from ansible_collections.containment.docker.plugins.module_utils.common import zip_importer

zip_importer.install()

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import DEFAULT_ADDRESS, EngineError
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts import waivers
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.enforce import (
    EnforcementError,
    Options,
    enforce,
)


def main() -> None:
    """Run the module."""
    strings = {"type": "list", "elements": "str"}
    leave = {
        "path": {"type": "str", "required": True},
        "reason": {"type": "str", "required": True},
        "containers": dict(strings, default=[]),
        "owner": {"type": "str"},
        "expires": {"type": "str"},
        "ticket": {"type": "str"},
    }
    module = AnsibleModule(
        argument_spec={
            "engine": {"type": "str", "aliases": ["docker_host"], "fallback": (env_fallback, ["DOCKER_HOST"])},
            "unit": {"type": "str", "default": "docker.service"},
            "containers": strings,
            "images": strings,
            "leave": {"type": "list", "elements": "dict", "default": [], "options": leave},
            "timeout": {"type": "float", "default": 60},
        },
        supports_check_mode=True,
    )
    parameters = module.params
    try:
        options = Options(
            parameters["engine"] or DEFAULT_ADDRESS,
            parameters["unit"],
            parameters["containers"],
            parameters["images"],
            [waivers.parse(index, waiver) for index, waiver in enumerate(parameters["leave"])],
            parameters["timeout"],
            datetime.date.today(),
        )
        result = enforce(options, module.check_mode)
    except (EnforcementError, EngineError, ValueError) as error:
        module.fail_json(msg=str(error))
    if any(not waiver.expires for waiver in options.waivers):
        module.deprecate(
            "leave without owner and expires: say who answers for it, and until when",
            version="2.0.0",
            collection_name="containment.docker",
        )
    for warning in result.pop("warnings"):
        module.warn(warning)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
