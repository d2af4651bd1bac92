# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints, as JSON, what a Docker host really shows of some containers: raw material for the unit tests.

Run as root on a lab host, whose containers' names are the arguments:

    lab.py host exec HOST -- python3 - NAME... <tools/capture.py >tests/unit/plugins/module_utils/samples/NAME.json
"""

import http.client
import json
import os
import socket
import sys

FILES = ("status", "mountinfo", "uid_map", "stat", "cgroup")


class Connection(http.client.HTTPConnection):
    """HTTP over the engine's socket."""

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect("/var/run/docker.sock")


def get(path):
    """The engine's answer."""
    connection = Connection("docker")
    connection.request("GET", path)
    return json.loads(connection.getresponse().read().decode())


def read(path):
    """A file's text."""
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def namespaces(pid):
    """Where the links in /proc/PID/ns point."""
    folder = "/proc/%s/ns" % pid
    names = ("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts")
    return {name: os.readlink(os.path.join(folder, name)) for name in names}


def container(name):
    """What engine, disk and kernel show of one container."""
    inspect = get("/containers/%s/json" % name)
    reply = {"inspect": inspect, "image": get("/images/%s/json" % inspect["Image"])}
    reply["made"] = json.loads(read("%s/containers/%s/config.v2.json" % (get("/info")["DockerRootDir"], inspect["Id"])))
    pid = inspect["State"]["Pid"]
    if pid:
        reply["proc"] = {file: read("/proc/%d/%s" % (pid, file)) for file in FILES}
        reply["namespaces"] = namespaces(pid)
    return reply


def main():
    """Print all."""
    replies = {key: get("/" + key) for key in ("version", "info")}
    replies["bridge"] = get("/networks/bridge")
    replies["host"] = {"namespaces": namespaces(1), "mountinfo": read("/proc/1/mountinfo")}
    replies["containers"] = {name: container(name) for name in sys.argv[1:]}
    json.dump(replies, sys.stdout, indent=1, sort_keys=True)


main()
