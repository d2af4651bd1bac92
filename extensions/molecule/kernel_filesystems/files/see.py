# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the host's and each container's mounts are, and what a process inside can do; as JSON. Our code is not used.

Files are opened for writing and closed again, never written.
"""

import json
import subprocess
import sys


def output(*command):
    """What it prints; nothing where it can't be run."""
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout.decode()


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as stream:
        return stream.read()


TRY = """
IFS='|'
for f in $WRITE; do (: >>"$f") 2>/dev/null && printf 'written %s|' "$f"; done
for f in $READ; do [ -n "$(head -c 1 "$f" 2>/dev/null)" ] && printf 'read %s|' "$f"; done
printf end
"""


def tried(container, pid):
    write = "|".join(container.get("closes", []) + container.get("stays", []))
    read = "|".join(container.get("hides", []) + container.get("shows", []))
    if container.get("enter"):
        inside = [
            "nsenter",
            "--target",
            str(pid),
            "--mount",
            "--net",
            "--root",
            "--wd",
            "/bin/env",
            "WRITE=" + write,
            "READ=" + read,
        ]
    else:
        inside = ["docker", "exec", "--env", "WRITE=" + write, "--env", "READ=" + read, container["name"]]
    can = output(*inside, "sh", "-c", TRY).split("|")
    if can.pop() != "end":
        raise SystemExit("%s: not all could be tried" % container["name"])
    return can


def seen(container, inspect):
    pid = inspect["State"]["Pid"]
    return {
        "started": [pid, inspect["State"]["StartedAt"], inspect["RestartCount"]],
        "paused": inspect["State"]["Paused"],
        "mounts": read("/proc/%d/mountinfo" % pid),
        "can": tried(container, pid),
    }


def main():
    containers = json.load(sys.stdin)
    inspects = json.loads(output("docker", "inspect", *(container["name"] for container in containers)))
    by_name = {inspect["Name"][1:]: inspect for inspect in inspects}
    looks = {container["name"]: seen(container, by_name[container["name"]]) for container in containers}
    print(json.dumps({"host": read("/proc/1/mountinfo"), "containers": looks}))


main()
