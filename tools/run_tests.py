# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run every nox session (or those named on the command line) and add up what they ran.

Three at a time: one of the Molecule scenarios on the hosts that those share, one of all others, and beside these, giving way to
them, one that only computes and so takes the moments in which hosts are waited for. The last line reads "N passed, N failed";
before it stands, by name, what could not run on this machine, and last what failed and how. Exit status 1 if anything failed or a
session that should run tests ran none.
"""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time
from typing import NamedTuple

import junit
import matrix

ROOT = pathlib.Path(__file__).resolve().parents[1]
RESULTS = ROOT / "build" / "results"
NOX = ROOT / "build" / "venv" / "bin" / "nox"
LAB = [sys.executable, str(ROOT / "lab" / "lab.py")]
MOLECULE = "molecule-"
# Not on the hosts that the others share, so beside them.
OWN_HOST = ("molecule-selinux", "molecule-faked_rhel")
# Begun first, longest first, so that no long one is left alone at the end.
LONGEST = (
    *OWN_HOST,
    "commands",
    "sanity-newest",
    "units-3.13",
    "units-3.10",
    "sanity-2.16",
    "ansible-test-integration",
    "ansible-lint",
)
# They start no host and wait for nothing outside of their own processes.
ONLY_COMPUTE = ("units-", "mypy", "docs", "codeqa", "ansible-lint")
GIVES_WAY = 5  # its niceness: a session that computes gets a third of what another one gets while both want to run
MACHINE = "molecule-selinux"
COUNTED = (
    "units-",
    "sanity-",
    "molecule-",
    "browser",
    "monitoring",
    "commands",
)  # these leave JUnit files; any other session counts as one test
ONLY_TRIGGERS_OTHERS = ("lint",)
SESSION_SECONDS = 1800
TOLD_TESTS = 20  # of the failed ones, with their messages, at the end
TOLD_LINES = 25  # of the log of a failed session whose tests don't say it
SAYING = threading.Lock()


class Outcome(NamedTuple):
    """What one session did: tests passed and failed, and the seconds it took."""

    name: str
    passed: int
    failed: int
    seconds: float


def sessions():
    """Names of the sessions that nox runs by default."""
    listed = subprocess.run(
        [NOX, "--list", "--json"], check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, cwd=ROOT
    )
    names = [item["session"] for item in json.loads(listed.stdout) if item.get("default", True)]
    return [name for name in names if name not in (*ONLY_TRIGGERS_OTHERS, "matrix-generator")]


def run(name, niceness=0):
    """Run one session; its output goes to build/results/NAME.log, and to the terminal if it failed."""
    log = RESULTS / f"{name}.log"
    started = time.monotonic()
    # CI=true: formatters check instead of changing files
    environment = dict(os.environ, CI="true")
    with open(log, "wb") as output:
        process = subprocess.Popen(
            ["nice", "-n", str(niceness), NOX, "--session", name],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )
        if niceness:
            weigh_session(process.pid, niceness)
        try:
            status = process.wait(timeout=SESSION_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            status = "time-out"
    outcome = judge(name, status, time.monotonic() - started)
    with SAYING:
        if outcome.failed:
            print(f"\n===== {name} failed; the end of {log.relative_to(ROOT)}:")
            print("\n".join(end_of(log, 80)))
            print(f"===== end of {name}\n")
        print(
            f"{'failed' if outcome.failed else 'ok':6} {name:28} {outcome.passed:5} passed {outcome.seconds:6.0f} s",
            flush=True,
        )
    return outcome


def weigh_session(pid, niceness):
    """A kernel with autogroup shares the processors among sessions, and heeds a process's niceness only within its own."""
    with contextlib.suppress(OSError):  # a kernel without
        pathlib.Path(f"/proc/{pid}/autogroup").write_text(str(niceness), encoding="ascii")


def judge(name, status, seconds):
    """Outcome from the exit status and the JUnit files; no file where there should be one is a failure."""
    if not name.startswith(COUNTED):
        return Outcome(name, int(status == 0), int(status != 0), seconds)
    counts = [junit.count(report) for report in reports(name)]
    passed, failed = sum(item[0] for item in counts), sum(item[1] for item in counts)
    if (status != 0 or passed == 0) and not failed:
        failed = 1
    return Outcome(name, passed, failed, seconds)


def reports(name):
    """The JUnit files of a session."""
    return sorted(RESULTS.glob(f"{name}.xml")) + sorted(RESULTS.glob(f"{name}-ansible-test-*.xml"))


