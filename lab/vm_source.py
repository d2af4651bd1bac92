# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a virtual machine boots: Debian with SELinux enforcing, built here, or the image that VM_IMAGE names.

Debian's is keyed by a hash of its recipe. Both keys of ssh, the machine's and the client's, are made with the disk and
stay in its folder: no secret is in the project.
"""

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import tempfile
import time
from typing import NamedTuple

from images import mmdebstrap
from paths import DATA, HERE, LabError, lock, run, say

FOLDER = DATA / "vm"
RECIPE = HERE / "recipe-vm"
SUITE = "trixie"
PACKAGES = (
    "linux-image-cloud-amd64 systemd-sysv dbus udev kmod openssh-server python3 python3-selinux python3-semanage "
    "docker.io docker-cli containerd runc iptables iproute2 procps selinux-policy-default policycoreutils "
    "policycoreutils-python-utils auditd busybox-static"
).split()
CONTEXTS = "/etc/selinux/default/contexts/files/file_contexts"
DISK_SIZE = 6 << 30  # sparse
# no5lvl and mitigations=off: an emulated processor is slow enough
# audit_backlog_limit: what is denied before auditd is there would be lost otherwise
APPEND = (
    "root=/dev/vda rw console=ttyS0 quiet systemd.show_status=false security=selinux audit=1 audit_backlog_limit=8192 "
    "net.ifnames=0 no5lvl nokaslr mitigations=off"
)
UNUSED_DAYS = 14
DOCKER_UP = "systemctl is-active --quiet docker.service && docker version >/dev/null"


def comma(path):
    """A path inside one of QEMU's options, where a comma ends a value unless it is doubled."""
    return str(path).replace(",", ",,")


class Source(NamedTuple):
    """What to boot: its folder with `disk.<format>` and the keys, what QEMU is told, and what says that it is up."""

    folder: pathlib.Path
    format: str  # of the disk: raw, qcow2
    boot: tuple  # QEMU's arguments for kernel, initrd and command line, or for the seed
    network: str  # options of QEMU's user network
    ready: str  # a shell command that succeeds once the machine is up
    seconds: int  # for the first boot, emulated

    @property
    def disk(self):
        """The disk as built; nothing ever boots from it but a copy."""
        return self.folder / f"disk.{self.format}"


def source():
    """What VM_IMAGE says, or else Debian; built where it isn't there yet."""
    named = os.environ.get("VM_IMAGE")
    return foreign(pathlib.Path(named)) if named else debian()


def key(*parts):
    """Twelve hexadecimal digits of everything that `parts` say."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def recipe_key():
    """Of the files, packages and sizes that make Debian's disk."""
    files = sorted(path for path in RECIPE.iterdir() if path.is_file())
    files.append(HERE / "recipe" / "busybox-image.sh")
    return key(SUITE, PACKAGES, DISK_SIZE, [(path.name, path.read_bytes()) for path in files])


def debian():
    """Debian with SELinux enforcing, a packaged engine and auditd; never on the network."""
    folder = FOLDER / f"debian-{recipe_key()}"
    with lock("vm-image"):
        if not folder.exists():
            started = time.monotonic()
            say(f"building the virtual machine's disk from Debian {SUITE} (about two minutes)")
            with made_whole(folder) as work:
                _make_keys(work)
                _bootstrap(work)
            say(f"built {folder / 'disk.raw'} in {time.monotonic() - started:.0f} s")
        used(folder)
    boot = ("-kernel", str(folder / "vmlinuz"), "-initrd", str(folder / "initrd"), "-append", APPEND)
    return Source(folder, "raw", boot, "restrict=on", DOCKER_UP, 900)


def _bootstrap(work):
    root = work / "root"
    mmdebstrap(
        SUITE,
        PACKAGES,
        root,
        [f"--extract-hook={RECIPE}/extract.sh", f"--customize-hook={RECIPE}/customize.sh"],
        {"TMPDIR": str(work), "LAB_KEYS": str(work)},
    )
    for name, wanted in (("vmlinuz", "vmlinuz-*"), ("initrd", "initrd.img-*")):
        shutil.copy(next(root.glob(f"boot/{wanted}")), work / name)
    # labelled here, so that the first boot needn't relabel; mke2fs takes the labels along
    run(["chroot", root, "setfiles", "-m", "-F", "-e", "/proc", "-e", "/sys", "-e", "/dev", CONTEXTS, "/"])
    disk = work / "disk.raw"
    disk.touch()
    os.truncate(disk, DISK_SIZE)
    run(["mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-m", "0", "-d", root, disk])
    shutil.rmtree(root)


