# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is true on a Docker host now, told by the kernel, the docker client and the containers; as JSON. Our code is not used."""

import json
import os
import re
import subprocess

FILE = "/etc/docker/daemon.json"
CGROUPS = "/sys/fs/cgroup"


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout.decode()


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as stream:
        return stream.read()


def started(pid):
    """Start of a process in clock ticks after boot."""
    stat = read("/proc/%d/stat" % pid)
    return int(stat[stat.rindex(")") + 2 :].split()[19])


def control_group(identity):
    """What the kernel holds the container to: {file: content}, over all its control groups."""
    found = {}
    for folder, _folders, files in os.walk(CGROUPS):
        if identity not in os.path.basename(folder):
            continue
        for name in ("freezer.state", "cgroup.freeze", "memory.limit_in_bytes", "memory.max", "pids.max"):
            if name in files:
                found[name] = read(os.path.join(folder, name)).strip()
    return found


def container(inspect):
    pid = inspect["State"]["Pid"]
    seen = {"inspect": inspect, "pid": pid, "control_group": control_group(inspect["Id"])}
    if pid:
        seen["process"] = [pid, started(pid)]
        seen["mounts"] = read("/proc/%d/mountinfo" % pid)
        seen["interfaces"] = re.findall(r"^ *([^ |:]+):", read("/proc/%d/net/dev" % pid), re.MULTILINE)
    if inspect["State"]["Running"] and not inspect["State"]["Paused"]:
        # opened for writing and closed again, never written
        tried = "(: >>/proc/sys/net/ipv4/ip_forward) 2>/dev/null && echo open"
        seen["can_write_proc_sys"] = "open" in output("nsenter", "--target", str(pid), "--mount", "sh", "-c", tried)
    return seen


def main():
    pid = int(output("systemctl", "show", "--property=MainPID", "--value", "docker.service"))
    found = os.stat(FILE)
    ids = output("docker", "ps", "--all", "--quiet", "--no-trunc").split()
    inspects = json.loads(output("docker", "inspect", *sorted(ids)))
    rules = re.sub(r"^#.*\n|\[\d+:\d+\]", "", output("iptables-save"), flags=re.MULTILINE)
    info = json.loads(output("docker", "info", "--format", "{{json .}}"))
    new = output("docker", "run", "--rm", "busybox", "grep", "NoNewPrivs", "/proc/self/status")
    keys = (
        "LiveRestoreEnabled",
        "SecurityOptions",
        "Debug",
        "MemoryLimit",
        "PidsLimit",
        "DockerRootDir",
        "ContainersRunning",
    )
    seen = {
        "file": [read(FILE), found.st_ino, found.st_mtime_ns, found.st_mode],
        "dockerd": [pid, started(pid)],
        "iptables": rules,
        "info": {key: info[key] for key in keys},
        "registries": sorted(info["RegistryConfig"]["IndexConfigs"]),
        "no_new_privileges": new.split()[-1],
        "containers": {inspect["Name"][1:]: container(inspect) for inspect in inspects},
    }
    print(json.dumps(seen))


main()
