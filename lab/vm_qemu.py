# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""QEMU: by KVM where that really works and emulated where it doesn't; its command line, its process, its monitor."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
from typing import NamedTuple

import process
from paths import LabError, run, say, wait_until
from vm_source import comma

PROGRAM = "qemu-system-x86_64"
# la57: a fifth level of page tables costs an emulated processor a lot
ACCELERATORS = {
    "kvm": ("-accel", "kvm", "-cpu", "host"),
    "tcg": ("-accel", "tcg,thread=multi,tb-size=1024", "-cpu", "max,la57=off"),
}
MACHINE = ("-machine", "pc", "-smp", "2", "-m", "2048", "-nodefaults", "-display", "none", "-monitor", "none")
PROOF_SECONDS = 30
MONITOR_SECONDS = 120


class Files(NamedTuple):
    """Where one machine keeps what belongs to its process."""

    run: pathlib.Path  # sockets and records; gone after a reboot
    data: pathlib.Path  # console, log, what it writes on its disk

    @property
    def record(self):
        """Pid and start time of its QEMU."""
        return self.run / "qemu.pid"

    @property
    def monitor(self):
        """The socket of QEMU's monitor."""
        return self.run / "monitor.sock"

    @property
    def console(self):
        """What the machine wrote on its serial line."""
        return self.data / "console.log"


def version():
    """The first line of what QEMU says of itself: a snapshot serves only the QEMU that took it."""
    return run([PROGRAM, "--version"]).stdout.splitlines()[0]


def command(source, accelerator, disk, port, files, state=None):
    """QEMU's command line.

    With `state` (a file) the machine goes on from there, and what it writes on `disk` is thrown away when it ends:
    that copy lies in TMPDIR and has no name.
    """
    argv = [PROGRAM, *ACCELERATORS[accelerator], *MACHINE]
    argv += ["-serial", f"file:{files.console}", "-qmp", f"unix:{comma(files.monitor)},server=on,wait=off"]
    argv += ["-drive", f"file={comma(disk)},if=virtio,format={source.format},cache=unsafe"]
    network = ",".join(filter(None, ["user,id=net", source.network, f"hostfwd=tcp:127.0.0.1:{port}-:22"]))
    argv += ["-netdev", network, "-device", "virtio-net-pci,netdev=net,romfile=", "-device", "virtio-rng-pci"]
    argv += source.boot
    if state:
        argv += ["-snapshot", "-incoming", f"exec:cat '{state}'"]
    return argv


def free_port():
    """A port of 127.0.0.1 that nothing listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start(argv, files):
    """Start QEMU in a session of its own; LabError with its words if it doesn't come to answer its monitor."""
    files.run.mkdir(parents=True, exist_ok=True, mode=0o700)
    files.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = files.data / "qemu.log"
    with open(log, "wb") as output:
        started = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd="/",
            env=dict(os.environ, TMPDIR=str(files.data)),
        )
    process.record(files.record, started.pid)
    # the monitor's socket is there before the port is taken: all is well only once it answers
    wait_until(lambda: started.poll() is not None or _answers(files.monitor), 60)
    if started.poll() is not None or not _answers(files.monitor):
        raise LabError(f"QEMU did not start: {log.read_text(encoding='utf-8', errors='replace').strip()[-2000:]}")


def _answers(path):
    with contextlib.suppress(OSError, ValueError, LabError), Monitor(path):
        return True
    return False


def running(files):
    """The pid of the machine's QEMU, or None."""
    return process.recorded(files.record, PROGRAM)


def stop(files):
    """End the machine's QEMU; with it go its port and what it wrote on its disk. None running is not an error."""
    pid = running(files)
    if not pid:
        return
    started = process.start_time(pid)
    for number, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 20)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        if wait_until(lambda: process.start_time(pid) != started, seconds):
            return
    raise LabError(f"QEMU (pid {pid}) doesn't end.")


def save(files, state):
    """Write the running machine's memory and devices to `state`, then end it; its disk stays as it was just then."""
    with Monitor(files.monitor) as monitor:
        monitor.ask("migrate-set-parameters", **{"max-bandwidth": 1 << 40})
        monitor.ask("migrate", uri=f"exec:cat > '{state}'")
        status = wait_until(monitor.migration, MONITOR_SECONDS)
        if status != "completed":
            raise LabError(f"the virtual machine's state could not be saved ({status or 'time-out'}).")
        monitor.ask("quit")
    pid = running(files)
    if pid and not wait_until(lambda: running(files) is None, 30):
        raise LabError(f"QEMU (pid {pid}) doesn't end.")


class Monitor:
    """QEMU's monitor: one JSON object a line, each question answered in turn, events in between."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(MONITOR_SECONDS)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rw", encoding="utf-8")
        self._lines.readline()
        self.ask("qmp_capabilities")

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._lines.close()
        self._socket.close()

    def ask(self, name, **arguments):
        """The answer's content; LabError with QEMU's words if it refuses."""
        self._lines.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        self._lines.flush()
        for line in self._lines:
            answer = json.loads(line)
            if "error" in answer:
                raise LabError(f"QEMU refused '{name}': {answer['error'].get('desc')}")
            if "return" in answer:
                return answer["return"]
        raise LabError(f"QEMU ended while it was asked '{name}'.")

    def migration(self):
        """How the saving ended, or "" while it goes on."""
        status = self.ask("query-migrate").get("status")
        return status if status in ("completed", "failed", "cancelled") else ""


def accelerator(kernel, noted):
    """`kvm` where a kernel really boots by it, or else `tcg`; found out once for each boot of this computer.

    /dev/kvm proves nothing: in a virtual machine it may be there, be opened, and then run nothing or never end.
    kernel: one that boots until it misses its disk; noted: the file (gone after a reboot) for what was found.
    """
    wanted = os.environ.get("VM_ACCELERATOR")
    if wanted:
        if wanted not in ACCELERATORS:
            raise LabError(f"VM_ACCELERATOR is '{wanted}': it must be one of {', '.join(ACCELERATORS)}.")
        return wanted
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"
    with contextlib.suppress(OSError, ValueError):
        known_version, known = noted.read_text(encoding="utf-8").splitlines()
        if known_version == version():
            return known
    say(f"trying whether KVM works here (at most {PROOF_SECONDS} s)")
    accelerator = "kvm" if _boots_by_kvm(kernel) else "tcg"
    say(
        "KVM works"
        if accelerator == "kvm"
        else "KVM does not work here: the virtual machine is emulated, which is slow"
    )
    noted.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    noted.write_text(f"{version()}\n{accelerator}\n", encoding="utf-8")
    return accelerator


def _boots_by_kvm(kernel):
    """True if a kernel without a disk comes to its panic by KVM, upon which QEMU ends by itself."""
    with tempfile.TemporaryDirectory() as folder:
        console = pathlib.Path(folder) / "console"
        argv = [PROGRAM, *ACCELERATORS["kvm"], "-m", "512", "-nodefaults", "-display", "none", "-no-reboot"]
        argv += ["-serial", f"file:{console}", "-kernel", kernel, "-append", "console=ttyS0 panic=-1"]
        try:
            subprocess.run(
                argv,
                check=True,
                timeout=PROOF_SECONDS,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except (subprocess.SubprocessError, OSError):
            return False
        return "Unable to mount root fs" in console.read_text(encoding="utf-8", errors="replace")
