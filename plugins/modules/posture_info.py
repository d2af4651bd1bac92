#!/usr/bin/python
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run module_utils.audit and return what it found."""

DOCUMENTATION = r"""
module: posture_info
short_description: Judge which layers of containment really hold on a Docker host
version_added: 1.0.0
description:
  - Collects evidence on the target in one task and judges it by the rules of this collection. Changes nothing, and never starts
    a daemon that is stopped.
  - Each rule is judged in up to three layers. V(configured) is daemon.json, the flags of the next start and what a container was
    asked to be. V(effective) is what the daemon says is in force. V(kernel) is what C(/proc) shows. The strongest layer that has
    evidence decides; a container also fails where any layer fails.
  - Evidence that can't be read is V(unknown) with the reason, never a pass. To see all of it, run as root.
options:
  engine:
    description:
      - Address of the Docker engine, V(unix:///path) or V(tcp://host:port). The environment variable E(DOCKER_HOST) is the
        default, then V(unix:///var/run/docker.sock).
      - Evidence of the kernel is collected only over a local unix socket. TLS is used for V(tcp) where E(DOCKER_TLS_VERIFY) is set,
        with the files in E(DOCKER_CERT_PATH).
    type: str
    aliases: [docker_host]
  unit:
    description: The systemd unit that runs dockerd. Its files tell the configuration of the next start.
    type: str
    default: docker.service
  rules:
    description: Judge only these rules. All of them by default.
    type: list
    elements: str
    default: []
  exclude:
    description: Do not judge these rules.
    type: list
    elements: str
    default: []
  timeout:
    description: Seconds that all answers of the engine together may take. What is not answered by then is V(unknown).
    type: float
    default: 60
  allowed_capabilities:
    description:
      - Capabilities that containers may have, without C(CAP_). Docker's own default set by default. What is given takes the place of that
        set, so V([NET_ADMIN]) alone allows no CHOWN any more. To allow more than the default, use O(allowed_capabilities_add).
    type: list
    elements: str
  allowed_capabilities_add:
    description: Capabilities that containers may have beside those of O(allowed_capabilities), or of Docker's default set.
    type: list
    elements: str
  allowed_mounts:
    description: Host paths that containers may mount although they are sensitive. A directory allows what is below it.
    type: list
    elements: str
  allowed_devices:
    description: Host devices that containers may have, as V(/dev/fuse), device-cgroup rules, or CDI names.
    type: list
    elements: str
  allowed_insecure_registries:
    description: Registries that may be used without TLS, as C(docker info) shows them. Loopback always may.
    type: list
    elements: str
  allowed_engine_users:
    description: Users who may connect to the engine's local socket, besides root. They are as good as root on the host.
    type: list
    elements: str
  require_selinux:
    description:
      - Whether a host whose kernel has no SELinux, or no policy loaded, fails the rules of SELinux. Without it they do not apply there.
    type: bool
    default: false
  waivers:
    description:
      - Known weaknesses that someone answers for until a date. They are shown with status V(waived), never hidden. After its date
        a waiver does not count any more.
    type: list
    elements: dict
    default: []
    suboptions:
      rule:
        description: Id of the rule.
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
          - What RV(findings[].seen) has to say, from its first to its last character, with V(*) for any text. A finding that says something else
            is another weakness than the one that is accepted, and stays as it is.
        type: str
  waiver_warn_days:
    description:
      - For how many days before its end a waiver that is in use is a finding of its own, of the rule V(waivers). A waiver that has expired, or
        selects nothing that fails, always is one. With V(0) there is no warning before its end.
    type: int
    default: 14
  record:
    description:
      - A file on the target, as an absolute path, in which the result is kept in short, to tell at the next audit what is new,
        unchanged or resolved since. Without it the module writes nothing.
      - Its directory is made where only that one is missing, with mode 0700; the file has mode 0600 and is replaced atomically. It holds
        statuses by rule and container id, names of containers and no evidence, for at most 4096 containers and 2 MiB.
      - Only root uses it. A file or a directory that is a link, belongs to someone else or can be written by others is not
        believed, nor is a file that can't be understood; then, and for another engine, RV(last.reason) says why there is no comparison.
        None of this fails the audit.
      - What an audit did not look at (O(rules), O(exclude)) or could not see keeps what was known of it. It is not resolved.
      - V(changed) stays false, as nothing but this file is written. In check mode the module compares and does not write.
    type: path
  details:
    description:
      - Which findings RV(findings) has. V(open) is those that somebody has to look at; the others are numbers in RV(passed) and reasons in
        RV(not_applicable), so that the result of a host with hundreds of containers stays small. V(all) is every finding, with its evidence.
    type: str
    choices: [open, all]
    default: open
    version_added: 1.0.0
author:
  - The containment.docker authors (@containment-docker)
extends_documentation_fragment:
  - containment.docker.info_attributes
seealso:
  - module: containment.docker.daemon_transaction
"""

EXAMPLES = r"""
- name: Audit the Docker host
  containment.docker.posture_info:
  become: true
  register: posture

- name: Audit, and tell what changed since the last time
  containment.docker.posture_info:
    record: /var/lib/containment.docker/audit.json
  become: true
  register: posture

- name: Audit two rules, one container waived
  containment.docker.posture_info:
    rules: [privileged, no-new-privileges]
    waivers:
      - rule: privileged
        selector: container:node-agent
        reason: Reads hardware counters of the host
        owner: platform team
        expires: "2027-01-31"
  become: true
"""

RETURN = r"""
schema:
  description: >-
    The version of this result's shape. A change that could break a reader raises it. The JSON Schema is C(docs/result.schema.json) of this
    collection, the words are in C(docs/result.md).
  returned: success
  type: int
  sample: 1
collected_at:
  description: When the evidence was collected, in UTC by the target's clock, as ISO 8601.
  returned: success
  type: str
  sample: "2026-08-01T04:00:00Z"
details:
  description: As O(details), which findings are whole.
  returned: success
  type: str
  sample: open
actions:
  description:
    - What to do, the action that ends most findings first. Each finding that fails or is unknown is ended by exactly one action.
    - It is made from the findings alone, and nothing of it is done by this module.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: >-
        V(restart_daemon), V(reload_daemon), V(recreate_containers), V(restart_containers), V(update_live), V(host), and last
        V(nobody_can_on_the_spot) and V(find_out) (what is unknown).
      type: str
    ends:
      description: Number of findings that it ends.
      type: int
    sentence:
      description: What to do, in one sentence.
      type: str
    rules:
      description: The rules of these findings.
      type: list
      elements: str
    subjects:
      description: Their subjects, at most 16.
      type: list
      elements: str
    more_subjects:
      description: How many more there are.
      type: int
    settings:
      description: The keys of daemon.json with their values, where the daemon is restarted or reloaded.
      type: dict
  sample:
    - kind: restart_daemon
      ends: 31
      sentence: "Restart dockerd once with icc: false, no-new-privileges: true in daemon.json, then recreate 29 containers from before it: ends 31 findings"
      rules: [no-new-privileges, inter-container-communication]
      subjects: [daemon, "container:web"]
      more_subjects: 0
      settings: {icc: false, no-new-privileges: true}
passed:
  description: Rule -> how many subjects pass it and have no finding. They are the rule's subjects less those with a finding.
  returned: success
  type: dict
  sample: {privileged: 200, no-new-privileges: 198}
not_applicable:
  description: Rule -> why it applies to none of its subjects on this host.
  returned: success
  type: dict
  sample: {selinux: this kernel has no SELinux}
remediations:
  description: Rule -> what to do, for each rule of which something fails or is unknown.
  returned: success
  type: dict
findings:
  description:
    - What somebody has to look at, the host's and the daemon's first, with its evidence. That is what fails, is unknown or waived, and what passes
      although its layers contradict each other. A rule that applies to some of its subjects only has a finding for the others, too.
    - With O(details=all) every finding.
  returned: success
  type: list
  elements: dict
  contains:
    rule:
      description: Id of the rule.
      type: str
    subject:
      description: >-
        V(host), V(daemon), V(container:<name>), V(container:*) where the containers could not be listed, or V(waiver:<rule>:<selector>) of the
        rule V(waivers).
      type: str
    status:
      description: V(pass), V(fail), V(unknown), V(waived) or V(not_applicable).
      type: str
    severity:
      description: V(low), V(medium), V(high) or V(critical).
      type: str
    message:
      description: What is wrong, in plain words, with its cause. For what fails or is unknown; RV(findings[].seen) is the evidence for it.
      type: str
    seen:
      description: The evidence that decided.
      type: str
    layers:
      description: >-
        What each layer that has evidence says: C(ok) (true, false, or null for unknown) and C(seen).
      type: dict
    drift:
      description: Whether layers contradict each other.
      type: bool
    disagreement:
      description: >-
        Who disagrees with whom, where layers contradict each other, and where the running daemon has in force what a container
        lacks. It names a cause only where the evidence shows it.
      type: str
      sample: "holds in the configuration of the next start, not in the running daemon: the daemon was not restarted since daemon.json changed"
    since:
      description: >-
        V(new) or V(unchanged) since the last result in O(record), for what fails, is unknown or waived. V(unchanged) means that it
        had the same status. It is missing where the last audits did not look at it.
      type: str
    was:
      description: The status that a new finding had, if that was V(fail), V(unknown) or V(waived).
      type: str
    cause:
      description: >-
        C(rule) and C(subject) of the finding to mend instead, which ends this one, too. It is of the host, of the daemon, or of the same
        container, where both come from one mount or one flag; then it is at least as severe. Only for a failing container.
      type: dict
      sample: {rule: no-new-privileges, subject: daemon}
    obstacle:
      description: >-
        What the engine would not start or not build with beside the rule's settings of daemon.json, and what to do first. Only for a
        failing daemon; no action proposes these settings then.
      type: str
      sample: dockerd 29.0 and later does not start with userns-remap while features.containerd-snapshotter is true, take that out first
    cure:
      description: V(recreate), V(restart) or V(update) (while it runs, without a restart), for a failing container.
      type: str
    run:
      description:
        - What has to change in how a failing container is run. Absent where nothing has to, so that a container made anew, or
          restarted, with the same options is a good one; and where that can't be told. With the cure V(update) it is what keeps the
          limit when the container is made anew.
        - C(change) is V(remove) or V(add), where to add an option that is no list takes the place of its other value. C(flag) is
          one word for a shell, as an option of C(docker run). C(compose) is a key with its value, or the item of it.
        - UID, GID, FILE, SIZE and COUNT stand for what only the container's owner knows. The engine keeps the text of a seccomp
          profile, not the name of its file. Mounts are as the engine has them, with absolute paths.
      type: list
      elements: dict
      sample:
        - {change: remove, flag: --cap-add=SYS_ADMIN, compose: "cap_add: [SYS_ADMIN]"}
        - {change: add, flag: "--user=UID:GID", compose: 'user: "UID:GID"'}
    run_more:
      description: How many more changes there are than RV(findings[].run) lists, if any.
      type: int
    waiver:
      description: >-
        Selector, reason, owner, expiry and ticket (empty without one) of the waiver that selects this finding, and whether it has expired.
      type: dict
    waiver_request:
      description: >-
        C(reason), the value of the container's label C(containment.docker.waiver-request.<rule>), which asks for a waiver and grants none.
      type: dict
  sample:
    - rule: no-new-privileges
      subject: container:web
      status: fail
      severity: high
      message: Its processes can gain privileges through setuid files, because the daemon does not set no-new-privileges for new containers
      cause: {rule: no-new-privileges, subject: daemon}
      seen: NoNewPrivs is not 1 for process 4242
      layers:
        effective: {ok: false, seen: created with NoNewPrivileges false}
        kernel: {ok: false, seen: NoNewPrivs is not 1 for process 4242}
      drift: false
      cure: recreate
containers:
  description: The containers that were judged, running or not, in the order of their findings.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name as the findings' subjects have it.
      type: str
    id:
      description: Its full id.
      type: str
    state:
      description: As the engine lists it, V(running), V(paused), V(exited), V(created), V(restarting), V(removing) or V(dead).
      type: str
  sample:
    - name: web
      id: 4f66ad9a0b2e3c1d8f7e6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d
      state: running
counts:
  description: Number of findings with each status, those without a finding in this result included.
  returned: success
  type: dict
  sample: {fail: 1, unknown: 0, waived: 0, pass: 41, not_applicable: 2}
engine:
  description:
    - The engine's address, state (V(running), V(stopped), V(unreachable), V(remote)), version, and why that is not known.
    - C(newer) has one sentence for each key and flag of its configuration that only an engine newer than this collection's
      table of settings can know. They are left to that engine, and are warnings, too.
  returned: success
  type: dict
  sample: {address: "unix:///var/run/docker.sock", state: running, version: 26.1.5, reason: "", newer: []}
obstacles:
  description:
    - Why the audit sees next to nothing, in one sentence (no engine, Podman, not root). Empty where it sees what there is. With it nothing is
      written to O(record).
  returned: success
  type: list
  elements: str
  sample: []
last:
  description: What changed since the last result in O(record).
  returned: with O(record)
  type: dict
  contains:
    at:
      description: When that was, in UTC. Empty where there is no comparison.
      type: str
    reason:
      description: Why there is no comparison.
      type: str
    new:
      description: Number of findings with C(since) V(new).
      type: int
    unchanged:
      description: Number of findings with C(since) V(unchanged).
      type: int
    resolved:
      description: >-
        What failed, was unknown or waived and is so no more, as C(rule), C(subject), C(was) (the status then) and C(why): it passes,
        does not apply any more, or is gone with the container. A container is the one with the same id, whatever its name is.
      type: list
      elements: dict
    updated:
      description: Subjects of containers whose limits or restart policy were updated (C(docker update)) since.
      type: list
      elements: str
    not_kept:
      description: Why this result is not kept for the next audit. Empty where it is.
      type: str
  sample:
    at: "2026-08-01T04:00:00Z"
    reason: ""
    new: 1
    unchanged: 12
    resolved: [{rule: privileged, subject: "container:web", was: fail, why: gone with the container}]
    updated: []
    not_kept: ""
unused_waivers:
  description: Waivers that selected no failing finding, and can go.
  returned: success
  type: list
  elements: dict
"""

import datetime

from ansible_collections.containment.docker.plugins.module_utils.common import zip_importer

zip_importer.install()

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ansible_collections.containment.docker.plugins.module_utils.audit import audit
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import DEFAULT_ADDRESS, EngineError
from ansible_collections.containment.docker.plugins.module_utils.judge import waiver, waiver_findings
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES


def main() -> None:
    """Run the module."""
    strings = dict(type="list", elements="str")
    waivers = {key: dict(type="str", required=True) for key in waiver.KEYS}
    waivers.update({key: dict(type="str") for key in waiver.OPTIONAL})
    module = AnsibleModule(
        argument_spec=dict(
            engine=dict(type="str", aliases=["docker_host"], fallback=(env_fallback, ["DOCKER_HOST"])),
            unit=dict(type="str", default="docker.service"),
            rules=dict(strings, default=[]),
            exclude=dict(strings, default=[]),
            timeout=dict(type="float", default=60),
            allowed_capabilities=strings,
            allowed_capabilities_add=strings,
            allowed_mounts=strings,
            allowed_devices=strings,
            allowed_insecure_registries=strings,
            allowed_engine_users=strings,
            require_selinux=dict(type="bool", default=False),
            waivers=dict(type="list", elements="dict", default=[], options=waivers),
            waiver_warn_days=dict(type="int", default=waiver_findings.WARN_DAYS),
            record=dict(type="path"),
            details=dict(type="str", default="open", choices=list(audit.DETAILS)),
        ),
        supports_check_mode=True,
    )
    try:
        options = audit.parse_options(RULES, module.params, DEFAULT_ADDRESS)
        result = audit.audit(options, datetime.datetime.now(), keep=not module.check_mode)
    except (ValueError, EngineError) as error:
        module.fail_json(msg=str(error))
    for sentence in result["engine"]["newer"]:
        module.warn(sentence)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
