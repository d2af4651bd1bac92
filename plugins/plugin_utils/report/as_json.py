# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results as JSON. Pure."""

import json
from collections.abc import Sequence
from typing import Any

from ansible_collections.containment.docker.plugins.plugin_utils.report.result import HostReport


def write_json(data: Any) -> str:
    """JSON in ASCII alone with sorted keys, so that equal data gives equal files and no byte means anything else."""
    return json.dumps(data, ensure_ascii=True, sort_keys=True, indent=2, allow_nan=False) + "\n"


def host_json(report: HostReport) -> str:
    """One host's result, or `{"not_audited": reason}`."""
    return write_json(report.document)


def fleet_json(reports: Sequence[HostReport]) -> str:
    """All hosts' results, as `{"schema": 1, "hosts": {host: what host_json writes}}`."""
    return write_json({"schema": 1, "hosts": {report.host: report.document for report in reports}})
