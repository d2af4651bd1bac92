#!/usr/bin/python
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run module_utils.transaction and return its result."""

DOCUMENTATION = r"""
module: daemon_transaction
short_description: Change a Docker daemon's configuration, prove that it is in force, otherwise restore
version_added: 1.0.0
description:
  - Merges settings into C(daemon.json), brings them into force by a reload or one restart, and proves it by the strongest evidence
    there is. If that fails, file, daemon and containers are brought back, and the module fails with the reason.
  - Everything happens in one process on the target, so a lost connection leaves nothing half-way. A run that is killed is finished
    or undone by the next one, from a journal in C(/var/lib/containment.docker). Two runs at once are refused.
  - Running containers survive wherever the change permits it, with the same processes. C(live-restore) is turned on by a reload and
    seen in force before a restart, and is set back afterwards where it is not wanted.
  - A daemon that is stopped stays stopped. The file is written and is in force from the next start on.
  - Keys that are not named, their order and the indentation of the file are kept, and its mode, owner and SELinux context.
options:
  config:
    description:
      - Settings to merge into the file, as C(daemon.json) has them. Dictionaries merge, everything else (lists too) replaces.
    type: dict
    default: {}
  absent:
    description:
      - Keys to drop from the file. V(log-opts.max-size) drops one key of an object.
    type: list
    elements: str
    default: []
  path:
    description:
      - The file. It must be the one that the unit's next start reads, which is the default.
    type: path
  unit:
    description: The systemd unit that runs dockerd.
    type: str
    default: docker.service
  engine:
    description:
      - The engine's socket on this host, as V(unix:///path). The environment variable E(DOCKER_HOST) is the default, then
        V(unix:///var/run/docker.sock). An engine elsewhere is refused.
    type: str
    aliases: [docker_host]
  timeout:
    description:
      - Seconds that a reload may take until its effect shows, and a restart until the engine answers. Containers that have to be
        stopped get their own stop timeout beside it.
    type: float
    default: 60
  accept_new_data_root:
    description:
      - C(userns-remap) and C(data-root) move the engine's data root; C(storage-driver), a pool among C(storage-opts) and the feature
        C(containerd-snapshotter) change the store in it; so do C(containerd), C(containerd-namespace) and the feature
        C(embedded-containerd) where containerd holds the images. What the engine had seems to vanish. It is still in the old
        place, and is back when the change is taken back. These, and C(exec-root), also lose the processes of running containers.
      - Without this such a change is refused while the engine has something to lose. With it the running containers are
        stopped in order. They stay behind (see RV(left_behind)) with a new data root or store, and are started again where the
        engine still has them, as with C(exec-root).
    type: bool
    default: false
  restart:
    description:
      - Restart the daemon once, though no setting asks for it. That brings back what it writes only when it starts, as its rules of the
        packet filter after a flush. Running containers are kept as with any restart of this module.
      - It is restarted at every run, so set this for one. A daemon that is stopped stays stopped.
    type: bool
    default: false
  postpone:
    description:
      - Keys of O(config) that are left out of the change, and told in RV(waiting), where without O(accept_new_data_root) they would have
        the whole of it refused; C(userns-remap) also where it does not go with the engine's image store. A key that daemon.json has
        already is never left out, as the next restart brings it into force.
    type: list
    elements: str
    default: []
  validate:
    description: Ask C(dockerd --validate) before the file is written, where the engine has that (from 23.0 on).
    type: bool
    default: true
  backup:
    description: Keep a copy of the file beside it before it is changed.
    type: bool
    default: true
  probe:
    description:
      - Try before and after the change what containers can do, and bring everything back where something is lost. See the notes for what
        is tried. V(false) leaves that out, for a change that is meant to end it.
    type: bool
    default: true
  assume:
    description:
      - What an earlier task of the same check-mode run would have prepared for C(userns-remap). Only for check mode, ignored otherwise.
    type: list
    elements: str
    choices: [subordinate_ids, user_namespaces]
    default: []
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode) and tells the whole plan, refusals too, without changing anything.
  diff_mode:
    support: full
    description: Shows the exact change of the file.
  platform:
    support: full
    platforms: linux
    description: Hosts where systemd runs dockerd. The module must run as root.
