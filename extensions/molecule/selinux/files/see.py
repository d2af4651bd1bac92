# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is so on an SELinux host, told by the kernel, auditd's log, the docker client and the containers; as JSON.

Our code is not used. The marker below stands for what to try in containers, {container: {attempt: command}}.
"""

import base64
import glob
import json
import os
import re
import subprocess

TRIES = json.loads(base64.b64decode("@TRIES@"))
IN_CONTAINERS = re.compile(r"scontext=\S+:(container_t|svirt_lxc_net_t):")


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout.decode()


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as stream:
        return stream.read().rstrip("\0\n")


def container(inspect):
    pid = inspect["State"]["Pid"]
    mounts = {mount["Source"]: label(mount["Source"]) for mount in inspect["Mounts"]}
    return {
        "process": read("/proc/%d/attr/current" % pid) if pid else "",
        "started": [pid, inspect["State"]["StartedAt"]],
        "label": inspect["ProcessLabel"],
        "mounts": mounts,
        "limits": limits(pid) if pid else [],
    }


def limits(pid):
    """[memory, processes] that its control group may have, of version 2."""
    group = "/sys/fs/cgroup" + read("/proc/%d/cgroup" % pid).split("\n0::")[-1].replace("0::", "")
    return [read("%s/%s.max" % (group, controller)) for controller in ("memory", "pids")]


def label(path):
    return os.getxattr(path, "security.selinux").decode().rstrip("\0")


def attempts(name, commands):
    """{attempt: [exit status is 0, last line]}, all by one `docker exec`."""
    lines = ['o=$( (%s) 2>&1 ); echo "%s|$?|$o"' % (command, attempt) for attempt, command in commands.items()]
    found = {}
    for line in output("docker", "exec", name, "sh", "-c", "\n".join(lines)).splitlines():
        attempt, status, said = line.split("|", 2)
        found[attempt] = [status == "0", said]
    return found


def main():
    tried = {name: attempts(name, commands) for name, commands in TRIES.items()}
    config = re.search(r"^SELINUX=(\w+)", read("/etc/selinux/config"), re.MULTILINE).group(1)
    units = output("systemctl", "is-active", "docker.service", "auditd.service").split()
    inspects, info = [], []
    if units[0] == "active":
        ids = output("docker", "ps", "--all", "--quiet", "--no-trunc").split()
        inspects = json.loads(output("docker", "inspect", *ids))
        info = json.loads(output("docker", "info", "--format", "{{json .SecurityOptions}}"))
    denied = output("ausearch", "--input-logs", "--raw", "--message", "AVC").splitlines()
    pid = int(output("systemctl", "show", "--property=MainPID", "--value", "docker.service"))
    root = os.path.realpath("/var/lib/docker")
    print(
        json.dumps(
            {
                "enforcing": read("/sys/fs/selinux/enforce") == "1",
                "configured": config,
                "daemon": [pid, "name=selinux" in info],
                "data_root": {root + part: label(root + part) for part in ("", "/overlay2", "/volumes")},
                "units": units,
                "dontaudit_off": bool(glob.glob("/var/lib/selinux/*/active/disable_dontaudit")),
                "left_behind": glob.glob("/etc/systemd/system/**/*dontaudit*", recursive=True),
                "containers": {inspect["Name"][1:]: container(inspect) for inspect in inspects},
                "denied": [line for line in denied if IN_CONTAINERS.search(line)],
                "tried": tried,
            }
        )
    )


main()
