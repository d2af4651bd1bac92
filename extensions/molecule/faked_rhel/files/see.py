# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is true on the host now, told by rpm, systemd, the docker client and the files themselves; as JSON."""

import json
import os
import subprocess


def output(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, check=True)
    return done.stdout


def writable():
    """Whether a process of the container could write a setting of the kernel (of its own network)."""
    try:
        output("docker", "exec", "open", "sh", "-c", ": >>/proc/sys/net/ipv4/ip_forward")
    except subprocess.CalledProcessError:
        return False
    return True


def file(path):
    """Text and time of the last change; None where there is no such file."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            return [stream.read(), os.fstat(stream.fileno()).st_ctime_ns]
    except FileNotFoundError:
        return None


print(
    json.dumps(
        {
            "packages": sorted(output("rpm", "-qa", "--queryformat", "%{NAME}\n").split()),
            "config": file("/etc/selinux/config"),
            "autorelabel": file("/.autorelabel"),
            "daemon_json": file("/etc/docker/daemon.json"),
            "writable": writable(),
            "daemon": output("systemctl", "show", "--property", "MainPID", "--value", "docker.service").strip(),
            "options": json.loads(output("docker", "info", "--format", "{{json .SecurityOptions}}")),
        }
    )
)
