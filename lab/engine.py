# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lab's own Docker engine: own socket, data, mount and network namespace, so that it touches no other engine.

The engine's bridge and its packet filter live in the network namespace, its mounts in the mount namespace: both go
when the process goes.
"""

import contextlib
import glob
import os
import pathlib
import shutil
import signal
import subprocess

import process
from paths import DATA, DOCKER_HOST, HERE, NAME, OWN_NAME, RUN, LabError, docker, lock, run, say, wait_until

LOG = DATA / "engine.log"
RECORD = RUN / "engine.pid"
CGROUP = f"/{OWN_NAME}"
START_SECONDS = 60
STOP_SECONDS = 60


def running_pid():
    """The pid of the lab's engine, or None."""
    return process.recorded(RECORD, "dockerd")


def answers():
    """True if the engine answers on its socket."""
    return docker("version", "--format", "{{.Server.Version}}", check=False, timeout=30).returncode == 0


def up():
    """Start the engine unless it runs; returns its DOCKER_HOST."""
    with lock("engine"):
        if running_pid() and answers():
            return DOCKER_HOST
        _stop()
        _start()
    return DOCKER_HOST


def _start():
    for folder in (DATA / "engine", RUN, RUN / "exec", RUN / "client"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = DATA / "daemon.json"
    config.write_text("{}\n", encoding="ascii")  # not the machine's /etc/docker/daemon.json
    say(f"starting the lab's own Docker engine (log: {LOG})")
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"
    environment = {"PATH": path, "HOME": str(DATA), "TMPDIR": "/tmp"}
    command = [
        "unshare",
        "--net",
        "--mount",
        "--propagation",
        "private",
        "sh",
        HERE / "engine.sh",
        DATA,
        RUN,
        config,
        CGROUP,
    ]
    with open(LOG, "wb") as log:
        started = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=environment,
            cwd="/",
        )
    process.record(RECORD, started.pid)
    wait_until(lambda: started.poll() is not None or answers(), START_SECONDS, every=0.3)
    if started.poll() is not None or not answers():
        tail = LOG.read_text(encoding="utf-8", errors="replace")[-3000:]
        _stop()
        raise LabError(f"the lab's engine did not start within {START_SECONDS} s. Its log ends:\n{tail}")


def down():
    """Stop the engine and every container on it; images and data stay."""
    with lock("engine"):
        _stop()


def _stop():
    pid = running_pid()
    if pid:
        say("stopping the lab's Docker engine")
        started = process.start_time(pid)
        numbers = docker("ps", "--quiet", check=False, timeout=30).stdout.split()
        if numbers:
            docker("kill", *numbers, check=False, timeout=60)
        os.kill(pid, signal.SIGTERM)
        if not wait_until(lambda: process.start_time(pid) != started, STOP_SECONDS):
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda: process.start_time(pid) != started, 10)
    _end_leftovers()
    shutil.rmtree(RUN, ignore_errors=True)
    # Mount points that engine.sh may have had to make. Who removes one ends what another lab has mounted on it, in its
    # own mount namespace too.
    folders = [] if _other_labs() else ["/run/containerd", "/etc/docker"]
    for folder in [*glob.glob(f"/sys/fs/cgroup{CGROUP}"), *glob.glob(f"/sys/fs/cgroup/*{CGROUP}"), *folders]:
        with contextlib.suppress(OSError):
            os.rmdir(folder)


def _other_labs(run=RUN):
    """The run folders of other homes' labs."""
    return [
        folder for folder in run.parent.glob(f"{NAME}*") if folder.is_dir() and folder.suffix != ".vm" and folder != run
    ]


def _end_leftovers():
    """After an engine that died hard: end what still runs in its control groups (which only it fills)."""

    def list_pids():
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f":{CGROUP}/" in (entry / "cgroup").read_text(encoding="utf-8", errors="replace"):
                    yield int(entry.name)

    for pid in list_pids():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not list(list_pids()), 10)


def clean():
    """Stop the engine and remove everything the lab ever made (installed packages aside)."""
    if not DATA.exists() and not RUN.exists():
        return
    down()
    points = run(["findmnt", "-rno", "TARGET"], check=False).stdout.split("\n")
    for target in sorted((item for item in points if item.startswith(f"{DATA}/")), reverse=True):
        run(["umount", "-l", target], check=False)
    say(f"removing {DATA}")
    shutil.rmtree(DATA)
