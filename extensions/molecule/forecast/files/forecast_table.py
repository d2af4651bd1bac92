# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run each container of the table, and look from outside whether it works: one process, on the host.

usage: forecast_table.py run TABLE RESULT [--seed] | clean

TABLE is JSON: a list of rows, see vars/table.yml. RESULT becomes {row: {"works": bool, "why": text}}. --seed: first make what
belongs to the host (files, volumes), as it was before anything was hardened. Images and networks are made where they are missing,
as whoever hardens would bring them along.
"""

import concurrent.futures
import io
import json
import os
import pathlib
import shutil
import socket
import stat
import subprocess
import sys
import tarfile
import time

HOME = pathlib.Path("/srv/forecast")
BUSYBOX = "/opt/lab/busybox.tar"
LABEL = "forecast-table"
SECONDS = 12
# cap_net_bind_service=ep, as linux/capability.h has VFS_CAP_REVISION_2
BIND_SERVICE = "".join(map(chr, bytes.fromhex("0100000200040000000000000000000000000000")))


def docker(*arguments, check=True):
    done = subprocess.run(("docker",) + arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if check and done.returncode:
        raise RuntimeError(" ".join(done.stderr.decode().split()) or f"exit status {done.returncode}")
    return done.stdout.decode().strip()


def make_images():
    """busybox as it is; privileges: with setuid programs and one that has a file capability, and root without a password."""
    there = docker("images", "--format", "{{.Repository}}").split()
    if "busybox" not in there:
        docker("import", BUSYBOX, "busybox")
    if "privileges" in there:
        return
    path = pathlib.Path("/srv/privileges.tar")
    with tarfile.open(BUSYBOX) as source, tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as target:
        program = b""
        for member in source:
            data = source.extractfile(member).read() if member.isreg() else None
            if os.path.normpath(member.name) == "bin/busybox":
                program = data
            if os.path.normpath(member.name) == "etc/passwd":
                data = data.replace(b"root:x:", b"root::")
                member.size = len(data)
            target.addfile(member, None if data is None else io.BytesIO(data))
        for name, mode, xattr in (
            ("suid/su", 0o4755, ""),
            ("suid/ping", 0o4755, ""),
            ("suid/crontab", 0o4755, ""),
            ("caps/nc", 0o755, BIND_SERVICE),
        ):
            member = tarfile.TarInfo(name)
            member.mode, member.size = mode, len(program)
            if xattr:
                member.pax_headers = {"SCHILY.xattr.security.capability": xattr}
            target.addfile(member, io.BytesIO(program))
    docker("import", str(path), "privileges")


def make_networks(rows):
    there = docker("network", "ls", "--format", "{{.Name}}").split()
    for name in sorted({row["network"] for row in rows if row.get("network")} - set(there)):
        docker("network", "create", name)


def seed(rows):
    """Make the files and volumes of the host that rows name."""
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    for row in rows:
        for entry in row.get("host") or ():
            path = HOME / row["name"] / entry["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            if entry.get("kind") == "dir":
                path.mkdir(exist_ok=True)
            elif entry.get("kind") == "zero":
                if path.exists():
                    path.unlink()
                os.mknod(path, stat.S_IFCHR, os.makedev(1, 5))
            else:
                path.write_text("token\n")
            os.chown(path, entry.get("uid", 0), entry.get("uid", 0))
            path.chmod(int(str(entry["mode"]), 8))
        if row.get("volume"):
            docker("volume", "rm", "--force", row["volume"])
            docker(
                "run", "--rm", "--volume", f"{row['volume']}:/data", "busybox", "sh", "-c", "echo token >/data/token"
            )


def run(row):
    """Whether the container of a row does what it is for, and otherwise why not."""
    options = [str(option).replace("HERE", str(HOME / row["name"])) for option in row.get("options") or ()]
    image = row.get("image", "busybox")
    arguments = ["--name", row["name"], "--label", LABEL, "--stop-signal", "KILL", *options, image]
    if row.get("probe") == "created":
        try:
            docker("create", *arguments, "sleep", "1d")
        except RuntimeError as error:
            return False, str(error)
        return True, ""
    began = time.time()
    try:
        docker("run", "--detach", *arguments, "sh", "-c", row.get("command") or "exec sleep 1d")
    except RuntimeError as error:
        return False, str(error)
    why, end = "", time.monotonic() + SECONDS
    while time.monotonic() < end:
        why = probe(row, began)
        if not why:
            return True, ""
        time.sleep(0.3)
    return False, f"{why}: {docker('logs', row['name'], check=False)[-200:]}"


def probe(row, began):
    """What does not work (yet), "" where all does. What is asked is the engine, the kernel and the host's files."""
    state = json.loads(docker("inspect", "--format", "{{json .State}}", row["name"]))
    if row.get("exits"):
        return (
            "" if state["Status"] == "exited" and state["ExitCode"] == 0 else f"{state['Status']} {state['ExitCode']}"
        )
    if not state["Running"]:
        return f"it ended with {state['ExitCode']}"
    if time.time() < began + 3:
        return "it runs for less than three seconds"
    if row.get("writes"):
        path = HOME / row["name"] / row["writes"]
        if not path.exists() or path.stat().st_mtime < began - 1:
            return f"{path} was not written"
    if row.get("uid") is not None and row["uid"] not in uids(row["name"]):
        return f"no process of it has uid {row['uid']}, but {sorted(uids(row['name']))}"
    if row.get("listens"):
        return listening(row["listens"])
    if row.get("answers") and row["answers"] not in docker("logs", row["name"]):
        return f"it did not get {row['answers']}"
    return ""


def uids(name):
    """The effective uids of its processes, as its own user namespace has them."""
    found = set()
    lines = docker("top", name, "-o", "pid", check=False).split("\n")[1:]  # none where it has just ended
    for pid in [line.split()[0] for line in lines]:
        try:
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            ranges = [
                tuple(map(int, line.split())) for line in pathlib.Path(f"/proc/{pid}/uid_map").read_text().splitlines()
            ]
        except OSError:
            continue
        uid = int(next(line for line in status.splitlines() if line.startswith("Uid:")).split()[2])
        found.update(inside + uid - outside for inside, outside, count in ranges if outside <= uid < outside + count)
    return found


def listening(place):
    host, _colon, port = place.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), 2) as connection:
            connection.settimeout(2)
            connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return "" if connection.recv(20) else f"{place} answers nothing"
    except OSError as error:
        return f"{place}: {error}"


def clean():
    ids = docker("ps", "--all", "--quiet", "--filter", f"label={LABEL}").split()
    if ids:
        docker("rm", "--force", *ids)


def main():
    if sys.argv[1] == "clean":
        clean()
        return
    rows = json.loads(pathlib.Path(sys.argv[2]).read_text())
    clean()
    make_images()
    make_networks(rows)
    if "--seed" in sys.argv:
        seed(rows)
    results = {}
    # those that others need first
    for first in (True, False):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            group = [row for row in rows if bool(row.get("first")) is first]
            for row, (works, why) in zip(group, pool.map(run, group)):
                results[row["name"]] = {"works": works, "why": why}
    pathlib.Path(sys.argv[3]).write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
