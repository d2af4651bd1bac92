# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real dockerd starts, or doesn't, with each configuration as the unit tests take for true (samples/starts*.json).

A part of them in each run. All, by hand: start_dockerd.py start <cases.json on a host (see there).
"""

import base64
import json
import re
from pathlib import Path

UNITS = Path(__file__).resolve().parents[4] / "tests" / "unit" / "plugins" / "module_utils"
RECORDED = json.loads((UNITS / "dockerd" / "samples" / "starts.json").read_text(encoding="utf-8"))
RECORDED["29.7"] = json.loads((UNITS / "dockerd" / "samples" / "starts_29.json").read_text(encoding="utf-8"))
SCRIPT = Path(__file__).parents[1] / "files" / "start_dockerd.py"
# What depends on the host's control groups is left to the run by hand.
CASES = [name for name in sorted(RECORDED["26.1.5"]) if not re.search("cgroup|cpu-rt| --", name)][::10]


def _release(version):
    return tuple(int(part) for part in version.split(".")[:2])


def test_dockerd_starts_with_the_same_configurations(host):
    version = re.search(r"version ([0-9.]+)", host.check_output("dockerd --version")).group(1)
    recorded = RECORDED[max((known for known in RECORDED if _release(known) <= _release(version)), key=_release)]
    cases = {name: {"config": json.loads(name)} for name in CASES}
    files = {"start.py": SCRIPT.read_bytes(), "cases.json": json.dumps(cases).encode()}
    for name, data in files.items():
        host.check_output("echo %s | base64 -d >/srv/%s", base64.b64encode(data).decode(), name)
    reasons = json.loads(host.check_output("python3 /srv/start.py start </srv/cases.json"))
    assert len(reasons) >= 15
    assert {name: reasons[name] for name in reasons if bool(reasons[name]) != bool(recorded[name])} == {}
