#!/usr/bin/python
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run module_utils.selinux_report and return its result."""

DOCUMENTATION = r"""
module: selinux_info
short_description: Tell how a Docker host stands to SELinux, and what its containers were denied
version_added: 1.0.0
description:
  - Tells in one task the mode and what disagrees about it, the labels of containers, of their mounts and of the daemon's data, and what containers
    were denied since a time. Changes nothing, and never starts a daemon that is stopped.
  - What SELinux in force would break is asked of M(containment.docker.hardening_forecast_info), with the setting V(selinux).
  - Denials are read from the log of auditd where it runs, and from what the kernel itself told since the boot. Permissive mode tells a denial once
    for a while, and C(dontaudit) rules hide some. That none was seen does not mean that none would be, so the summary says what can't be seen.
  - To see all of it, run as root.
options:
  engine:
    description:
      - Address of the Docker engine, a unix socket of this host. The environment variable E(DOCKER_HOST) is the default, then
        V(unix:///var/run/docker.sock).
    type: str
    aliases: [docker_host]
  unit:
    description: The systemd unit that runs dockerd.
    type: str
    default: docker.service
  timeout:
    description: Seconds that all answers of the engine together may take.
    type: float
    default: 60
  since:
    description: >-
      From when on denials count, V(boot), a time in UTC as V(2026-08-01T04:00:00Z), or seconds since 1970 as C(date +%s) tells them.
    type: str
    default: boot
  policy:
    description: The type of policy that is looked for, as V(targeted). By default the one that C(/etc/selinux/config) names.
    type: str
    default: ""
  waivers:
    description: Denials that somebody answers for, until a day. They are shown, and don't count as blocking.
    type: list
    elements: dict
    default: []
    suboptions:
      container:
        description: Exact name of the container, or the domain of the denied process, as V(spc_t), where no container is known.
        type: str
        required: true
      path:
        description: The path of the host that it was denied, as the denial shows it, with all that is below it.
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
        description: The last day on which it counts, as V(2027-01-31).
        type: str
        required: true
      ticket:
        description: Where it was decided, as V(OPS-1234).
        type: str
extends_documentation_fragment:
  - containment.docker.info_attributes
requirements:
  - Python 3.6 or newer on the target
author:
  - The containment.docker authors (@containment-docker)
seealso:
  - module: containment.docker.hardening_forecast_info
  - module: containment.docker.posture_info
"""

EXAMPLES = r"""
- name: See how the host stands to SELinux
  containment.docker.selinux_info:
  register: selinux
  become: true

- name: Show it
  ansible.builtin.debug:
    msg: "{{ selinux.mode.problems + selinux.lines + [selinux.denials.summary] + selinux.denials.lines }}"

- name: See what was denied since a deployment, but for what is answered for
  containment.docker.selinux_info:
    since: "2026-08-01T04:00:00Z"
    waivers:
      - container: metrics
        path: /proc
        reason: it tries, and works without
        owner: ops
        expires: "2027-01-31"
  become: true
"""

RETURN = r"""
at:
  description: When it looked, in seconds since 1970. As O(since) of a later run it tells what is new.
  returned: success
  type: float
  sample: 1785556800.25
mode:
  description: How SELinux stands on the host.
  returned: success
  type: dict
  contains:
    running:
      description: V(enforcing), V(permissive), V(disabled) where no policy is loaded, or V(none) for a kernel that runs without SELinux.
      type: str
    configured:
      description: What C(/etc/selinux/config) says. Empty where it says nothing.
      type: str
    next_boot:
      description: The mode that file and kernel command line together give at the next boot, in the same words, or V(unknown).
      type: str
    policy:
      description: The type of policy that is wanted or configured.
      type: str
    configured_policy:
      description: The type of policy that C(/etc/selinux/config) names.
      type: str
    policy_loaded:
      description: Whether a policy is loaded.
      type: bool
    policy_installed:
      description: Whether that policy is installed.
      type: bool
    command_line:
      description: What the kernel was booted with of C(selinux), C(enforcing), C(security) and C(lsm), as far as it knows them.
      type: list
      elements: str
    problems:
      description: What is missing or disagrees, a sentence each.
      type: list
      elements: str
    dontaudit:
      description: Whether rules of the loaded policy keep some denials out of every log. V(false) after C(semodule -DB), and where none is loaded.
      type: bool
    in_the_way:
      description: For V(permissive) and V(enforcing) the sentence that says why the mode can't be reached, or won't outlast a boot. Empty where it can.
      type: dict
  sample:
    running: permissive
    configured: enforcing
    next_boot: enforcing
    policy: targeted
    configured_policy: targeted
    policy_loaded: true
    policy_installed: true
    command_line: []
    dontaudit: true
    problems: ["SELinux is permissive, and /etc/selinux/config says enforcing: somebody has run setenforce 0"]
    in_the_way: {permissive: "", enforcing: ""}
daemon:
  description: >-
    The daemon's state, whether it gives labels (V(on), V(off), V(unknown)), and the reason where that is not known.
  returned: success
  type: dict
  sample: {state: running, labels: "on", reason: ""}
policy:
  description: What the policy has for containers.
  returned: success
  type: dict
  contains:
    asked:
      description: Who was asked, V(kernel), V(file_contexts) where none is loaded, or V(nothing).
      type: str
    label:
      description: The label that the policy gives to processes of containers, without categories.
      type: str
    af_alg:
      description: >-
        Whether the loaded policy denies containers sockets of the kernel's cryptography (AF_ALG), V(allowed), V(denied) or V(unknown).
      type: str
    reason:
      description: Why the kernel could not be asked. Empty where it could.
      type: str
  sample: {asked: kernel, label: "system_u:system_r:container_t:s0", af_alg: allowed, reason: ""}
containers:
  description: >-
    Each container, whether it has a label that holds it back (C(labels), V(on), V(off) or V(unknown), with C(why)), and the labels of its bind
    mounts and volumes (C(context), empty where it can't be read).
  returned: success
  type: list
  elements: dict
  sample:
    - name: web
      id: 4f66ad9a0b2e3c1d8f7e6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d
      state: running
      labels: "off"
      why: label=disable
      mounts: [{source: /data/web, target: /data, context: "system_u:object_r:default_t:s0"}]
data_root:
  description: >-
    Whether the daemon's data root has the contexts that C(/var/lib/docker) has (C(verdict) V(right), V(wrong) or V(unknown)), whether
    an equivalence is missing for that, and what a relabel must leave as it is (C(keep)). Where layers are in the containerd store,
    C(/var/lib/containerd) is looked at, too, or what dockerd's own containerd has below the data root. Where the policy has no context for
    the layers there, C(store) is that directory, which a relabel of the whole host would make unreadable for containers, and
    C(store_cure) gives it a context. Null where the engine does not tell its data root.
  returned: success
  type: dict
  sample:
    path: /var/lib/docker
    verdict: right
    context: "system_u:object_r:container_var_lib_t:s0"
    expected: ""
    why: ""
    equivalence: false
    keep: ""
    cure: ""
    store: ""
    store_cure: ""
lines:
  description: A line for each container without labels, and for a data root whose labels are wrong or unknown.
  returned: success
  type: list
  elements: str
  sample: ["web: labels are off (label=disable)"]
denials:
  description: What containers were denied.
  returned: success
  type: dict
  contains:
    since:
      description: From when on, in UTC.
      type: str
    source:
      description: Where denials were looked for.
      type: str
    reason:
      description: Why there may be others that can't be known. Empty where there is no such reason.
      type: str
    seen:
      description: >-
        Each kind of denial once, the newest first. C(forecast_id) is the id that M(containment.docker.hardening_forecast_info) gives to it, where a
        container is known and it went on as SELinux is permissive.
      type: list
      elements: dict
    blocking:
      description: How many of these are not waived, but for those that break nothing (C(harmless)), as the kernel's own requests for modules.
      type: int
    lines:
      description: A line for each, C(forecast_id), what it wanted, and the cure.
      type: list
      elements: str
    summary:
      description: One sentence.
      type: str
  sample:
    since: "2026-08-01T04:00:00Z"
    source: /var/log/audit/audit.log
    reason: ""
    seen:
      - container: web
        id: 4f66ad9a0b2e3c1d8f7e6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d
        forecast_id: selinux/denial/container:web:/data/web/index.html
        label: system_u:system_r:container_t:s0:c12,c345
        program: cat
        path: /data/web/index.html
        target: system_u:object_r:default_t:s0
        tclass: file
        port: 0
        wanted: [read, open]
        permissive: true
        count: 2
        first: "2026-08-01T05:00:00Z"
        last: "2026-08-01T05:00:01Z"
        cure: mount /data/web with :z (shared) or :Z (its own)
        why: by its label
        waived: ""
        harmless: false
    blocking: 1
    lines: ["selinux/denial/container:web:/data/web/index.html: read, open (2 times): mount /data/web with :z (shared) or :Z (its own)"]
    summary: >-
      1 seen since 2026-08-01T04:00:00Z, 0 of them waived; can't be seen: what the policy's dontaudit rules hide, as dir read of /data/web in web
expired_waivers:
  description: Those of O(waivers) that have expired, and so don't count any more.
  returned: success
  type: list
  elements: dict
  sample: [{container: web, path: /data/web, reason: it works without, owner: ops, expires: "2026-01-31", ticket: OPS-1}]
unused_waivers:
  description: >-
    Those of O(waivers) that cover nothing that was denied since O(since). Empty where no policy is loaded, or where not all denials or
    containers can be known.
  returned: success
  type: list
  elements: dict
  sample: []
waiver_lines:
  description: A line for each of both, with what to do.
  returned: success
  type: list
  elements: str
  sample: ["waivers: the waiver of ops for web: /data/web ended on 2026-01-31 and does not count any more (it works without); renew or remove it"]
"""

import time

from ansible_collections.containment.docker.plugins.module_utils.common import zip_importer

zip_importer.install()

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ansible_collections.containment.docker.plugins.module_utils.denials import waivers as denial_waivers
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import DEFAULT_ADDRESS, EngineError
from ansible_collections.containment.docker.plugins.module_utils.selinux_report import report


def main() -> None:
    """Run the module."""
    waiver = {key: dict(type="str", required=True) for key in denial_waivers.KEYS}
    waiver.update({key: dict(type="str") for key in denial_waivers.OPTIONAL})
    module = AnsibleModule(
        argument_spec=dict(
            engine=dict(type="str", aliases=["docker_host"], fallback=(env_fallback, ["DOCKER_HOST"])),
            unit=dict(type="str", default="docker.service"),
            timeout=dict(type="float", default=60),
            since=dict(type="str", default="boot"),
            policy=dict(type="str", default=""),
            waivers=dict(type="list", elements="dict", default=[], options=waiver),
        ),
        supports_check_mode=True,
    )
    params = module.params
    try:
        options = report.Options(
            address=params["engine"] or DEFAULT_ADDRESS,
            unit=params["unit"],
            timeout=params["timeout"],
            since=params["since"],
            policy=params["policy"],
            waivers=[denial_waivers.parse(index, item) for index, item in enumerate(params["waivers"])],
        )
        result = report.report_host(options, time.time())
    except (ValueError, EngineError, OSError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
