# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measurements in, Markdown that can be read in a terminal out. Pure. `report.py bench.json` prints it again."""

import json
import statistics
import sys

import ratios

AT = 200  # containers, for which a goal is set


def median(samples, *keys):
    """The median of the sum of these keys, over the samples that have them."""
    return statistics.median(
        sum(sample[key] for key in keys) for sample in samples if all(sample[key] is not None for key in keys)
    )


def line(points):
    """(growth for each container, value without any) by least squares through [(containers, value)]."""
    return statistics.linear_regression(*zip(*points))


def table(head, rows):
    """A Markdown table with padded columns."""
    rows = [head, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    padded = [[row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:]))] for row in rows]
    dashes = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [padded[0], dashes, *padded[1:]])


def series(results, name, *keys):
    """[(containers, median)] of ordinary containers."""
    return [(count, median(samples[name], *keys)) for count, samples in results["ordinary"]]


def row(title, points, factor, style, growth_style):
    """A line of the table: the values, and the growth for each container."""
    return [title, *(style % (value * factor) for _count, value in points), growth_style % (line(points)[0] * factor)]


def ratio(title, over, under):
    """A line of ratios; the last is that of the growths, if there is one."""
    cells = ["%.2f" % (a / b) for (_n, a), (_m, b) in zip(over, under)]
    growth = line(under)[0]
    return [title, *cells, "%.2f" % (line(over)[0] / growth) if growth > 0 else "–"]


def audit_table(results):
    """The audit itself beside an empty module and docker inspect."""
    whole = series(results, "posture_info", "cpu_own", "cpu_children")
    inspect = series(results, "inspect", "cpu_own", "cpu_children")
    both = series(results, "posture_info", "cpu_own", "cpu_children", "cpu_engine")
    inspect_both = series(results, "inspect", "cpu_own", "cpu_children", "cpu_engine")

    def milliseconds(title, points):
        return row(title, points, 1000, "%.0f", "%.2f")

    return table(
        ["CPU in ms", *(f"N={count}" for count, _samples in results["ordinary"]), "per container"],
        [
            milliseconds("posture_info, the module and its children", whole),
            milliseconds("… of which its children", series(results, "posture_info", "cpu_children")),
            milliseconds("… dockerd and containerd meanwhile", series(results, "posture_info", "cpu_engine")),
            milliseconds("… wall time", series(results, "posture_info", "wall")),
            milliseconds("the audit in it without Ansible's module around it", own(results)),
            milliseconds("ansible.builtin.ping, the same way: what any module costs", empty(results)),
            milliseconds("the limit: Python that only asks for the inspects and reads four files each", limit(results)),
            milliseconds("docker inspect $(docker ps -aq)", inspect),
            milliseconds("… dockerd and containerd meanwhile", series(results, "inspect", "cpu_engine")),
            milliseconds("… wall time", series(results, "inspect", "wall")),
            ratio("the audit in posture_info ÷ the limit", own(results), limit(results)),
            ratio("posture_info ÷ ansible.builtin.ping, the module alone", whole, empty(results)),
            ratio("posture_info ÷ docker inspect, without the engine", whole, inspect),
            ratio("posture_info ÷ docker inspect, with the engine", both, inspect_both),
            row("KB of posture_info's result", series(results, "posture_info", "bytes"), 0.001, "%.0f", "%.2f"),
            row("processes and threads that posture_info started", started(results), 1, "%d", "%.2f"),
        ],
    )


def own(results):
    """[(containers, CPU seconds of this collection's part: to collect and to judge)]"""
    return series(results, "audit", "cpu_own", "cpu_children")


def limit(results):
    """[(containers, CPU seconds of the least that Python can do here)]"""
    return series(results, "limit", "cpu_own", "cpu_children")


def empty(results):
    """[(containers, CPU seconds of ansible.builtin.ping)]"""
    return series(results, "ping", "cpu_own", "cpu_children")


def started(results):
    """[(containers, processes and threads started)]"""
    return series(results, "posture_info", "started")


