# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints, as JSON, what an engine stores of containers that were created with weak flags, and of which flags.

Nothing is started. Run as root on a lab host:

    lab.py host exec HOST -- python3 - <tools/created.py >tests/unit/plugins/module_utils/rules/samples/created-NAME.json
"""

import json
import subprocess
import sys

ODD = "/etc/a b'\"$(reboot)`id`\\\n\x1b[31m!é,"
QUOTED = '/root/b, "c"'
FLAGS = {
    "plain": [],
    "nnp-off": ["--security-opt", "no-new-privileges=false"],
    "nnp-off-colon": ["--security-opt=no-new-privileges:0"],
    "capabilities": ["--cap-add", "net_admin", "--cap-add=CAP_SYS_ADMIN", "--cap-add", "CHOWN"],
    "every-capability": ["--cap-add", "ALL", "--cap-drop", "NET_RAW"],
    "privileged": ["--privileged"],
    "privileged-with-the-host": ["--privileged", "--userns", "host", "--pid=host", "--ipc=host"],
    "root": ["--user", "0"],
    "seccomp-unconfined": ["--security-opt", "seccomp=unconfined"],
    "seccomp-own": ["--security-opt", "seccomp=/tmp/allow.json"],
    "apparmor": ["--security-opt", "apparmor=unconfined"],
    "label": ["--security-opt", "label=disable"],
    "label-type": ["--security-opt", "label=type:spc_t"],
    "system-paths": ["--security-opt", "systempaths=unconfined"],
    "proc": ["--volume", "/proc:/host/proc"],
    "device": ["--device", "/dev/fuse", "--device", "/dev/kmsg:/dev/log:r", "--device=/dev/mem:/dev/mem:rw"],
    "device-rule": ["--device-cgroup-rule", "c 10:200 rwm"],
    "restart": ["--restart", "always"],
    "every-gpu": ["--gpus", "all"],
    "two-gpus": ["--gpus", '"device=0,1"'],
    "dev": ["--volume", "/dev:/host/dev:ro"],
    "pid": ["--pid", "host"],
    "network": ["--network=host"],
    "ipc": ["--ipc", "host"],
    "uts": ["--uts", "host"],
    "cgroup": ["--cgroupns", "host"],
    "userns": ["--userns", "host"],
    "etc": ["--volume", "/etc:/host/etc:ro", "--volume", "/srv/data:/data", "--volume", "/anonymous"],
    "etc-by-mount": ["--mount", "type=bind,source=/etc,target=/host/etc,readonly,bind-propagation=rslave"],
    "etc-by-volume": [
        "--mount",
        "type=volume,source=made,target=/x,volume-driver=local,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/etc",
    ],
    "odd": ["--volume", ODD + ":/x:ro", "--mount", 'type=bind,"source=%s",target=/y' % QUOTED.replace('"', '""')],
    "socket": ["--volume", "/var/run/docker.sock:/var/run/docker.sock:ro"],
    "volumes-from": ["--volumes-from", "etc:ro"],
    "shared": ["--volume", "/srv/shared:/shared:rw,rshared"],
    "shared-by-mount": ["--mount", "type=bind,source=/srv/shared,target=/shared,bind-propagation=shared"],
    "shared-and-sensitive": ["--volume", "/etc:/shared:shared"],
}
KEPT = ("Name", "State", "Driver", "AppArmorProfile", "ProcessLabel", "Mounts", "HostConfig")


def output(*command):
    """What it prints; an error shows itself."""
    return subprocess.run(command, stdout=subprocess.PIPE, universal_newlines=True, check=True).stdout


def main():
    """Create all, print, remove all."""
    output("sh", "-c", "docker image inspect busybox >/dev/null 2>&1 || docker import /opt/lab/busybox.tar busybox")
    output("mkdir", "-p", "/srv/shared", QUOTED)
    output("sh", "-c", 'echo \'{"defaultAction": "SCMP_ACT_ALLOW"}\' >/tmp/allow.json')
    for name, flags in FLAGS.items():
        output("docker", "create", "--name", name, *flags, "busybox", "true")
    requests = {}
    for name, flags in FLAGS.items():
        whole = json.loads(output("docker", "inspect", name))[0]
        inspect = {key: whole[key] for key in KEPT if key in whole}
        inspect["Config"] = {"User": whole["Config"]["User"]}
        requests[name] = {"flags": flags, "inspect": inspect}
    output("docker", "rm", "--volumes", *FLAGS)
    output("docker", "volume", "rm", "made")
    json.dump(requests, sys.stdout, indent=1, sort_keys=True)


main()
