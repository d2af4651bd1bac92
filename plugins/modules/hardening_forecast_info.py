#!/usr/bin/python
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run module_utils.forecast and return what it says."""

DOCUMENTATION = r"""
module: hardening_forecast_info
short_description: Say what would break on a Docker host if its settings were hardened
version_added: 1.0.0
description:
  - Looks at the host and at all of its containers in one task, and says for each setting that would be turned on what breaks, why, how
    sure that is, and what to do about it. Changes nothing, and executes nothing from a container.
  - What can't be looked at is in RV(obstacles) with the reason. There, nobody can say that nothing breaks. To see all of it, run as root.
options:
  engine:
    description:
      - Address of the Docker engine, V(unix:///path). The environment variable E(DOCKER_HOST) is the default, then
        V(unix:///var/run/docker.sock). Of an engine on another machine only what it says itself is looked at.
    type: str
    aliases: [docker_host]
  unit:
    description: The systemd unit that runs dockerd.
    type: str
    default: docker.service
  settings:
    description:
      - What would be turned on, in the words of daemon.json, V(userns-remap) or V(icc), each with its value. By default what the rules ask for,
        as role P(containment.docker.docker_daemon#role) sets it.
      - Besides keys of daemon.json there are V(memory-limit) in bytes and V(pids-limit) as a number, for containers without a limit, and
        V(kernel-filesystems) for what M(containment.docker.kernel_filesystems) closes, and V(selinux) for SELinux in force, V(enforcing).
    type: dict
  timeout:
    description: Seconds that all answers of the engine together may take.
    type: float
    default: 60
  search_seconds:
    description: Seconds that all searches of files may take together. What is not searched by then is in RV(obstacles).
    type: float
    default: 30
  search_files:
    description: How many files may be looked at by all searches together.
    type: int
    default: 200000
  waivers:
    description:
      - What breaks, and that someone answers for until a date. It is shown with its waiver, never hidden. After its date a waiver does
        not count any more.
    type: list
    elements: dict
    default: []
    suboptions:
      rule:
        description:
          - V(setting/kind) of an item, as RV(effects[].id) begins, or the whole id. Waivers of an audit, whose rule has no slash, are left
            out, so that one list serves both.
        type: str
        required: true
      selector:
        description:
          - V(host), V(daemon), V(container:<exact name>), V(image:<sha256 id or name@digest>) or V(label:<key>=<value>).
          - A label counts only where the image does not set the same key.
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
        description:
          - What RV(effects[].message) has to say, from its first to its last character, with V(*) for any text. An item that says something else
            is something else than what is accepted, and stays as it is.
        type: str
author:
  - The containment.docker authors (@containment-docker)
extends_documentation_fragment:
  - containment.docker.info_attributes
seealso:
  - module: containment.docker.posture_info
  - module: containment.docker.daemon_transaction
"""

EXAMPLES = r"""
- name: Forecast what the rules' settings would break
  containment.docker.hardening_forecast_info:
  become: true
  register: forecast

- name: Forecast two settings
  containment.docker.hardening_forecast_info:
    settings:
      userns-remap: default
      icc: false
  become: true
"""

RETURN = r"""
effects:
  description: What breaks, the surest first.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Names the item for waivers and for C(docker_daemon_accept), the same at each run; V(setting/kind/subject).
      type: str
    setting:
      description: The setting that breaks it.
      type: str
    kind:
      description: What kind of thing breaks, as V(published-port).
      type: str
    subject:
      description: What breaks; V(container:<name>), V(daemon) or V(host), with V(:<what of it>) where only a part does.
      type: str
    sure:
      description: V(certain), V(likely) or V(possible).
      type: str
    message:
      description: What breaks, and why.
      type: str
    remedy:
      description: What to do about it.
      type: str
    evidence:
      description: What that was read from.
      type: dict
    waiver:
      description: The waiver that selects it. It counts unless its V(expired) is true.
      returned: where there is one
      type: dict
counts:
  description: How many items are V(certain), V(likely) and V(possible), those left out that are V(waived).
  returned: success
  type: dict
  sample: {certain: 1, likely: 3, possible: 2, waived: 0}
obstacles:
  description: What could not be looked at. Of that nobody can say that it does not break.
  returned: success
  type: list
  elements: dict
  sample: [{setting: userns-remap, subject: "container:web", reason: "/srv is on a network's filesystem, which isn't waited for"}]
settings:
  description: The settings that were asked for.
  returned: success
  type: list
  elements: str
in_force:
  description: Those of O(settings) that hold already, and so break nothing any more.
  returned: success
  type: list
  elements: str
not_forecast:
  description: Those of O(settings) that this module knows nothing about.
  returned: success
  type: list
  elements: str
engine:
  description: The engine's address, state, version, and the reason where it has none.
  returned: success
  type: dict
reasons:
  description: Why next to nothing could be looked at, empty where that is not so.
  returned: success
  type: list
  elements: str
unused_waivers:
  description: Waivers that select no item.
  returned: success
  type: list
  elements: dict
schema:
  description: The version of this result's shape.
  returned: success
  type: int
collected_at:
  description: When the host was looked at, in UTC.
  returned: success
  type: str
"""

import datetime

from ansible_collections.containment.docker.plugins.module_utils.common import zip_importer

zip_importer.install()

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import DEFAULT_ADDRESS, EngineError
from ansible_collections.containment.docker.plugins.module_utils.forecast import run, waived
from ansible_collections.containment.docker.plugins.module_utils.judge import waiver


def main() -> None:
    """Run the module."""
    waivers = {key: dict(type="str", required=True) for key in waiver.KEYS}
    waivers.update({key: dict(type="str") for key in waiver.OPTIONAL})
    module = AnsibleModule(
        argument_spec=dict(
            engine=dict(type="str", aliases=["docker_host"], fallback=(env_fallback, ["DOCKER_HOST"])),
            unit=dict(type="str", default="docker.service"),
            settings=dict(type="dict"),
            timeout=dict(type="float", default=60),
            search_seconds=dict(type="float", default=30),
            search_files=dict(type="int", default=200000),
            waivers=dict(type="list", elements="dict", default=[], options=waivers),
        ),
        supports_check_mode=True,
    )
    params = module.params
    try:
        options = run.Options(
            wanted=run.default_settings() if params["settings"] is None else params["settings"],
            address=params["engine"] or DEFAULT_ADDRESS,
            unit=params["unit"],
            timeout=params["timeout"],
            waivers=waived.parse(params["waivers"]),
            search_seconds=params["search_seconds"],
            search_files=params["search_files"],
        )
        result = run.forecast(options, datetime.datetime.now())
    except (ValueError, EngineError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
