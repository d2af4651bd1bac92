# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lab hosts: a container with systemd as its init and the distribution's own Docker engine inside."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

import images
from paths import DOCKER_HOST, LabError, docker, docker_command, say, wait_until

BOOT_SECONDS = 90
BOOTED = ("running", "degraded")
VOLUMES = {"engine": "/var/lib/docker", "containerd": "/var/lib/containerd", "srv": "/srv"}
LABEL = "containment.lab"


def _machine_has_v1():
    with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as lines:
        return any(" - cgroup " in line for line in lines)


def default_cgroup():
    """The cgroup version that a host gets unless it is named: v1 where the machine can give it."""
    return "v1" if _machine_has_v1() else "v2"


def _inspect(name):
    done = docker("container", "inspect", name, check=False)
    return json.loads(done.stdout)[0] if done.returncode == 0 else None


def up(name, suite, cgroup=None):
    """Start host `name` and wait until its engine answers; one that already runs the same image is left alone."""
    cgroup = cgroup or default_cgroup()
    if cgroup == "v1" and not _machine_has_v1():
        raise LabError("this machine has only cgroup v2, so it cannot give a host cgroup v1: use --cgroup v2.")
    image = images.build(suite)
    wanted = f"{image} {cgroup}"
    container = _inspect(name)
    if container and container["State"]["Running"] and container["Config"]["Labels"].get(LABEL) == wanted:
        _wait(name)
        return
    if container:
        down(name)
    started = time.monotonic()
    docker(
        *(
            "run",
            "--detach",
            "--name",
            name,
            "--hostname",
            name,
            "--stop-signal",
            "SIGRTMIN+3",
            "--label",
            f"{LABEL}={wanted}",
        ),
        *("--cgroupns", "private", "--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE"),
        *("--security-opt", "seccomp=unconfined", "--security-opt", "systempaths=unconfined"),
        *("--security-opt", "apparmor=unconfined", "--env", "container=docker"),
        *("--tmpfs", "/run:exec,mode=0755", "--tmpfs", "/run/lock", "--tmpfs", "/tmp:exec,mode=1777"),
        *(item for key, path in VOLUMES.items() for item in ("--volume", f"{name}-{key}:{path}")),
        *(image, "/opt/lab/init", cgroup),
    )
    _wait(name)
    say(f"host {name} ({suite}, cgroup {cgroup}) is up after {time.monotonic() - started:.1f} s")


def up_all(wanted):
    """Start several hosts, {name, suite, cgroup}, at once; {name: why it did not come up, "" where it did}."""
    reasons = {host["name"]: _failure(images.build, host["suite"]) for host in wanted}  # each takes all processors
    built = [host for host in wanted if not reasons[host["name"]]]
    with ThreadPoolExecutor() as executor:
        failures = executor.map(lambda host: _failure(up, host["name"], host["suite"], host["cgroup"]), built)
    return {**reasons, **dict(zip([host["name"] for host in built], failures))}


def _failure(action, *arguments):
    try:
        action(*arguments)
    except LabError as error:
        return str(error)
    return ""


def _wait(name):
    """Until systemd has booted and the engine inside answers; otherwise LabError with the journal's tail."""
    deadline = time.monotonic() + BOOT_SECONDS
    system = wait_until(lambda: _boot_result(name), BOOT_SECONDS)
    engine = ""
    if system in BOOTED:
        engine = wait_until(lambda: _engine_result(name), max(1, deadline - time.monotonic()))
    if engine != "answers":
        what = f"systemd: {system or 'no answer'}, engine: {engine or 'no answer'}"
        raise LabError(f"host {name} did not come up within {BOOT_SECONDS} s ({what}).\n{_tail(name)}")
    if system == "degraded":
        failed = execute(name, "systemctl", "--failed", "--plain", "--no-legend").stdout.strip()
        say(f"host {name} is degraded: {failed}")


def _boot_result(name):
    """How the boot ended, as systemd names it or "stopped"; "" while it goes on."""
    state = execute(name, "systemctl", "is-system-running").stdout.strip()
    if state in BOOTED:
        return state
    return "" if _inspect(name)["State"]["Running"] else "stopped"


def _engine_result(name):
    """How the engine's start ended; "" while it goes on. Asks systemd first: connecting could start the engine."""
    unit = execute(name, "systemctl", "is-active", "docker.service").stdout.strip()
    if unit != "active":
        return "" if unit == "activating" else unit
    info = execute(name, "docker", "info", "--format", "{{.ServerVersion}}")
    return "answers" if info.returncode == 0 else ""


def _tail(name):
    journal = execute(name, "journalctl", "--no-pager", "-n", "30").stdout.splitlines()
    lines = journal or docker("logs", "--tail", "30", name, check=False).stderr.splitlines()
    return "\n".join(line[:240] for line in lines)


def execute(name, *command):
    """Run a command in the host; returns CompletedProcess, never raises for its exit status."""
    return docker("exec", name, *command, check=False)


def exec_here(name, command):
    """Become `docker exec NAME COMMAND`, with this process's own input and output."""
    os.environ["DOCKER_HOST"] = DOCKER_HOST
    os.execvp(docker_command(), ["docker", "exec", "-i", name, *command])


def down(name):
    """Remove host `name` and its engine's data; none is not an error."""
    container = _inspect(name)
    if container:
        if container["State"]["Running"]:  # processes of a paused container can't be killed under cgroup v1
            thaw = "docker ps --quiet --filter status=paused | xargs --no-run-if-empty docker unpause"
            docker("exec", name, "timeout", "20", "sh", "-c", thaw, check=False)
        docker("rm", "--force", "--volumes", name)
    docker("volume", "rm", "--force", *(f"{name}-{key}" for key in VOLUMES))


def down_all(names):
    """Remove several hosts and their data at once."""
    with ThreadPoolExecutor() as executor:
        list(executor.map(down, names))


def running():
    """Names of the hosts that run."""
    return docker("ps", "--filter", f"label={LABEL}", "--format", "{{.Names}}").stdout.split()
