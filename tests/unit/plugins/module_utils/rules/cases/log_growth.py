# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule log-growth."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..recorded import EVERY_CREATED, EVERY_RECORDED
from ..subjects import GONE, Case, both

LOG = ("inspect", "HostConfig", "LogConfig")
STOPPED = {("log_size",): GONE}
OPTIONS = {"max-size": "10m", "max-file": "3"}


def make_good(kind, evidence):
    """Logs of at most 30 MB, by the daemon's default, which the engine writes into each container."""
    if kind == "daemon":
        for key in ("configured", "running"):
            evidence[key]["log-opts"] = dict(OPTIONS)
    if kind == "container":
        evidence["inspect"]["HostConfig"]["LogConfig"] = {"Type": "json-file", "Config": dict(OPTIONS)}
        evidence["log_size"] = 1234


def log(driver, **options):
    return {LOG: {"Type": driver, "Config": {key.replace("_", "-"): value for key, value in options.items()}}}


def daemon(layer, driver, options):
    return {(layer, "log-driver"): driver, (layer, "log-opts"): options}


CASES = (
    Case("container", "pass", "json-file with a limit", seen="may have 30000000"),
    Case("container", "fail", "json-file, null for options", {LOG: {"Type": "json-file", "Config": None}}, "no limit"),
    Case("container", "fail", "json-file without max-size", log("json-file", max_file="3"), "no limit"),
    Case("container", "fail", "json-file with max-size -1", log("json-file", max_size="-1"), "no limit"),
    Case("container", "fail", "stopped", both(log("json-file"), STOPPED), "grows without end"),
    Case("container", "pass", "stopped, with a limit", STOPPED, "30000000 bytes at most"),
    Case("container", "pass", "local without options", log("local"), "may have 100000000"),
    Case("container", "pass", "journald", log("journald"), "no growing file"),
    Case("container", "pass", "none", log("none"), "no growing file"),
    Case("container", "fail", "a file larger than it may be", {("log_size",): 200000000}, "more than the 30000000"),
    Case("container", "pass", "a file that is being rotated", {("log_size",): 31000000}),
    Case("container", "unknown", "the directory can't be read", {("log_size",): Unreadable("no")}, "no"),
    Case("container", "unknown", "a size that none is", both(log("json-file", max_size="much"), STOPPED), "is no size"),
    Case("container", "unknown", "no number of files", both(log("local", max_file="x"), STOPPED), "no number of files"),
    Case("daemon", "pass", "a limit"),
    Case("daemon", "pass", "local", daemon("running", "local", {}), "100000000"),
    Case("daemon", "fail", "the default", {("running", "log-opts"): GONE}, "without max-size"),
    Case("daemon", "fail", "file edited, not restarted", daemon("running", "json-file", {}), "grows without end"),
    Case("daemon", "unknown", "can't be told", {"running": Unreadable("changed after the daemon started")}, "changed"),
)

RECORDED = dict.fromkeys(EVERY_RECORDED, ["add --log-opt=max-size=SIZE"])
CREATED = dict.fromkeys(EVERY_CREATED, [("add", "--log-opt=max-size=SIZE", "logging: {options: {max-size: SIZE}}")])