def play_table(results):
    """A whole play each."""
    cpu = {
        name: {
            part: [(count, sum(plays[name][p] for p in parts)) for count, plays in results["plays"]]
            for part, parts in {"whole": ("controller", "target"), "target": ("target",)}.items()
        }
        for name in ("posture_info", "loop", "ping")
    }
    return table(
        ["CPU in s of a whole play", *(f"N={count}" for count, _plays in results["plays"]), "per container"],
        [
            row("posture_info: controller and target", cpu["posture_info"]["whole"], 1, "%.1f", "%.4f"),
            row("… target alone, its engine included", cpu["posture_info"]["target"], 1, "%.1f", "%.4f"),
            row("ansible.builtin.ping: controller and target", cpu["ping"]["whole"], 1, "%.1f", "%.4f"),
            ratio("posture_info ÷ ping", cpu["posture_info"]["whole"], cpu["ping"]["whole"]),
            row("a loop of docker_container_info: controller and target", cpu["loop"]["whole"], 1, "%.1f", "%.4f"),
            row("… target alone, its engine included", cpu["loop"]["target"], 1, "%.1f", "%.4f"),
            ratio("loop ÷ posture_info", cpu["loop"]["whole"], cpu["posture_info"]["whole"]),
        ],
    )


def memory(measured):
    """[(containers, MiB at the peak)]"""
    return [(count, median(samples["posture_info"], "memory") / 1024) for count, samples in measured]


def memory_table(results):
    """Peaks, by number of containers."""
    kinds = {"ordinary containers": memory(results["ordinary"]), "1 MiB of labels on each": memory(results["labelled"])}
    counts = sorted({count for points in kinds.values() for count, _value in points})
    rows = []
    for title, points in kinds.items():
        known = {count: "%.1f" % value for count, value in points}
        rows.append([title, *(known.get(count, "") for count in counts), "%.3f" % line(points)[0]])
    return table(["posture_info's peak memory in MiB", *(f"N={count}" for count in counts), "per container"], rows)


def at(points):
    """The value with AT containers: the measured one, or else that of the line through the others."""
    growth, base = line(points)
    return dict(points).get(AT, growth * AT + base)


def goals(results):
    """What was to be reached, and what was."""
    whole = series(results, "posture_info", "cpu_own", "cpu_children")
    growth = line(whole)[0]
    how = "measured" if AT in dict(whole) else "from the line through the measurements"
    forks = line(started(results))[0]
    labelled = line(memory(results["labelled"]))[0]
    over_limit = line(own(results))[0] / line(limit(results))[0]
    largest, plays = results["plays"][-1]
    over_ping = sum(plays["posture_info"].values()) / sum(plays["ping"].values())

    def goal(reached, text):
        return f"- {'reached' if reached else 'MISSED '}  {text}"

    return "\n".join(
        [
            *(goal(*each) for each in ratios.goals(results)),
            goal(over_limit <= 2.0, f"the audit grows at most 2.0 times as the limit does: {over_limit:.1f} times"),
            goal(
                over_ping <= 1.5,
                f"a whole play at most 1.5 times one that pings, at N={largest}: {over_ping:.2f} times",
            ),
            goal(
                growth <= 0.0015,
                f"at most 1.5 ms CPU per container: {growth * 1000:.2f} ms, "
                f"without Ansible around it {line(own(results))[0] * 1000:.2f} ms, where the limit is "
                f"{line(limit(results))[0] * 1000:.2f} ms",
            ),
            goal(
                at(whole) < 0.5,
                f"the whole module under 0.5 s CPU at N={AT}: {at(whole):.2f} s ({how}); any module of Ansible's takes "
                f"{at(empty(results)):.2f} s here, and the limit is {at(limit(results)):.2f} s",
            ),
            goal(abs(forks) < 0.1, f"no process for each container: {forks:.3f} started for each"),
            goal(
                labelled < 0.25,
                "memory bounded by one container's inspect, not by their sum: "
                f"{labelled:.3f} MiB more for each container with 1 MiB of labels",
            ),
        ]
    )


def render(results):
    """The whole report."""
    findings = results["ordinary"][0][1]["posture_info"][0]["findings"]
    return (
        "\n\n".join(
            [
                "# What an audit costs",
                f"Docker {results['engine']}, {results['python']}, {results['processors']} processors, "
                f"load {results['load']:.1f}; medians; {findings} findings at the smallest N. "
                "Ratios and growth are worth more than the milliseconds.",
                audit_table(results),
                play_table(results),
                memory_table(results),
                ratios.forecast_table(results),
                ratios.copies_table(results),
                goals(results),
            ]
        )
        + "\n"
    )


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as stream:
        print(render(json.load(stream)))
