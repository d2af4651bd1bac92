# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of a fleet in as few SARIF files as GitHub's code scanning takes. Pure."""

import gzip
import json
from collections.abc import Iterator, Sequence
from typing import Any

from ansible_collections.containment.docker.plugins.plugin_utils.report.as_json import write_json
from ansible_collections.containment.docker.plugins.plugin_utils.report.as_sarif import (
    reported_cases,
    sarif_log,
    sarif_run,
)
from ansible_collections.containment.docker.plugins.plugin_utils.report.result import Case, HostReport

RUNS = 20  # in a file
RESULTS = 25_000  # in a run
# GitHub takes 10 MB of a file after gzip; several runs together compress at least as well as each alone.
GZIPPED_BYTES = 9_500_000


def sarif_files(reports: Sequence[HostReport]) -> list[str]:
    """The texts of the files, one for most fleets; a host's run is split only where it alone is too large."""
    files: list[list[dict[str, Any]]] = [[]]
    size = 0
    for run, run_size in (sized for report in reports for sized in _runs(report)):
        if files[-1] and (len(files[-1]) == RUNS or size + run_size > GZIPPED_BYTES):
            files.append([])
            size = 0
        files[-1].append(run)
        size += run_size
    return [write_json(sarif_log(runs)) for runs in files]


def _runs(report: HostReport) -> Iterator[tuple[dict[str, Any], int]]:
    for part, cases in enumerate(_parts(report, reported_cases(report)), 1):
        run = sarif_run(report, cases, part)
        yield run, _gzipped_size(run)


def _parts(report: HostReport, cases: list[Case]) -> Iterator[list[Case]]:
    """The cases in halves, and these in halves, until each is small enough for a run."""
    fits = len(cases) <= RESULTS and _gzipped_size(sarif_run(report, cases)) <= GZIPPED_BYTES
    if fits or len(cases) == 1:
        yield cases
        return
    half = len(cases) // 2
    yield from _parts(report, cases[:half])
    yield from _parts(report, cases[half:])


def _gzipped_size(run: dict[str, Any]) -> int:
    return len(gzip.compress(json.dumps(run).encode(), 6))
