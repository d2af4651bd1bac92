# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the probe in containers, and print as JSON: tried {container: {attempt: [outcome, why]}}, and host.

Arguments: names of containers. Of one that does not run it says "stopped" or "not started" instead.
"""

import concurrent.futures
import json
import os
import subprocess
import sys

SHARED_MEMORY, LOOPBACK = "0xC0DA", "127.0.0.1:8099"  # as prepare.yml makes them


def output(*command):
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, check=False, timeout=120
    )
    return done.stdout


def tried(name, neighbour):
    inspected = json.loads(output("docker", "container", "inspect", name))
    if not inspected or not inspected[0]["State"]["StartedAt"].startswith("20"):
        return "not started"
    state = inspected[0]["State"]
    if not state["Running"] or state["Paused"]:
        return "stopped"
    variables = {
        "PROBE_SHARED_MEMORY": SHARED_MEMORY,
        "PROBE_LOOPBACK": LOOPBACK,
        "PROBE_NEIGHBOUR": neighbour + ":8080",
    }
    options = [item for variable in variables.items() for item in ("--env", "%s=%s" % variable)]
    lines = output("docker", "exec", *(options + [name, "/probe"])).splitlines()
    return {line.split(" ", 2)[0]: line.split(" ", 2)[1:] for line in lines}


def host():
    """The engine and the kernel, in words."""
    server = json.loads(output("docker", "version", "--format", "{{json .Server}}"))
    parts = {part["Name"]: part["Version"].split("+")[0] for part in server["Components"]}
    kernel = os.uname().release.split("-")[0]
    version = output("docker", "info", "--format", "{{.CgroupVersion}}").strip()
    return "Docker %s, runc %s, Linux %s, cgroup v%s" % (parts["Engine"], parts["runc"], kernel, version)


def main():
    names = sys.argv[1:]
    # engines from 29.0 tell the address only by network
    neighbour = json.loads(output("docker", "inspect", "neighbour"))[0]["NetworkSettings"]["Networks"]["bridge"][
        "IPAddress"
    ]
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as executor:
        outcomes = list(executor.map(lambda name: tried(name, neighbour), names))
    print(json.dumps({"tried": dict(zip(names, outcomes)), "host": host()}))


main()