def on_shared_hosts(name):
    """True for a scenario that can't run beside another one."""
    return name.startswith(MOLECULE) and name not in OWN_HOST


class Waiting:
    """The sessions that nobody has begun. Only one runner may ask for those on shared hosts."""

    def __init__(self, names):
        self.shared = [name for name in names if on_shared_hosts(name)]
        self.others = [name for name in LONGEST if name in names]
        self.others += [name for name in names if name not in self.shared + self.others]
        self.lock = threading.Lock()

    def next(self, kind):
        """The next one, or None. kind: "shared" takes those on shared hosts first, "computing" nothing but what only computes."""
        with self.lock:
            names = self.shared if kind == "shared" and self.shared else self.others
            wanted = ONLY_COMPUTE if kind == "computing" else ""
            name = next((name for name in names if name.startswith(wanted)), None)
            if name:
                names.remove(name)
            return name


def run_all(names):
    """The Outcome of each session, in the order of names."""
    waiting = Waiting(names)

    def runner(kind):
        niceness = GIVES_WAY if kind == "computing" else 0
        return [run(name, niceness) for name in iter(lambda: waiting.next(kind), None)]

    with concurrent.futures.ThreadPoolExecutor(max_workers=3) as executor:
        outcomes = [outcome for done in executor.map(runner, ("shared", "other", "computing")) for outcome in done]
    return sorted(outcomes, key=lambda outcome: names.index(outcome.name))


def not_run(names):
    """Sentences on what did not run beside the sessions `names`, and whether that fails the run (on CI it does)."""
    texts = matrix.not_on_this_machine()
    by_hand = {MOLECULE + scenario: why for scenario, why in matrix.BY_HAND.items()}
    texts += [f"{name}: {why}; run it by `nox -s {name}`" for name, why in by_hand.items() if name not in names]
    texts += [path.read_text(encoding="utf-8").strip() for path in sorted(RESULTS.glob("not-run-*.txt"))]
    for name in names:
        texts += [f"{name}: {count} skipped: {reason}" for reason, count in junit.skips(reports(name)).items()]
    lacking = [version for version in matrix.interpreters.missing() if version in matrix.CI_HAS]
    return texts, bool(lacking) and os.environ.get("CI") == "true"


def main():
    """Run all; returns the exit status."""
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    names = sys.argv[1:] or sessions()
    was_up = bool(subprocess.run([*LAB, "engine", "status"], check=False, stdout=subprocess.PIPE).stdout)
    print(f"{len(names)} sessions; logs in {RESULTS.relative_to(ROOT)}/", flush=True)
    try:
        outcomes = run_all(names)
    finally:
        # a session that was ended by force leaves it
        subprocess.run([*LAB, "vm", "down", MACHINE], check=False)
        if not was_up:
            subprocess.run([*LAB, "engine", "down"], check=False)
    return summary(names, outcomes)


def summary(names, outcomes):
    """Print what ran, what could not, and the sum; returns the exit status."""
    print("\nSummary")
    for outcome in outcomes:
        print(f"  {outcome.name:28} {outcome.passed:5} passed {outcome.failed:3} failed {outcome.seconds:6.0f} s")
    texts, fails = not_run(names)
    if texts:
        print("\nNOT RUN on this machine:")
        print("\n".join(f"  - {text}" for text in texts))
    for line in what_failed([outcome.name for outcome in outcomes if outcome.failed]):
        print(line)
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes) + fails
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return int(failed > 0 or passed == 0 or len(outcomes) != len(names))


def what_failed(names):
    """Lines on the failed tests of these sessions; of a session whose tests tell nothing, the end of its log."""
    lines, tests = [], 0
    for name in names:
        failures = junit.failures(reports(name))
        for failure in failures[: max(0, TOLD_TESTS - tests)]:
            lines += ["", f"FAILED {name}: {failure.test}", *(f"    {line}" for line in failure.lines)]
        tests += len(failures)
        if not failures:
            log = RESULTS / f"{name}.log"
            lines += ["", f"FAILED {name}; the end of {log.relative_to(ROOT)}:"]
            lines += [f"    {line}" for line in end_of(log, TOLD_LINES)]
    if tests > TOLD_TESTS:
        lines += ["", f"and {tests - TOLD_TESTS} failed tests more"]
    return lines


def end_of(log, lines):
    """The last lines of a log."""
    return log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]


if __name__ == "__main__":
    sys.exit(main())
