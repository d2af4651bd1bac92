# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print what is true on a Docker host now, as systemd, the kernel, the docker client and processes in containers tell.

snapshot.py [SECTION...] [--attempts JSON] prints one JSON object. Nothing of this collection is used. README.md beside this
folder lists the sections and their keys. --attempts: [{"name": of a container, "write": [path], "read": [path],
"run": {label: command}, "enter": true where the engine can't execute anything in it}]. Files are opened for writing and closed
again, never written. The name * stands for all that run. Runs on the host's own Python, 3.6 or newer.
"""

import argparse
import glob
import json
import os
import re
import shlex
import subprocess

DAEMON_JSON = "/etc/docker/daemon.json"
JOURNAL = "/var/lib/containment.docker"
CGROUPS = "/sys/fs/cgroup"
LIMITS = ("freezer.state", "cgroup.freeze", "memory.limit_in_bytes", "memory.max", "pids.max")
VOLATILE_INFO = ("SystemTime", "NFd", "NGoroutines", "NEventsListener")
UNIT_PROPERTIES = (
    "ActiveState SubState MainPID NRestarts StartLimitBurst StartLimitIntervalUSec DropInPaths FragmentPath TimeoutStartUSec"
).split()
IN_CONTAINERS = re.compile(r"scontext=\S+:(container_t|svirt_lxc_net_t):")


def output(*command):
    """What the command prints; nothing where there is no such command."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.decode("utf-8", "surrogateescape")


def read(path):
    """The text of a file; None where it can't be read."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            return stream.read()
    except OSError:
        return None


def file_state(path):
    """Text, rights and identity of a file; None where there is none. Times in nanoseconds."""
    if not os.path.exists(path):
        return None
    status = os.stat(path)
    times = {"modified": status.st_mtime_ns, "changed": status.st_ctime_ns}
    rights = {"mode": oct(status.st_mode & 0o7777), "owner": [status.st_uid, status.st_gid]}
    return {"text": read(path), "inode": status.st_ino, **rights, **times}


def start_ticks(pid):
    """Start of a process in clock ticks after boot; None if it is gone."""
    stat = read(f"/proc/{pid}/stat")
    return int(stat[stat.rindex(")") + 2 :].split()[19]) if stat else None


def label(path):
    """SELinux label of a file; None without one."""
    try:
        return os.getxattr(path, "security.selinux").decode().rstrip("\0")
    except OSError:
        return None


def daemon(_inspects, unit):
    """The daemon's file, unit and process; what it says of itself where it runs (asking would start it)."""
    pid = int(unit["MainPID"])
    journal = os.listdir(JOURNAL) if os.path.isdir(JOURNAL) else []
    state = {
        "unit": unit,
        "dockerd": [pid, start_ticks(pid)],
        "daemon_json": file_state(DAEMON_JSON),
        "journal": journal,
    }
    if unit["ActiveState"] == "active":
        info = json.loads(output("docker", "info", "--format", "{{json .}}"))
        state["info"] = {key: value for key, value in info.items() if key not in VOLATILE_INFO}
    return state


def containers(inspects, _unit):
    """Of each container, by name, what tells whether it still is the same one and goes on."""
    return {"containers": {name: container_state(inspect, inspect["State"]) for name, inspect in inspects.items()}}


def container_state(inspect, state):
    pid = state["Pid"]
    process = {"pid": pid, "ticks": start_ticks(pid) if pid else None, "started": state["StartedAt"]}
    flags = {"running": state["Running"], "paused": state["Paused"], "restarts": inspect["RestartCount"]}
    return {"id": inspect["Id"], **process, **flags}


def kernel(inspects, _unit):
    """Of each container that runs, by name, what the kernel has of it."""
    return {
        "kernel": {name: view(one["State"]["Pid"], one["Id"]) for name, one in inspects.items() if one["State"]["Pid"]}
    }


def view(pid, identity):
    interfaces = re.findall(r"^ *([^ |:]+):", read(f"/proc/{pid}/net/dev"), re.MULTILINE)
    security = (read(f"/proc/{pid}/attr/current") or "").rstrip("\0\n")
    groups = control_group(identity)
    return {
        "mounts": read(f"/proc/{pid}/mountinfo"),
        "interfaces": interfaces,
        "label": security,
        "control_group": groups,
    }


def control_group(identity):
    """What the kernel holds a container to: {file: content}, over all its control groups."""
    values = {}
    for folder, _folders, files in os.walk(CGROUPS):
        if identity in os.path.basename(folder):
            values.update({name: read(os.path.join(folder, name)).strip() for name in LIMITS if name in files})
    return values


def processes(_inspects, _unit):
    """{container id: pids} by control group: also of containers that no engine knows any more."""
    pids = {}
    for path in glob.glob("/proc/[0-9]*/cgroup"):
        match = re.search(r"[/-]([0-9a-f]{64})(?:\.scope)?(?:/init\.scope)?$", read(path) or "", re.MULTILINE)
        try:
            program = os.path.basename(os.readlink(os.path.dirname(path) + "/exe"))
        except OSError:
            continue
        if match and program == "busybox":
            pids.setdefault(match.group(1), []).append(int(path.split("/")[2]))
    return {"processes": pids}


def network(_inspects, _unit):
    """The default bridge's options and the packet filter."""
    (bridge,) = json.loads(output("docker", "network", "inspect", "bridge"))
    rules = re.sub(r"^#.*\n|\[\d+:\d+\]", "", output("iptables-save"), flags=re.MULTILINE)
    return {"bridge": bridge["Options"], "iptables": rules}


def new(_inspects, _unit):
    """What a process in a new container can do. The image is in each data root that is asked."""
    if not output("docker", "images", "--quiet", "busybox"):
        output("docker", "import", "/opt/lab/busybox.tar", "busybox")
    status = output("docker", "run", "--rm", "busybox", "cat", "/proc/self/status", "/proc/self/uid_map")
    flag = re.search(r"^NoNewPrivs:\s*(\d)", status, re.MULTILINE)
    publish = ("--name", "published", "--publish", "127.0.0.1:8098:80")
    output("docker", "run", "--detach", *publish, "busybox", "sleep", "60")
    proxies = output("pgrep", "--exact", "docker-proxy").split()
    output("docker", "rm", "--force", "published")
    uid_map = status.split("\n")[-2].split()
    return {"new": {"no_new_privs": flag and flag.group(1), "uid_map": uid_map, "proxies": len(proxies)}}


def boot(_inspects, _unit):
    """What this boot is, and what the next one will be of SELinux."""
    config = file_state("/etc/selinux/config")
    mode = config and re.search(r"^SELINUX=(\w+)", config["text"], re.MULTILINE)
    enforce = read("/sys/fs/selinux/enforce")
    return {
        "boot": read("/proc/sys/kernel/random/boot_id"),
        "command_line": read("/proc/cmdline").split(),
        "in_kernel": "selinuxfs" in read("/proc/filesystems").split(),
        "enforcing": enforce and enforce == "1",
        "configured": mode and mode.group(1),
        "config": config,
        "getenforce": output("getenforce").strip(),
        "autorelabel": file_state("/.autorelabel"),
    }


def selinux(inspects, _unit):
    """Labels of the data root and of what containers mount, and what auditd's log has of processes in containers."""
    denied = output("ausearch", "--input-logs", "--raw", "--message", "AVC").splitlines()
    root = os.path.realpath("/var/lib/docker")
    return {
        "auditd": output("systemctl", "is-active", "auditd.service").strip(),
        "data_root": {root + part: label(root + part) for part in ("", "/overlay2", "/volumes")},
        "dontaudit_off": bool(glob.glob("/var/lib/selinux/*/active/disable_dontaudit")),
        "undo_units": glob.glob("/etc/systemd/system/**/*dontaudit*", recursive=True),
        "mount_labels": {name: mount_labels(inspect) for name, inspect in inspects.items()},
        "denied": [line for line in denied if IN_CONTAINERS.search(line)],
    }


def mount_labels(inspect):
    return {mount["Source"]: label(mount["Source"]) for mount in inspect["Mounts"]}


# Each returns keys of the snapshot. README.md beside this folder describes them.
SECTIONS = {
    "daemon": daemon,
    "containers": containers,
    "inspected": lambda inspects, _unit: {"inspects": inspects},
    "kernel": kernel,
    "host": lambda _inspects, _unit: {"host": read("/proc/1/mountinfo")},
    "processes": processes,
    "network": network,
    "boot": boot,
    "selinux": selinux,
    "packages": lambda _inspects, _unit: {
        "packages": sorted(output("rpm", "-qa", "--queryformat", "%{NAME}\n").split())
    },
    "new": new,
}
ABOUT_CONTAINERS = {"containers", "inspected", "kernel", "selinux"}


def attempt(container, inspect):
    """{label: [whether the command succeeded, what it printed]}, all by one process in the container."""
    commands = {f"write {path}": f": >>{shlex.quote(path)}" for path in container.get("write", ())}
    for path in container.get("read", ()):
        commands[f"read {path}"] = f'[ -n "$(head -c 1 {shlex.quote(path)})" ]'
    commands.update(container.get("run", {}))
    script = "\n".join(f'o=$( ({command}) 2>&1 ); printf "%s|%s\\0" $? "$o"' for command in commands.values())
    inside = ["docker", "exec", container["name"], "sh", "-c", script]
    if container.get("enter"):
        target = ["--target", str(inspect["State"]["Pid"]), "--mount", "--net", "--root", "--wd"]
        inside = ["nsenter", *target, "/bin/sh", "-c", script]
    results = output(*inside).split("\0")[:-1]
    if len(results) != len(commands):
        raise SystemExit(f"{container['name']}: only {len(results)} of {len(commands)} attempts could be made")
    return {name: [text[: text.index("|")] == "0", text.partition("|")[2]] for name, text in zip(commands, results)}


def attempts(wanted, inspects):
    """Yield (name, outcomes) of each; the name * stands for all containers in which something can run."""
    able = [
        name for name, inspect in inspects.items() if inspect["State"]["Running"] and not inspect["State"]["Paused"]
    ]
    for container in wanted:
        for name in able if container["name"] == "*" else [container["name"]]:
            yield name, attempt(dict(container, name=name), inspects[name])


def main():
    """Print the sections that the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sections", nargs="*", choices=SECTIONS)
    parser.add_argument("--attempts", type=json.loads, default=[])
    arguments = parser.parse_args()
    unit_text = output("systemctl", "show", "docker.service", f"--property={','.join(UNIT_PROPERTIES)}")
    unit = dict(line.partition("=")[::2] for line in unit_text.splitlines())
    inspects = {}
    if unit["ActiveState"] == "active" and (arguments.attempts or ABOUT_CONTAINERS & set(arguments.sections)):
        ids = output("docker", "ps", "--all", "--quiet", "--no-trunc").split()
        details = json.loads(output("docker", "inspect", *sorted(ids))) if ids else []
        inspects = {inspect["Name"][1:]: inspect for inspect in details}
    # first, so that a log has what they caused
    state = {"attempts": dict(attempts(arguments.attempts, inspects))} if arguments.attempts else {}
    for name, section in SECTIONS.items():
        if name in arguments.sections:
            state.update(section(inspects, unit))
    print(json.dumps(state))


main()
