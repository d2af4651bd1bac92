# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs on the host: `run.py start FILE` starts a container for each case, `run.py act FILE` has each be weak.

FILE: the cases as JSON, and what cases.yml says is strong. Prints {id of the case: why it could not be done} as JSON.
"""

import concurrent.futures
import json
import shlex
import subprocess
import sys
import time

IMAGE, PROGRAM = "hide", "/hide"


def run(*command, **more):
    pipe = subprocess.PIPE
    done = subprocess.run(command, check=False, stdout=pipe, stderr=pipe, universal_newlines=True, timeout=120, **more)
    if done.returncode:
        raise RuntimeError("%s: %s" % (" ".join(command[:4]), done.stderr.strip()[:300]))
    return done.stdout.strip()


def shell(text):
    return run("bash", "-euc", "root=/sys/fs/cgroup; [ -e $root/cgroup.procs ] || root=$root/pids\n" + text)


def victim():
    return run("docker", "inspect", "--format", "{{.Id}}", "victim")


def filled(text, **values):
    for name, value in values.items():
        text = text.replace("{%s}" % name, str(value))
    return text


def start(case, strong, victim_id):
    if case["prepare"]:
        shell(case["prepare"])
    options = shlex.split(strong) + shlex.split(filled(case["run"], victim=victim_id))
    own = case["does"] if case["exec"] is None else []
    words = [filled(word, victim=victim_id) for word in own]
    run("docker", "run", "--detach", "--stop-timeout", "1", "--name", case["id"], *(options + [IMAGE, PROGRAM] + words))


def pids(name):
    """The container's processes, by the engine's word."""
    lines = run("docker", "top", name, "-eo", "pid,comm").splitlines()[1:]
    return {int(line.split()[0]) for line in lines}


def act(case, _strong, victim_id):
    if case["exec"] is None:
        if case["host"]:
            shell(filled(case["host"], victim=victim_id, name=case["id"]))
        return
    before = pids(case["id"])
    words = [filled(word, victim=victim_id) for word in case["does"]]
    run("docker", "exec", "--detach", *(shlex.split(case["exec"]) + [case["id"], PROGRAM] + words))
    time.sleep(0.3)
    new = sorted(pids(case["id"]) - before)
    if not new:
        raise RuntimeError("its process ended")
    for pid in new if case["host"] else ():
        shell(filled(case["host"], victim=victim_id, name=case["id"], pid=pid))


def main():
    step, path = sys.argv[1:]
    with open(path) as stream:
        table = json.load(stream)
    if step == "start":
        options = shlex.split(table["strong"]) + ["--ipc", "shareable"]
        run("docker", "run", "--detach", "--stop-timeout", "1", "--name", "victim", *(options + [IMAGE, PROGRAM]))
    victim_id = victim()
    work = start if step == "start" else act

    def one(case):
        try:
            return work(case, table["strong"], victim_id)
        except (RuntimeError, subprocess.SubprocessError, OSError, ValueError) as error:
            return str(error)

    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as executor:
        reasons = list(executor.map(one, table["cases"]))
    print(json.dumps({case["id"]: reason for case, reason in zip(table["cases"], reasons) if reason}))


main()