notes:
  - With O(probe) a container is created and started before and after, of an image without a single file that is made for it. Both are
    removed at once. So network, mounts, log driver and runtime are set up as for any container, and there is no program to execute;
    nothing is pulled, and what a seccomp profile does to programs is not tried. It has no capabilities and a read-only root.
  - Before and after a restart, O(probe) also tries, for each running container with a network of its own (up to 100), one ICMP echo to the
    host's default gateway, one DNS query to the resolver, and from the host one TCP connection, closed at once, to each of up to two
    published ports. A child process with only sockets does so in the container's network namespace. Only what was answered before has to
    be answered afterwards. Containers that may change their own network (C(NET_ADMIN), C(--privileged)) are left out. In check mode
    nothing of this is done.
  - Containers keep what they were made with. Those from before a setting have to be created again (or only started again, for the
    seccomp profile). M(containment.docker.posture_info) lists them.
  - What dockerd accepts though containers would not survive it is refused, in check mode, too. A C(log-driver) that the engine does not
    know. C(firewall-backend) V(nftables) while the chain FORWARD of iptables drops by policy, or while nothing in C(sysctl.d) turns
    C(net.ipv4.ip_forward) on at the next boot, or C(net.ipv6.conf.all.forwarding) where a bridge network has IPv6, as a start without
    it makes dockerd forget networks; every restart is refused while they are off. C(userland-proxy) V(true) without
    C(userland-proxy-path) from 25.0 on, as every later reload would fail. What only a start
    shows (a log server that can't be reached, say) check mode can't tell; see O(probe).
  - The default bridge (C(icc), C(bip), C(mtu) and the like) is left as it is while containers run. Such keys are in RV(pending), and a
    later run activates them as soon as no container runs.
  - A data root elsewhere than C(/var/lib/docker) needs the same SELinux file contexts, which this module does not set.
author:
  - The containment.docker authors (@containment-docker)
seealso:
  - module: containment.docker.posture_info
  - module: containment.docker.subordinate_ids
"""

EXAMPLES = r"""
- name: Harden the daemon, running containers stay
  containment.docker.daemon_transaction:
    config:
      no-new-privileges: true
      live-restore: true
      userland-proxy: false
      icc: false
  become: true

- name: Remap users on a host whose containers may be left behind
  containment.docker.daemon_transaction:
    config:
      userns-remap: default
    accept_new_data_root: true
  become: true

- name: Bring back what a flush of the packet filter took
  containment.docker.daemon_transaction:
    restart: true
  become: true

- name: Drop a setting
  containment.docker.daemon_transaction:
    absent:
      - log-opts.max-size
  become: true
"""

RETURN = r"""
activation:
  description: How the change came (or would come) into force, V(none), V(reload) or V(restart).
  returned: always
  type: str
backup_file:
  description: The copy of the file from before.
  returned: always
  type: str
containers:
  description: Names of the containers that were concerned.
  returned: always
  type: dict
  contains:
    stopped:
      description: Stopped in this order, for a new data root, store or place of their processes.
      type: list
      elements: str
    started:
      description: Started again, as the change was undone or as the engine still has them after it.
      type: list
      elements: str
    kept:
      description: They ran all the time.
      type: list
      elements: str
pending:
  description: Settings that are written and not yet in force, with the reason. They need a restart while no container runs.
  returned: always
  type: list
  elements: dict
  sample:
    - key: icc
      reason: 'the default bridge stays as it is while containers run: in force after a restart of dockerd with none'
waiting:
  description:
    - Keys of O(postpone) that were left out, with the reason. They need the data to be moved or given up first.
  returned: success
  type: list
  elements: dict
  sample:
    - key: userns-remap
      reason: >-
        changing userns-remap means a new data root, where the engine no longer sees 2 running containers and 1 image; set
        accept_new_data_root to stop what runs and go on
old_data_root:
  description: The data root that the engine no longer works in. Null where it is the same one, and after everything was brought back.
  returned: always
  type: str
left_behind:
  description:
    - Where the engine's data are that it does not see any more, the old data root or a store in words. Null where it sees them all,
      and after everything was brought back.
  returned: always
  type: str
  sample: the storage driver overlay2 in /var/lib/docker
in_memory:
  description: What dockerd still has in memory although its file does not say so.
  returned: always
  type: list
  elements: str
proof:
  description: What containers could do before and can do afterwards, and what could not be tried. Null where nothing was activated.
  returned: always
  type: dict
  sample:
    works: [a container starts, web can reach 192.0.2.1 (ICMP echo), web can be reached on 192.0.2.7 port 443]
    not_tried: []
reason:
  description: Why the change was undone, or why it is not in force yet on a daemon that is stopped.
  returned: always
  type: str
recovered:
  description: What became of an earlier run that was killed or could not be undone.
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
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import DOCKER_SERVICE, SystemdError
from ansible_collections.containment.docker.plugins.module_utils.transaction import run
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal import JournalError
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    NotRestored,
    Refused,
    RolledBack,
)


def main() -> None:
    module = AnsibleModule(
        argument_spec=dict(
            config=dict(type="dict", default={}),
            absent=dict(type="list", elements="str", default=[]),
            path=dict(type="path"),
            unit=dict(type="str", default=DOCKER_SERVICE),
            engine=dict(type="str", aliases=["docker_host"], fallback=(env_fallback, ["DOCKER_HOST"])),
            timeout=dict(type="float", default=60),
            accept_new_data_root=dict(type="bool", default=False),
            validate=dict(type="bool", default=True),
            backup=dict(type="bool", default=True),
            probe=dict(type="bool", default=True),
            postpone=dict(type="list", elements="str", default=[]),
            restart=dict(type="bool", default=False),
            assume=dict(type="list", elements="str", choices=["subordinate_ids", "user_namespaces"], default=[]),
        ),
        supports_check_mode=True,
    )
    parameters = module.params
    unit = parameters["unit"] if "." in parameters["unit"] else parameters["unit"] + ".service"
    # the end of the connection must not end the work half-way
    for name in (signal.SIGHUP, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)
    try:
        result = run.run(
            run.Options(
                config=parameters["config"],
                absent=parameters["absent"],
                path=parameters["path"],
                accept=parameters["accept_new_data_root"],
                validate=parameters["validate"],
                backup=parameters["backup"],
                check=module.check_mode,
                probe=parameters["probe"],
                postpone=parameters["postpone"],
                restart=parameters["restart"],
                assume=parameters["assume"] if module.check_mode else (),
            ),
            Host(unit, parameters["engine"] or DEFAULT_ADDRESS, parameters["timeout"]),
        )
    except RolledBack as error:
        for warning in error.result.pop("warnings", ()):
            module.warn(warning)
        module.fail_json(msg=str(error), rolled_back=True, **error.result)
    except NotRestored as error:
        module.fail_json(msg=str(error), rolled_back=False, changed=True)
    except (Refused, ConfigError, JournalError, SystemdError) as error:
        module.fail_json(msg=str(error), rolled_back=False, changed=False)
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
