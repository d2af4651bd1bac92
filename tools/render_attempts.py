# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders docs/attempts.md from what the scenarios `attempts` and `hide` recorded.

`python -m ansible_collections.containment.docker.tools.render_attempts`; with `--check` it only compares. The committed
page is compared with this in tests/unit/docs.
"""

import sys
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.containment.docker.extensions.molecule.attempts.tests import states
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.tools import page

ROOT = Path(__file__).resolve().parents[1]
PATH = ROOT / "docs" / "attempts.md"
SYMBOLS = {
    states.REFUSED: "·",
    states.ABSENT: "–",
    states.LIVE: "live",
    states.RECREATED: "new",
    states.POLICY: "policy",
    states.OPEN: "open",
}
INTRODUCTION = """\
# What a container can really do, and which layer stops it

A program of our own (`extensions/molecule/attempts/files/probe`) attempts this inside containers, on a disposable host:
{ran_on}. It opens the
kernel's files and never writes them, mounts only in a mount namespace of its own and sends at most a ping. Each
container is run with one layer less, or some more, than Docker's default; then `harden` and `remediate` are run around
it (with the policy to stop what has a critical finding and can't be cured on the spot); then it is run anew, the same
way, on the hardened engine, and `remediate` again.

| Here | means |
| --- | --- |
| · | refused from the start |
| – | nothing there to attempt it on |
| live | worked; cured in the running container |
| new | worked; cured by running the container anew on the hardened engine (which may refuse to start it so) |
| policy | worked; `remediate` stopped the container |
| open | worked and still works, and a rule fails for that container, which says what to change in how it is run |

Rendered by `tools/render_attempts.py` from what the scenario `attempts` recorded and compares with each run; do
not edit."""


def load(name: str) -> Any:
    """A file of the scenario."""
    return yaml.safe_load((ROOT / "extensions" / "molecule" / "attempts" / "vars" / name).read_text(encoding="utf-8"))


HIDING = """\
## Who tries to hide from the audit

A program of our own (`extensions/molecule/hide`) is weak in one thread, capability set, namespace, control group,
mount or device and strong to look at, each case in a container of its own that passed before, unless it is weak
from its start: {ran_on}. A case counts as found when each rule that is about it
fails or is unknown for that container. Sound containers of odd make stand beside them, and must pass. So must the container whose
control group, name and namespaces others take. Found: **{found} of {guilty}**; not accused: **{spared} of {innocent}**."""


def load_hiding(name: str) -> Any:
    """A file of the scenario `hide`."""
    return yaml.safe_load((ROOT / "extensions" / "molecule" / "hide" / "vars" / name).read_text(encoding="utf-8"))


def render_hiding(table: dict, score: dict) -> str:
    """The section about the scenario `hide`. score: its ran_on and rows."""
    rows, sums = score["rows"], []
    for key in ("guilty", "innocent"):
        sums += [sum(rows[row["id"]][index] for row in table[key]) for index in (0, 1)]
    lines = [page.row(["Tries to", "Rules", "Cases", "Found"]), page.row(["---"] * 4)]
    for row in table["guilty"]:
        rules = ", ".join(f"[{rule}](rules.md#{rule})" for rule in row["rules"])
        tries = row["tries"]
        for axis, values in row.get("over", {}).items():
            tries = tries.replace("{%s}" % axis, " / ".join(map(str, values)))
        good, every = rows[row["id"]]
        lines.append(page.row([page.prose(tries), rules, str(every), str(good)]))
    words = dict(zip(("found", "guilty", "spared", "innocent"), sums))
    return HIDING.format(ran_on=score["ran_on"], **words) + "\n\n" + "\n".join(lines)


def render(attempts: list, configurations: list, matrix: dict) -> str:
    """The whole page."""
    rows = [attempt for attempt in attempts if states.is_shown_in(matrix["cells"][attempt["id"]])]
    rest = [attempt for attempt in attempts if attempt not in rows]
    blocks = [
        INTRODUCTION.format(ran_on=matrix["ran_on"]),
        _cells(rows, [configuration["name"] for configuration in configurations], matrix["cells"]),
        *[f"{page.prose(attempt['tries'])}: {page.prose(attempt['note'])}" for attempt in rows if "note" in attempt],
        "## The containers",
        _containers(configurations),
        "## Not shown",
        "These work in no configuration there: the kernel lacks what they need, or what runs the test hosts refuses it to "
        "all of them. So nothing is claimed of them.",
        "\n".join(f"- {attempt['id']}: {page.prose(attempt['tries'])}" for attempt in rest),
        "Rules about containers that no attempt above shows: " + ", ".join(_unshown_rules(rows)) + ".",
        render_hiding(load_hiding("cases.yml"), load_hiding("score.yml")),
    ]
    return "\n\n".join(blocks) + "\n"


def _cells(attempts: list, names: list[str], cells: dict) -> str:
    head = ["Attempt", "What stops it", "Rule that finds it", *names]
    rows = [page.row(head), page.row(["---"] * len(head))]
    for attempt in attempts:
        outcomes = [SYMBOLS[states.recorded_state(cells, attempt["id"], name)] for name in names]
        rules = ", ".join(f"[{rule}](rules.md#{rule})" for rule in attempt["rules"])
        rows.append(page.row([page.prose(attempt["tries"]), attempt["stops"], rules, *outcomes]))
    return "\n".join(rows)


def _containers(configurations: list) -> str:
    rows = [page.row(["Container", "Run with", "Engine before"]), page.row(["---"] * 3)]
    for configuration in configurations:
        run = f"`{configuration['run']}`" if configuration["run"] else "nothing else"
        rows.append(page.row([configuration["name"], run, configuration.get("engine", "packaged")]))
    return "\n".join(rows)


def _unshown_rules(attempts: list) -> list[str]:
    rules = {rule for attempt in attempts for rule in attempt["rules"]}
    return [f"[{rule.id}](rules.md#{rule.id})" for rule in RULES if rule.container and rule.id not in rules]


def rendered() -> str:
    """The page of the committed files."""
    return render(load("attempts.yml")["attempts"], load("configurations.yml")["configurations"], load("matrix.yml"))


if __name__ == "__main__":
    sys.exit(page.write_or_check(PATH, rendered(), "what the scenario recorded"))
