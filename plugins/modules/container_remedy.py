#!/usr/bin/python
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run module_utils.remediation and return its result."""

DOCUMENTATION = r"""
module: container_remedy
short_description: Limit, pause, disconnect or stop containers that run
version_added: 1.0.0
description:
  - Gives containers limits and another restart policy while they run, pauses them, takes them off their networks, or stops them so
    that they stay stopped. All in one task over one connection to the engine. Never removes anything and never creates a container.
  - Acts by the full id, so that another container that took over a name is never hit. Looks again afterwards, and tells what the
    engine, and for limits the kernel, then show. What could not be done for one container is told as its RV(containers[].refused),
    and the others are still handled.
options:
  engine:
    description:
      - Address of the Docker engine, V(unix:///path) or V(tcp://host:port). The environment variable E(DOCKER_HOST) is the
        default, then V(unix:///var/run/docker.sock).
      - Over a local unix socket a limit counts only when the container's own control group shows it.
    type: str
    aliases: [docker_host]
  steps:
    description: What to do, in this order. A container may occur more than once.
    type: list
    elements: dict
    required: true
    suboptions:
      container:
        description: The container's full id, 64 hexadecimal digits.
        type: str
        required: true
      name:
        description: What messages call it. The beginning of its id by default.
        type: str
      action:
        description:
          - V(update) sets what is given of O(steps[].memory), O(steps[].pids_limit) and O(steps[].restart_policy), all or none.
            Refused where more than 80 % of a limit that is set or lowered is in use already, as it could kill what runs. Put back
            where the kernel doesn't show the limit afterwards.
          - V(pause) freezes all its processes, until someone unpauses it or it is started again.
          - V(disconnect) takes it off every network; it stays off them when it is started again. Refused for a container with the
            network of the host or of another container.
          - V(stop) sets its restart policy to V(no), then stops it with its own signal and timeout. Refused for a container that was
            started with C(--rm), as it would be removed.
        type: str
        required: true
        choices: [update, pause, disconnect, stop]
      memory:
        description:
          - Limit of memory in bytes, V(6291456) or more. It may swap as much as before, and not at all where it had no limit of
            memory before.
          - An engine can't take a limit off again. What RV(containers[].undo) names then is a limit that nothing reaches.
        type: int
      pids_limit:
        description: Limit of processes and threads.
        type: int
      restart_policy:
        description: V(no), V(on-failure:5), V(on-failure), V(always) or V(unless-stopped).
        type: str
  timeout:
    description:
      - Seconds that all answers of the engine together may take. A container whose stop timeout is longer than what is left of
        them is not stopped.
    type: float
    default: 60
attributes:
  check_mode:
    support: full
    description: Tells what would be done and refused. Each step is planned on the containers as they are now.
  diff_mode:
    support: full
    description: Shows the values of each step before and after.
seealso:
  - module: containment.docker.posture_info
author:
  - The containment.docker authors (@containment-docker)
"""

EXAMPLES = r"""
- name: Limit one container, stop another
  containment.docker.container_remedy:
    steps:
      - container: 4f66ad9a0b2e6d8f4f66ad9a0b2e6d8f4f66ad9a0b2e6d8f4f66ad9a0b2e6d8f
        name: web
        action: update
        memory: "{{ '512 MiB' | ansible.builtin.human_to_bytes }}"
        pids_limit: 200
        restart_policy: on-failure:5
      - container: 1c2d3e4f5a6b7c8d1c2d3e4f5a6b7c8d1c2d3e4f5a6b7c8d1c2d3e4f5a6b7c8d
        name: miner
        action: stop
  become: true
  register: remedied

- name: Say how to undo it
  ansible.builtin.debug:
    msg: "{{ remedied.containers | map(attribute='undo') | flatten }}"
"""

RETURN = r"""
containers:
  description: One for each step, in the same order.
  returned: success
  type: list
  elements: dict
  contains:
    container:
      description: Its id.
      type: str
    name:
      description: What the step calls it.
      type: str
    action:
      description: The step's action.
      type: str
    changed:
      description: Whether anything was changed (in check mode, would be).
      type: bool
    refused:
      description: Why it was not done, or not wholly. Empty where it was done, and where there was nothing to do.
      type: str
    before:
      description: >-
        The values that the action is about. C(memory), C(memory_swap) (memory and swap together), both in bytes, C(pids_limit) and
        C(restart_policy) for V(update), as far as the step gives them, 0 for no limit, as the engine was asked for them, or the
        kernel's where the engine was asked for the same already and the kernel shows another; C(paused) for V(pause); C(networks)
        for V(disconnect); C(running) and C(restart_policy) for V(stop). Empty where the container is gone.
      type: dict
    after:
      description: >-
        The same afterwards, as engine and kernel show it (in check mode, as they would). Empty where that is not known.
      type: dict
    undo:
      description: The commands that bring back what was before, quoted for a shell.
      type: list
      elements: str
    notes:
      description: What else to know, one sentence each.
      type: list
      elements: str
  sample:
    - container: 4f66ad9a0b2e6d8f4f66ad9a0b2e6d8f4f66ad9a0b2e6d8f4f66ad9a0b2e6d8f
      name: web
      action: stop
      changed: true
      refused: ""
      before: {running: true, restart_policy: always}
      after: {running: false, restart_policy: "no"}
      undo: [docker update --restart=always web, docker start web]
      notes: []
"""

from ansible_collections.containment.docker.plugins.module_utils.common import zip_importer

zip_importer.install()

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import (
    DEFAULT_ADDRESS,
    Engine,
    EngineError,
)
from ansible_collections.containment.docker.plugins.module_utils.remediation.run import REMEDIES, parse_step, remedy


def main() -> None:
    """Run the module."""
    step = {
        "container": {"type": "str", "required": True},
        "name": {"type": "str"},
        "action": {"type": "str", "required": True, "choices": list(REMEDIES)},
        "memory": {"type": "int"},
        "pids_limit": {"type": "int"},
        "restart_policy": {"type": "str"},
    }
    module = AnsibleModule(
        argument_spec={
            "engine": {"type": "str", "aliases": ["docker_host"], "fallback": (env_fallback, ["DOCKER_HOST"])},
            "steps": {"type": "list", "elements": "dict", "required": True, "options": step},
            "timeout": {"type": "float", "default": 60},
        },
        supports_check_mode=True,
    )
    try:
        steps = [parse_step(index, item) for index, item in enumerate(module.params["steps"])]
        engine = Engine(module.params["engine"] or DEFAULT_ADDRESS, module.params["timeout"])
        result = remedy(engine, steps, module.check_mode)
    except (EngineError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
