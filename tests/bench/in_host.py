# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs in the measured host: runs commands in turn and prints what the kernel says that they cost, as JSON.

in_host.py '{"rounds": 3, "commands": {"name": ["argv", …]}}' prints {"name": [sample, …]}. A sample has cpu_own,
cpu_children, cpu_engine and wall in seconds, memory in KiB, started (processes and threads), and of a module's
answer the containers that it judged, its findings and how many of them are unknown.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

_SCHEDULED = 2  # linux: include/linux/posix-timers_types.h, CPUCLOCK_SCHED


def cpu_seconds(pid):
    """The CPU time of all threads of a process, in nanosecond steps (/proc/<pid>/stat has steps of 10 ms)."""
    return time.clock_gettime((~pid << 3) | _SCHEDULED)


def main_pid(unit):
    """The pid of a unit's main process."""
    return int(subprocess.check_output(["systemctl", "show", "--property=MainPID", "--value", unit]))


def next_pid():
    """Pids are handed out in turn, and this host has a pid namespace of its own: their distance counts what was
    started in between, threads included.
    """
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return pid


def measure(argv, engine, output):
    """One sample; SystemExit if the command fails."""
    before, start = sum(map(cpu_seconds, engine)), time.monotonic()
    first = next_pid()
    pid = os.fork()
    if pid == 0:
        os.dup2(output.fileno(), 1)
        os.execvp(argv[0], argv)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # it has ended and can still be asked
    wall, own = time.monotonic() - start, cpu_seconds(pid)
    _pid, status, usage = os.wait4(pid, 0)
    started = next_pid() - first - 1
    after = sum(map(cpu_seconds, engine))
    if status:
        sys.exit("in_host: %r failed (%d): %s" % (argv, status, open(output.name).read()[-2000:]))
    return {
        "cpu_own": own,
        "cpu_children": max(0.0, usage.ru_utime + usage.ru_stime - own),
        "cpu_engine": after - before,
        "wall": wall,
        "memory": usage.ru_maxrss,
        "started": started if started > 0 else None,  # below zero: the pids began anew
    }


def judged(text):
    """What a module's answer says; {} for the answer of another command."""
    answer = json.loads(text)
    if not isinstance(answer, dict) or "findings" not in answer:
        return {}
    findings = [finding for finding in answer["findings"] if finding["subject"].startswith("container:")]
    return {
        "containers": len(answer["containers"]),
        "findings": sum(answer["counts"].values()),
        "unknown": sum(finding["status"] == "unknown" for finding in findings),
        "bytes": len(text.encode()),
    }


def main():
    """What the command line says."""
    job = json.loads(sys.argv[1])
    engine = [main_pid("docker.service"), main_pid("containerd.service")]
    samples = {name: [] for name in job["commands"]}
    for _round in range(job["rounds"]):
        for name, argv in job["commands"].items():  # in turn, so that a busy moment hits all alike
            with tempfile.NamedTemporaryFile("r+", encoding="utf-8") as output:
                sample = measure(argv, engine, output)
                output.seek(0)  # the command has moved the position that both share
                sample.update(judged(output.read()))
            samples[name].append(sample)
    json.dump(samples, sys.stdout)


if __name__ == "__main__":
    main()
