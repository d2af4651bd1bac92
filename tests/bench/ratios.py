# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows of the forecast and of a migration's copies: measurements in, Markdown and goals out. Pure."""

import statistics

import report

FORECAST = {"forecast without search": "the forecast without its search", "forecast": "the forecast"}
COPIES = {
    "cp": "cp -a",
    "copy": "a migration's copy of the same tree",
    "rsync": "a second pass of rsync; 1 of 100 small files changed, and 1 MB of a large one",
    "last": "a migration's last copy after that, which is its downtime",
    "rsync empty": "a pass of rsync over an empty directory",
    "last empty": "a migration's last copy of an empty volume",
}


def forecast_table(results):
    """The forecast beside the audit in the same rounds."""
    audit = report.own(results)
    rows = [report.row("the audit", audit, 1000, "%.0f", "%.2f")]
    for name, title in FORECAST.items():
        points = _forecast(results, name)
        rows.append(report.row(title, points, 1000, "%.0f", "%.2f"))
        rows.append(report.ratio(f"{title} ÷ the audit", points, audit))
    counts = (f"N={count}" for count, _samples in results["ordinary"])
    return report.table(["CPU in ms, without Ansible", *counts, "per container"], rows)


def _forecast(results, name):
    return report.series(results, name, "cpu_own", "cpu_children")


def copies_table(results):
    """Seconds of each kind of copy, the median and the fastest."""
    tree = results["tree"]
    rows = [
        [title, *("%.2f" % value for value in (statistics.median(tree["seconds"][kind]), min(tree["seconds"][kind])))]
        for kind, title in COPIES.items()
    ]
    title = f"seconds for {tree['files']} small files and {tree['large']} large, {tree['megabytes']} MB"
    return report.table([title, "median", "fastest"], rows)


def over(tree, ours, theirs):
    """The ratio of the fastest of both: on a machine that does more, the others say more of what else it did."""
    return min(tree["seconds"][ours]) / min(tree["seconds"][theirs])


def files_a_second(search):
    """Files that the search looks at in a second of its own CPU time."""
    return search["files"] / statistics.median(search["seconds"])


def goals(results):
    """[(whether it was reached, the goal and what was reached)]"""
    count = results["ordinary"][-1][0]
    audit, bare = dict(report.own(results)), dict(_forecast(results, "forecast without search"))
    rate = files_a_second(results["search"])
    ratio = bare[count] / audit[count]
    return [
        (ratio <= 3, f"the forecast without its search at most 3 times the audit, at N={count}: {ratio:.2f} times"),
        (rate >= 20000, f"its search at least 20000 files a second: {rate:.0f}, of {results['search']['files']} files"),
        *copies_goals(results["tree"]),
    ]


def copies_goals(tree):
    """As goals, of the copies alone."""
    copy, last, fixed = (
        over(tree, *pair) for pair in (("copy", "cp"), ("last", "rsync"), ("last empty", "rsync empty"))
    )
    return [
        (copy <= 1.3, f"a migration copies volumes in at most 1.3 times the time of cp -a: {copy:.2f} times"),
        (
            last <= 1.2,
            f"and its last copy takes at most 1.2 times a second pass of rsync: {last:.2f} times ({fixed:.2f} of nothing)",
        ),
    ]
