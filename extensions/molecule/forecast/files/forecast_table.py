# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run containers of the table, and look from outside whether each works: one process, on the host.

usage: forecast_table.py run TABLE PASS RESULT [OPTION...]   make the containers of a pass, with more options of `docker run`
       forecast_table.py look TABLE PASS RESULT              look at those that run already
       forecast_table.py seed TABLE                          make what belongs to the host: files and volumes
       forecast_table.py clean

TABLE is JSON: a list of rows, see vars/table.yml. PASS: settings, `a,b`: the rows that are of one of them. RESULT becomes
{row: {"works": bool, "why": text}}. Images and networks are made where they are missing, as whoever hardens would bring
them along. How long anything takes decides nothing: each row comes to an end that can be observed, see forecast_probe.py.
"""

import concurrent.futures
import json
import pathlib
import sys
import time

import forecast_host
import forecast_probe
from forecast_host import LABEL, docker, fill_in

# Of a pass. Whoever is not decided by then is neither broken nor works: that is a failure of the table.
MOST_SECONDS = 240
SHELL = "exec sleep 1d"
# The settings that a row is of which names none.
MAIN = ("userns-remap", "no-new-privileges", "icc")


def create(row, more):
    """Start a row's container; "" or why the engine does not."""
    probe = row.get("probe")
    if probe in forecast_host.OF_ENGINE:
        return forecast_host.try_engine(row)
    options = [fill_in(option, row) for option in row.get("options") or ()]
    arguments = ["--name", row["name"], "--label", LABEL, "--stop-signal", "KILL", *more, *options]
    arguments += [row.get("image", "busybox")]
    try:
        if probe == "created":
            docker("create", *arguments, "sleep", "1d")
        else:
            docker("run", "--detach", *arguments, "sh", "-c", fill_in(row.get("command") or SHELL, row))
    except RuntimeError as error:
        return str(error)
    return ""


def decide(rows, began):
    """{row: why it does not work, "" where it does}, once each has come to an end."""
    end, pending, results = time.monotonic() + MOST_SECONDS, {row["name"]: row for row in rows}, {}
    while pending:
        states = forecast_probe.states(list(pending))
        for name, row in list(pending.items()):
            why = forecast_probe.probe(row, states.get(name), began)
            if why is not None:
                results[name] = why
                del pending[name]
        if pending and time.monotonic() > end:
            reasons = {name: docker("logs", name, check=False)[-200:] for name in pending}
            sys.exit(f"not decided within {MOST_SECONDS} s: {reasons}")
        time.sleep(0.2 if pending else 0)
    return results


def run(rows, more):
    """{row: why} of all, those that others need first."""
    results, began = {}, time.time()
    for first in (True, False):
        group = [row for row in rows if bool(row.get("first")) is first]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            reasons = dict(zip([row["name"] for row in group], pool.map(lambda row: create(row, more), group)))
        running = [row for row in group if not reasons[row["name"]] and not row.get("probe")]
        results.update(reasons)
        results.update(decide(running, began))
    return results


def again(rows, results):
    """Look once more at all that worked, now that the last has come to its end."""
    good = [row["name"] for row in rows if not results[row["name"]] and not row.get("probe")]
    for name, state in forecast_probe.states(good).items():
        if not state["Running"]:
            results[name] = f"it ended with {state['ExitCode']}"
    for name, why in results.items():
        if why:
            results[name] = f"{why}: {docker('logs', name, check=False)[-200:]}"
    return results


def main():
    action, arguments = sys.argv[1], sys.argv[2:]
    if action == "clean":
        forecast_host.clean()
        return
    rows = json.loads(pathlib.Path(arguments[0]).read_text())
    if action == "seed":
        forecast_host.make_images()
        forecast_host.seed(rows)
        return
    settings = set(arguments[1].split(","))
    rows = [row for row in rows if row.get("of") == "all" or settings & set(row.get("of", MAIN))]
    if action == "look":
        # what they wrote and printed before says nothing
        rows = [{key: row.get(key) for key in ("name", "beats")} for row in rows if not row.get("probe")]
        results = decide(rows, time.time())
    else:
        forecast_host.clean()
        forecast_host.make_images()
        forecast_host.make_networks(rows)
        results = run(rows, arguments[3:])
    results = again(rows, results)
    pathlib.Path(arguments[2]).parent.mkdir(exist_ok=True)
    pathlib.Path(arguments[2]).write_text(
        json.dumps({name: {"works": not why, "why": why} for name, why in results.items()}, indent=1)
    )


if __name__ == "__main__":
    main()
