# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual machines of the lab: SELinux enforcing, a real kernel and systemd, reached by ssh. See README.md.

One is booted once; its memory and its disk as they were then are kept, and each machine goes on from there.
"""

import contextlib
import pathlib
import shutil
import subprocess
import time
from typing import NamedTuple

import vm_qemu
import vm_source
from paths import OWN_NAME, LabError, lock, run, say, wait_until

RUN = pathlib.Path("/run") / f"{OWN_NAME}.vm"  # the engine's folder goes with the engine
DATA = vm_source.FOLDER / "run"
ALIAS = "lab-vm"  # under which ssh knows the machines' key
RESTORE_SECONDS = 300
FIRST_USE = """\
set -e
if [ -e /opt/lab/busybox.tar ]; then
    docker import /opt/lab/busybox.tar busybox >/dev/null
    # what the first ones need is then in the machine's memory already
    docker run --rm busybox true
    docker info >/dev/null
    python3 -c 'import json, subprocess, tempfile, zipfile'
fi
sync
"""


class Booted(NamedTuple):
    """A machine that was booted once: what, how, and the folder with its disk and state of that moment."""

    source: vm_source.Source
    accelerator: str
    folder: pathlib.Path


def build():
    """Build the disk, boot it once and keep that moment, unless it is there; returns Booted."""
    source = vm_source.source()
    # with KVM the same kernel tells whether it works, also for somebody's own image
    kernel = (source if "-kernel" in source.boot else vm_source.debian()).folder / "vmlinuz"
    accelerator = vm_qemu.accelerator(kernel, RUN / "accelerator")
    argv = vm_qemu.command(source, accelerator, "disk", 0, _files("any"))
    processor = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8") if accelerator == "kvm" else ""
    model = [line for line in processor.splitlines() if line.startswith("model name")][:1]
    booted = vm_source.key(str(source.folder), argv, vm_qemu.version(), model, FIRST_USE)
    folder = vm_source.FOLDER / f"booted-{booted}"
    with lock("vm-boot"):
        if not folder.exists():
            _boot(source, accelerator, folder)
        vm_source.used(folder)
    return Booted(source, accelerator, folder)


def _boot(source, accelerator, folder):
    """Boot once and save."""
    started = time.monotonic()
    seconds = source.seconds if accelerator == "tcg" else 180
    say(f"booting the virtual machine for the first time ({accelerator}; at most {seconds // 60} minutes)")
    with vm_source.made_whole(folder) as work:
        disk = work / source.disk.name
        run(["cp", "--sparse=always", "--reflink=auto", source.disk, disk])
        files = _files(work.name)
        try:
            port = _start(source, accelerator, disk, files, None)
            _write_config(work.name, files, source, port)
            _first_answer(work.name, files, seconds)
            say(f"ssh answers after {time.monotonic() - started:.0f} s; waiting for the services")
            remaining = max(60, seconds - (time.monotonic() - started))
            if not wait_until(lambda: _ask(work.name, source.ready, 60).returncode == 0, remaining, every=1):
                raise LabError(f"the services of the virtual machine did not come up.\n{_tail(files)}")
            done = _ask(work.name, FIRST_USE, 300)
            if done.returncode:
                raise LabError(f"the virtual machine could not be made ready: {done.stderr.strip()[-2000:]}")
            vm_qemu.save(files, work / "state")
        finally:
            _remove(work.name)
    say(f"booted and saved in {time.monotonic() - started:.0f} s")


def up(name):
    """Start machine `name` from the kept moment and wait for ssh; one that runs is left alone."""
    source, accelerator, folder = build()
    files = _files(name)
    with lock(f"vm-{name}"):
        if vm_qemu.running(files) and (files.run / "booted").read_text(encoding="ascii") == folder.name:
            return
        _remove(name)
        started = time.monotonic()
        try:
            port = _start(source, accelerator, folder / source.disk.name, files, folder / "state")
            _write_config(name, files, source, port)
            _connect(name, RESTORE_SECONDS)
            # its clock stands where it was saved
            _ask(name, f"date -u -s @{time.time():.2f}", 60, check=True)
        except BaseException:
            _remove(name)
            raise
        (files.run / "booted").write_text(folder.name, encoding="ascii")
    say(f"virtual machine {name} ({accelerator}) is up after {time.monotonic() - started:.1f} s")


def _start(source, accelerator, disk, files, state):
    """Start QEMU; returns the port of ssh. Another program may take the port first: then with another one."""
    for attempt in range(3):
        port = vm_qemu.free_port()
        try:
            vm_qemu.start(vm_qemu.command(source, accelerator, disk, port, files, state), files)
            return port
        except LabError as error:
            if attempt == 2 or "host forwarding rule" not in str(error):
                raise
    raise AssertionError


def _files(name):
    return vm_qemu.Files(RUN / name, DATA / name)


def ssh_config(name):
    """The path of the file for `ssh -F` that knows machine `name`."""
    return RUN / name / "ssh_config"


def _write_config(name, files, source, port):
    """One connection serves everything that talks with the machine; ssh keys are checked as anywhere."""
    settings = {
        "HostName": "127.0.0.1",
        "Port": port,
        "User": "root",
        "IdentityFile": source.folder / "client",
        "IdentitiesOnly": "yes",
        "HostKeyAlias": ALIAS,
        "UserKnownHostsFile": source.folder / "known_hosts",
        "GlobalKnownHostsFile": "/dev/null",
        "StrictHostKeyChecking": "yes",
        "ControlMaster": "auto",
        "ControlPath": files.run / "ssh.sock",
        "ControlPersist": "yes",
        "LogLevel": "ERROR",
    }
    lines = [f"Host {name}", *(f'    {key} "{value}"' for key, value in settings.items())]
    ssh_config(name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _ssh(name, *arguments):
    return ["ssh", "-F", str(ssh_config(name)), *arguments]


def _connect(name, seconds):
    """Open the one connection, within `seconds`; LabError if the machine doesn't answer."""
    argv = _ssh(name, "-o", f"ConnectTimeout={seconds}", "-f", "-N", name)
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        subprocess.run(argv, check=True, timeout=seconds, **quiet)
    except subprocess.SubprocessError as error:
        raise LabError(f"virtual machine {name} doesn't answer.\n{_tail(_files(name))}") from error


