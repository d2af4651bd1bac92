# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a host has, as containers see it: ids of the mapping in force are taken off. Prints JSON.

Two outputs are equal where nothing was lost. It uses docker and the file system, nothing of the collection.
"""

import hashlib
import json
import os
import re
import stat
import struct
import subprocess
import sys

# what goes on changing while containers run
LIVE = set(sys.argv[1:])


def docker(*arguments):
    return subprocess.run(["docker", *arguments], stdout=subprocess.PIPE, check=True).stdout.decode()


def inspects(kind, names):
    return json.loads(docker(kind, "inspect", *names)) if names else []


INFO = json.loads(docker("info", "--format", "{{json .}}"))
FIRST = int(os.path.basename(INFO["DockerRootDir"]).split(".")[0]) if "name=userns" in INFO["SecurityOptions"] else 0


def own(number):
    return number - FIRST if FIRST <= number < FIRST + 65536 else f"not mapped: {number}" if FIRST else number


def attribute(name, value):
    if name.startswith("system.posix_acl"):
        entries = struct.iter_unpack("<HHI", value[4:])
        return [[tag, mode, own(number) if tag in (2, 8) else number] for tag, mode, number in entries]
    if name == "security.capability":
        magic = struct.unpack_from("<I", value)[0]
        root = own(struct.unpack_from("<I", value, 20)[0]) if magic >> 24 == 3 else own(0)
        return [magic & 0xFFFFFF, value[4:20].hex(), root]
    return value.hex()


def digest(path):
    """Of what is in a file, and where: holes are not read."""
    result = hashlib.sha256()
    with open(path, "rb") as stream:
        at, end = 0, os.fstat(stream.fileno()).st_size
        while at < end:
            try:
                at = os.lseek(stream.fileno(), at, os.SEEK_DATA)
            except OSError:  # nothing but a hole follows
                break
            hole = os.lseek(stream.fileno(), at, os.SEEK_HOLE)
            while at < hole:
                piece = os.pread(stream.fileno(), min(1 << 20, hole - at), at)
                if piece.strip(b"\0"):
                    result.update(b"%d:" % at + piece)
                at += len(piece)
    return result.hexdigest()


def entry(path, names):
    status = os.lstat(path)
    kind = stat.S_IFMT(status.st_mode)
    result = [stat.S_IMODE(status.st_mode), kind, own(status.st_uid), own(status.st_gid)]
    if kind != stat.S_IFDIR:
        result += [status.st_size, status.st_mtime_ns, names.setdefault(status.st_ino, path)]
    else:
        result += [status.st_mtime_ns]
    if kind in (stat.S_IFCHR, stat.S_IFBLK):
        result.append(status.st_rdev)
    if kind == stat.S_IFLNK:
        result.append(os.fsdecode(os.readlink(path)))
    else:
        kept = [
            name for name in sorted(os.listxattr(path)) if not name.startswith(("trusted.overlay", "security.selinux"))
        ]
        result.append([[name, attribute(name, os.getxattr(path, name))] for name in kept])
    if kind == stat.S_IFREG:
        result.append([status.st_size > 1 << 20 and status.st_blocks * 512 < status.st_size // 2, digest(path)])
    return result


def tree(top):
    """Each entry below a directory, and the directory; one digest of all where there are many."""
    here = os.getcwd()
    os.chdir(top)
    names, entries = {}, {".": entry(b".", {})}
    for folder, folders, files in os.walk(b"."):
        for name in sorted([*folders, *files]):
            path = os.path.join(folder, name)
            entries[path.decode("utf-8", "surrogateescape")] = entry(path, names)
    os.chdir(here)
    # by which name an inode is met first depends on the order of the directory
    groups = {}
    for path, value in entries.items():
        if value[1] not in (stat.S_IFDIR,):
            groups.setdefault(value[6], []).append(path)
    for members in groups.values():
        for path in members:
            entries[path][6] = sorted(members)
    text = json.dumps(entries, sort_keys=True, default=lambda value: value.decode("utf-8", "surrogateescape"))
    return (
        json.loads(text)
        if len(entries) < 500
        else [len(entries), hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()]
    )


def container(inspect, names):
    host = dict(inspect["HostConfig"])
    for key in ("NetworkMode", "IpcMode", "PidMode"):
        kind, _colon, other = (host.get(key) or "").partition(":")
        if kind == "container":
            host[key] = "container:" + names[other]
    host["VolumesFrom"] = [names.get(item, item) for item in host.get("VolumesFrom") or ()]
    binds = {bind.split(":")[1] for bind in host.pop("Binds") or ()}
    config = dict(inspect["Config"])
    if config["Hostname"] in {
        other[:12] for other in names
    }:  # the engine's own choice, or that of whose network it shares
        config.pop("Hostname")
    networks = {
        name: [
            item.get("IPAMConfig") or None,
            sorted(alias for alias in item.get("Aliases") or () if alias != inspect["Id"][:12]),
        ]
        for name, item in inspect["NetworkSettings"]["Networks"].items()
    }
    state = inspect["State"]
    pid = state["Pid"]
    with open(f"/proc/{pid or 'self'}/uid_map") as stream:
        mapping = stream.read().split() if pid else None
    return {
        "running": [state["Running"], state["Paused"]],
        "mapping": mapping if not FIRST or not mapping else [mapping[0], int(mapping[1]) == FIRST, mapping[2]],
        "image": inspect["Image"],
        "config": config,
        "host": {key: value for key, value in host.items() if value},
        "networks": networks,
        "mounts": sorted(
            [item["Type"], item.get("Name") or item["Source"], item["Destination"], item["RW"]]
            for item in inspect["Mounts"]
        ),
        "named binds": sorted(binds & {"/data", "/acks", "/awkward", "/busy", "/bulk", "/books"}),
        "layer": tree(inspect["GraphDriver"]["Data"]["UpperDir"])
        if "/" + inspect["Name"].lstrip("/") not in LIVE
        else None,
    }


def stale_rules():
    """Bridges of networks that are masqueraded and that the kernel does not have."""
    rules = subprocess.run(["iptables-save", "-t", "nat"], stdout=subprocess.PIPE, check=True).stdout.decode()
    return sorted(set(re.findall("! -o (br-[0-9a-f]{12}) -j MASQUERADE", rules)) - set(os.listdir("/sys/class/net")))


def project():
    """What Compose says of its project, and what it would do to make it so; None on a host without Compose."""
    compose = ["docker", "compose", "--project-directory", "/srv/till"]
    if subprocess.run([*compose[:2], "version"], capture_output=True, check=False).returncode:
        return None
    lines = docker(*compose[1:], "ps", "--all", "--format", "json").splitlines()
    plan = subprocess.run([*compose, "up", "--detach", "--dry-run"], capture_output=True, text=True, check=True).stderr
    return {
        "containers": sorted([item["Name"], item["Service"], item["State"]] for item in map(json.loads, lines)),
        "would do": sorted({line.split()[-1] for line in plan.splitlines() if "MODE" in line}),
    }


all_containers = inspects("container", docker("ps", "--all", "--quiet").split())
names = {item["Id"]: item["Name"].lstrip("/") for item in all_containers}
volumes = inspects("volume", docker("volume", "ls", "--quiet").split())
networks = inspects("network", docker("network", "ls", "--quiet").split())
images = inspects("image", sorted(set(docker("image", "ls", "--quiet", "--no-trunc").split())))
print(
    json.dumps(
        {
            "root": INFO["DockerRootDir"],
            "project": project(),
            "first": FIRST,
            "containers": {names[item["Id"]]: container(item, names) for item in all_containers},
            "volumes": {
                item["Name"]: [
                    item.get("Labels") or {},
                    item.get("Options") or {},
                    tree(item["Mountpoint"]) if item["Name"] not in LIVE and not item.get("Options") else None,
                ]
                for item in volumes
            },
            "networks": {
                item["Name"]: [
                    item["Driver"],
                    item["IPAM"]["Config"],
                    item["Options"],
                    item["Labels"],
                    item["Internal"],
                ]
                for item in networks
                if item["Name"] not in ("bridge", "host", "none")
            },
            "images": {
                item["Id"]: [
                    sorted(item["RepoTags"] or ()),
                    sorted(item["RepoDigests"] or ()),
                    item["RootFS"]["Layers"],
                ]
                for item in images
            },
            "stale rules": stale_rules(),
            "bridges": len([name for name in os.listdir("/sys/class/net") if name.startswith("br-")]),
        },
        sort_keys=True,
    )
)
