# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The main job on a disposable Docker host: audit, harden, audit again. KEEP=1 keeps the host."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
OUT = BUILD / "demo"
LAB = [sys.executable, str(ROOT / "lab/lab.py")]
HOST, SUITE = "demo", "trixie"

sys.path.insert(0, str(BUILD / "collections"))


def say(text):
    """What is being done, on a line of its own."""
    print(f"\n== {text}", flush=True)


def playbook(name, log, **variables):
    """Run one of the collection's playbooks against the demo's host; its output goes to a file, or here if it fails."""
    lab = dict(line.split("=", 1) for line in subprocess.check_output(LAB + ["env"], text=True).split())
    inventory = {
        "all": {
            "hosts": {
                HOST: {
                    "ansible_connection": "community.docker.docker",
                    "ansible_host": HOST,
                    "ansible_python_interpreter": "/usr/bin/python3",
                    "ansible_pipelining": True,
                    "ansible_become": False,
                }
            }
        }
    }
    (OUT / "inventory.json").write_text(json.dumps(inventory, indent=2), encoding="utf-8")
    command = [
        str(BUILD / "venv/bin/ansible-playbook"),
        "-i",
        str(OUT / "inventory.json"),
        f"containment.docker.{name}",
        "--extra-vars",
        json.dumps(variables),
    ]
    environment = dict(
        os.environ,
        **lab,
        ANSIBLE_COLLECTIONS_PATH=str(BUILD / "collections"),
        ANSIBLE_LOCALHOST_WARNING="false",
        ANSIBLE_NOCOLOR="1",
        PATH=f"{BUILD / 'venv/bin'}:{os.environ['PATH']}",
    )
    print("   ansible-playbook -i inventory containment.docker." + name, flush=True)
    done = subprocess.run(
        command, env=environment, cwd=OUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    (OUT / log).write_bytes(done.stdout)
    if done.returncode:
        sys.exit(
            done.stdout.decode() + f"\n{name} failed; the host is kept: {' '.join(LAB[1:])} host exec {HOST} -- bash"
        )


def audit(when):
    """Audit, show what to do and what does not hold; returns the counts by status."""
    playbook("audit", f"audit-{when}.log", docker_audit_fail_on="never", docker_audit_report_directory=str(OUT))
    (OUT / f"{HOST}.json").rename(OUT / f"result-{when}.json")
    (OUT / f"{HOST}.md").rename(OUT / f"report-{when}.md")
    result = json.loads((OUT / f"result-{when}.json").read_text(encoding="utf-8"))
    jsonschema.validate(result, json.loads((ROOT / "docs/result.schema.json").read_text(encoding="utf-8")))
    from ansible_collections.containment.docker.plugins.plugin_utils.report.as_lines import findings_to_lines

    print("\n".join(findings_to_lines({**result, "last": {}})), flush=True)
    return result["counts"]


def in_host(script):
    """Run a shell script in the host."""
    subprocess.run(LAB + ["host", "exec", HOST, "--", "sh"], input=script, check=True)


def main():
    """The demo."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    say(
        f"Starting a disposable Docker host ({SUITE}, systemd, a dockerd of its own); the first time its image is built"
    )
    subprocess.run(LAB + ["host", "down", HOST], check=True)
    subprocess.run(LAB + ["host", "up", HOST, SUITE], check=True)
    containers = (Path(__file__).parent / "containers.sh").read_bytes()
    try:
        say("Starting containers on it, some well and some badly contained")
        in_host(containers)
        say("Auditing the host as it is")
        before = audit("before")
        say("Hardening the daemon (the switch to user namespaces moves the data root, so this stops the containers)")
        playbook("harden", "harden.log", docker_daemon_accept_new_data_root=True)
        say("Starting the same containers on the hardened daemon, as their owners would")
        in_host(containers)
        say("Auditing again")
        after = audit("after")
    finally:
        if os.environ.get("KEEP"):
            print(f"\nThe host is kept: python3 lab/lab.py host exec {HOST} -- bash")
        else:
            subprocess.run(LAB + ["host", "down", HOST], check=True)
    say("What changed")
    for when, counts in (("before", before), ("after", after)):
        print(f"   {when}: {counts['fail']} of {sum(counts.values())} findings fail")
    print("   build/demo/: result-before.json, result-after.json, report-before.md, report-after.md")


if __name__ == "__main__":
    main()
