# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the table needs of the host: images, networks, files, volumes."""

import io
import os
import pathlib
import shutil
import stat
import subprocess
import tarfile

HOME = pathlib.Path("/srv/forecast")
BUSYBOX = "/opt/lab/busybox.tar"
LABEL = "forecast-table"
# cap_net_bind_service=ep, as linux/capability.h has VFS_CAP_REVISION_2
BIND_SERVICE = "".join(map(chr, bytes.fromhex("0100000200040000000000000000000000000000")))
# In the image `privileges`: path, mode, file capability.
PROGRAMS = (
    ("suid/su", 0o4755, ""),
    ("suid/ping", 0o4755, ""),
    ("suid/crontab", 0o4755, ""),
    ("caps/nc", 0o755, BIND_SERVICE),
)


def docker(*arguments, check=True):
    """Run the client, return what it prints; RuntimeError with what it says."""
    done = subprocess.run(
        ("docker",) + arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if check else subprocess.STDOUT,
        check=False,
    )
    if check and done.returncode:
        raise RuntimeError(" ".join(done.stderr.decode().split()) or f"exit status {done.returncode}")
    return done.stdout.decode(errors="replace").strip()


def fill_in(text, row):
    """HERE is the row's own directory on the host."""
    return str(text).replace("HERE", str(HOME / row["name"]))


def make_images():
    """busybox as it is; privileges: with setuid programs and one that has a file capability, and root without a password."""
    present = docker("images", "--format", "{{.Repository}}").split()
    if "busybox" not in present:
        docker("import", BUSYBOX, "busybox")
    if "privileges" in present:
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
        for name, mode, xattr in PROGRAMS:
            member = tarfile.TarInfo(name)
            member.mode, member.size = mode, len(program)
            if xattr:
                member.pax_headers = {"SCHILY.xattr.security.capability": xattr}
            target.addfile(member, io.BytesIO(program))
    docker("import", str(path), "privileges")


def make_networks(rows):
    """Make those that rows name."""
    present = docker("network", "ls", "--format", "{{.Name}}").split()
    for name in sorted({row["network"] for row in rows if row.get("network")} - set(present)):
        docker("network", "create", name)


def seed(rows):
    """Make the files and volumes of the host that rows name, as they were before anything was hardened."""
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    for row in rows:
        for entry in row.get("host") or ():
            make_file(HOME / row["name"] / entry["path"], entry)
        if row.get("volume"):
            volume = f"{row['volume']}:/data"
            docker("volume", "rm", "--force", row["volume"])
            docker("run", "--rm", "--volume", volume, "busybox", "sh", "-c", "echo token >/data/token")


def make_file(path, entry):
    """entry: mode, uid, kind: file, dir or zero (a device)."""
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


def try_engine(row):
    """Whether the engine itself can do what a row is for; "" or why not."""
    try:
        OF_ENGINE[row["probe"]](row)
    except RuntimeError as error:
        return str(error)
    return ""


def pull(row):
    docker("pull", row["image"])
    docker("create", "--name", row["name"], "--label", LABEL, row["image"], "true")


OF_ENGINE = {
    "swarm": lambda _row: docker("swarm", "init", "--advertise-addr", "127.0.0.1"),
    "pulls": pull,
    "has volume": lambda row: docker("volume", "inspect", row["volume"]),
}


def clean():
    """Remove the containers, leave the swarm."""
    ids = docker("ps", "--all", "--quiet", "--filter", f"label={LABEL}").split()
    if ids:
        docker("rm", "--force", *ids)
    docker("swarm", "leave", "--force", check=False)
