# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is true on a Docker host now, told by systemd, the kernel, the docker client and a new container; as JSON.

Nothing of the collection is used. `probe.py new` also runs a container and says what a process in it can do.
"""

import base64
import glob
import json
import os
import re
import subprocess
import sys

FILE = "/etc/docker/daemon.json"


def output(*command):
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, check=False
    ).stdout


def read(path):
    with open(path, "rb") as stream:
        return stream.read()


def started(pid):
    """Start of a process in clock ticks after boot, None if it is gone."""
    try:
        stat = read("/proc/%d/stat" % pid)
    except OSError:
        return None
    return int(stat[stat.rindex(b")") + 2 :].split()[19])


def file_now():
    if not os.path.exists(FILE):
        return None
    found = os.stat(FILE)
    return {
        "bytes": base64.b64encode(read(FILE)).decode(),
        "mode": oct(found.st_mode & 0o7777),
        "owner": [found.st_uid, found.st_gid],
        "inode": found.st_ino,
    }


def unit():
    names = (
        "ActiveState",
        "SubState",
        "MainPID",
        "NRestarts",
        "StartLimitBurst",
        "StartLimitIntervalUSec",
        "DropInPaths",
        "FragmentPath",
        "TimeoutStartUSec",
    )
    shown = output("systemctl", "show", "docker.service", "--property=" + ",".join(names))
    return dict(line.partition("=")[::2] for line in shown.splitlines())


def containers():
    found = {}
    ids = output("docker", "ps", "--all", "--quiet", "--no-trunc").split()
    for inspect in json.loads(output("docker", "inspect", *ids)) if ids else ():
        state = inspect["State"]
        found[inspect["Name"][1:]] = {
            "id": inspect["Id"],
            "running": state["Running"],
            "pid": state["Pid"],
            "started": state["StartedAt"],
            "ticks": started(state["Pid"]) if state["Pid"] else None,
        }
    return found


def processes():
    """Container id -> pids, by cgroup: also of containers that no engine knows any more."""
    found = {}
    for path in glob.glob("/proc/[0-9]*/cgroup"):
        try:
            match = re.search(r"[/-]([0-9a-f]{64})(?:\.scope)?(?:/init\.scope)?$", read(path).decode(), re.MULTILINE)
            program = os.path.basename(os.readlink(os.path.dirname(path) + "/exe"))
        except OSError:
            continue
        if match and program == "busybox":
            found.setdefault(match.group(1), []).append(int(path.split("/")[2]))
    return found


def new_container():
    """What a process in a new container can do. The image is there in each data root that is asked."""
    if not output("docker", "images", "--quiet", "busybox"):
        output("docker", "import", "/opt/lab/busybox.tar", "busybox")
    status = output("docker", "run", "--rm", "busybox", "cat", "/proc/self/status", "/proc/self/uid_map")
    told = re.search(r"^NoNewPrivs:\s*(\d)", status, re.MULTILINE)
    output(
        "docker", "run", "--detach", "--name", "published", "--publish", "127.0.0.1:8098:80", "busybox", "sleep", "60"
    )
    proxies = output("pgrep", "--exact", "docker-proxy").split()
    output("docker", "rm", "--force", "published")
    return {"no_new_privs": told and told.group(1), "uid_map": status.split("\n")[-2].split(), "proxies": len(proxies)}


now = {
    "file": file_now(),
    "unit": unit(),
    "processes": processes(),
    "journal": os.listdir("/var/lib/containment.docker") if os.path.isdir("/var/lib/containment.docker") else [],
}
now["dockerd"] = [int(now["unit"]["MainPID"]), started(int(now["unit"]["MainPID"]))]
if now["unit"]["ActiveState"] == "active":
    now["info"] = json.loads(output("docker", "info", "--format", "{{json .}}"))
    now["bridge"] = json.loads(output("docker", "network", "inspect", "bridge"))[0]["Options"]
    now["containers"] = containers()
    if "new" in sys.argv:
        now["new"] = new_container()
print(json.dumps(now))