def _first_answer(name, files, seconds):
    """Until ssh answers while the machine boots. One attempt at a time: the waiting ones would all be served."""

    def answered():
        if not vm_qemu.running(files):
            raise LabError(f"the virtual machine ended while it booted.\n{_tail(files)}")
        with contextlib.suppress(LabError):
            _connect(name, 15)
            return True
        return False

    if not wait_until(answered, seconds, every=2):
        raise LabError(
            f"the virtual machine did not come up within {seconds} s (VM_ACCELERATOR=tcg has it emulated).\n{_tail(files)}"
        )


def _ask(name, script, seconds, check=False):
    """Run a shell script in the machine; returns CompletedProcess (a time-out is exit status 255)."""
    try:
        return run(_ssh(name, name, script), check=check, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        if check:
            raise LabError(f"virtual machine {name} did not answer within {seconds} s.") from error
        return subprocess.CompletedProcess([], 255, "", "time-out")


def _tail(files):
    with contextlib.suppress(OSError):
        text = files.console.read_text(encoding="utf-8", errors="replace")
        return "Its console ends:\n" + "\n".join(line[:240] for line in text.splitlines()[-30:])
    return "Its console is empty."


def _remove(name):
    """End machine `name` and forget it: its port is free, and what it wrote on its disk is gone."""
    files = _files(name)
    if ssh_config(name).exists():
        with contextlib.suppress(subprocess.TimeoutExpired):
            run(_ssh(name, "-O", "exit", name), check=False, timeout=20)
    vm_qemu.stop(files)
    for folder in (files.run, files.data):
        shutil.rmtree(folder, ignore_errors=True)


def down(name):
    """Remove machine `name`; none is not an error."""
    with lock(f"vm-{name}"):
        _remove(name)


def running():
    """Names of the machines that run."""
    if not RUN.is_dir():
        return []
    return sorted(folder.name for folder in RUN.iterdir() if folder.is_dir() and vm_qemu.running(_files(folder.name)))


def ssh_argv(name, argv):
    """The command that reaches machine `name`: a shell there, or `argv`."""
    if not vm_qemu.running(_files(name)):
        raise LabError(f"no virtual machine {name} runs: start it by 'vm up {name}'.")
    return _ssh(name, name, *argv)


def clean():
    """End every machine that the lab started. (Their folders are among those that the engine's cleaning removes.)"""
    for folder in list(RUN.iterdir()) if RUN.is_dir() else []:
        if folder.is_dir():
            _remove(folder.name)
    shutil.rmtree(RUN, ignore_errors=True)