def foreign(image):
    """A cloud image of another distribution (VM_IMAGE): qcow2 or raw, cloud-init in it, on the network by NAT.

    Its disk is an overlay, so the image itself is never written; cloud-init's seed brings the keys.
    """
    try:
        image = image.resolve(strict=True)
        status = image.stat()
    except OSError as error:
        raise LabError(f"VM_IMAGE names {image}, which can't be read: {error.strerror}.") from error
    folder = FOLDER / f"image-{key(str(image), status.st_size, status.st_mtime_ns, user_data('', '', ''))}"
    with lock("vm-image"):
        if not folder.exists():
            with made_whole(folder) as work:
                _make_keys(work)
                _overlay(image, work / "disk.qcow2")
                _seed(work)
        used(folder)
    boot = ("-drive", f"file={comma(folder / 'seed.iso')},if=virtio,format=raw,readonly=on")
    return Source(folder, "qcow2", boot, "", "cloud-init status --wait >/dev/null; true", 1800)


def _overlay(image, disk):
    information = json.loads(run(["qemu-img", "info", "--output=json", image]).stdout)
    if information["format"] not in ("qcow2", "raw"):
        raise LabError(f"VM_IMAGE names {image}, which is {information['format']}: it must be qcow2 or raw.")
    if information.get("backing-filename"):
        raise LabError(f"VM_IMAGE names {image}, which stands on another file: flatten it by 'qemu-img convert'.")
    size = max(information["virtual-size"], 20 << 30)
    run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", image, "-F", information["format"], disk, str(size)])


def user_data(host_key, host_public, client_public):
    """cloud-init's user-data (JSON is YAML): root by the client's key, and the machine's own key a known one."""
    wanted = {
        "disable_root": False,
        "ssh_pwauth": False,
        "users": [{"name": "root", "lock_passwd": True, "ssh_authorized_keys": [client_public]}],
        "ssh_deletekeys": True,
        "ssh_genkeytypes": [],
        "ssh_keys": {"ed25519_private": host_key, "ed25519_public": host_public},
        "growpart": {"mode": "auto", "devices": ["/"]},
    }
    return "#cloud-config\n" + json.dumps(wanted, indent=1) + "\n"


def _seed(work):
    """A NoCloud seed: an image with the label `cidata` that holds user-data and meta-data."""
    texts = [(work / name).read_text(encoding="ascii") for name in ("host", "host.pub", "client.pub")]
    folder = work / "seed"
    folder.mkdir()
    (folder / "user-data").write_text(user_data(texts[0], *(text.strip() for text in texts[1:])), encoding="ascii")
    (folder / "meta-data").write_text("instance-id: lab-vm\nlocal-hostname: lab-vm\n", encoding="ascii")
    arguments = ["-quiet", "-output", work / "seed.iso", "-volid", "cidata", "-joliet", "-rock"]
    run(["genisoimage", *arguments, folder / "user-data", folder / "meta-data"])
    shutil.rmtree(folder)


def _make_keys(work):
    for name in ("host", "client"):
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"lab-{name}", "-f", work / name])
    public = (work / "host.pub").read_text(encoding="ascii")
    (work / "known_hosts").write_text(f"lab-vm {public}", encoding="ascii")


@contextlib.contextmanager
def made_whole(folder):
    """A folder to work in that becomes `folder` only when all went well; meanwhile the long unused ones go."""
    FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_unused()
    work = pathlib.Path(tempfile.mkdtemp(dir=FOLDER, prefix="unfinished-"))
    try:
        yield work
        work.rename(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def used(folder):
    """Note that `folder` was used now."""
    os.utime(folder)


def _forget_unused():
    for folder in (item for kind in ("debian", "image", "booted", "unfinished") for item in FOLDER.glob(f"{kind}-*")):
        if time.time() - folder.stat().st_mtime > UNUSED_DAYS * 86400:
            shutil.rmtree(folder, ignore_errors=True)
