# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show an Ansible run in few lines, and its audits as tables at the end."""

DOCUMENTATION = r"""
name: compact
type: stdout
author: The containment.docker authors (@containment-docker)
short_description: Few lines while a play runs, and the tables of its audits at the end
version_added: 1.0.0
description:
  - Shows what changed, what failed and what a task shows on purpose. Tasks that are only C(ok) or skipped have no line.
  - While a task runs, the last line of a terminal says which, for how long and on which hosts. Ansible learns nothing of a module before
    it ends, so this is not how much of the work is done. Without a terminal, a task of more than 30 seconds has a line now and then.
  - Ends with one table for each host that P(containment.docker.posture_info#module) audited and one for all of them, actions first.
    The lines that the role C(docker_audit) shows are left out, as the tables say the same.
  - Names and messages that a container can choose do nothing in the terminal.
requirements:
  - To be chosen as the one callback that writes to the terminal, by E(ANSIBLE_STDOUT_CALLBACK) or C(stdout_callback) in C(ansible.cfg).
options:
  rows:
    description:
      - How many actions, rules and hosts a table lists; those beyond are counted. The verbosity C(-v) lists all.
    type: int
    default: 20
    env:
      - name: CONTAINMENT_DOCKER_COMPACT_ROWS
    ini:
      - section: callback_compact
        key: rows
"""

EXAMPLES = r"""
ansible.cfg: |
  [defaults]
  stdout_callback = containment.docker.compact
"""

import sys
import time
from typing import Any

from ansible import constants as C
from ansible.plugins.callback import CallbackBase

from ansible_collections.containment.docker.plugins.plugin_utils.report.result import HostReport, read_host
from ansible_collections.containment.docker.plugins.plugin_utils.terminal import notes
from ansible_collections.containment.docker.plugins.plugin_utils.terminal.audit_tables import ALL, build_tables
from ansible_collections.containment.docker.plugins.plugin_utils.terminal.columns import WIDTH, Line, choose_width
from ansible_collections.containment.docker.plugins.plugin_utils.terminal.progress import Progress, Work

AUDIT = ("containment.docker.posture_info", "posture_info")
FORECAST = ("containment.docker.hardening_forecast_info", "hardening_forecast_info")
PAUSE = ("pause", "ansible.builtin.pause", "ansible.legacy.pause")
DEBUG = ("debug", "ansible.builtin.debug", "ansible.legacy.debug")
AUDIT_ROLES = ("docker_audit", "containment.docker.docker_audit")
# Style of a line -> key of Ansible's configuration, which lets everyone choose the colours
COLOURS = {
    "critical": "COLOR_ERROR",
    "high": "COLOR_ERROR",
    "medium": "COLOR_WARN",
    "low": "COLOR_WARN",
    "unknown": "COLOR_UNREACHABLE",
    "waived": "COLOR_SKIP",
    "pass": "COLOR_OK",
    "do": "COLOR_HIGHLIGHT",
    "title": "COLOR_HIGHLIGHT",
    "dim": "COLOR_VERBOSE",
    "changed": "COLOR_CHANGED",
    "fail": "COLOR_ERROR",
    "failed": "COLOR_ERROR",
    "unreachable": "COLOR_UNREACHABLE",
    "ignored": "COLOR_SKIP",
}


class CallbackModule(CallbackBase):
    """Events of Ansible become notes at once, and results of audits become tables at the end."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "containment.docker.compact"

    def __init__(self) -> None:
        super().__init__()
        self._notes = notes.Notes()
        self._audits: dict[str, Any] = {}  # host -> its last result
        self._forecasts: dict[str, Any] = {}
        self._obstacles: dict[str, str] = {}  # host -> why its play ended
        terminal = sys.stdout.isatty()
        self._width = choose_width(self._display.columns + 1) if terminal else WIDTH
        self._progress = Progress(
            sys.stdout.fileno() if terminal else None, self._width, lambda text: self._write([Line(text, "dim")])
        )

    def v2_playbook_on_start(self, playbook: Any) -> None:
        self._progress.begin()

    def v2_playbook_on_play_start(self, play: Any) -> None:
        self._flush()
        name = play.get_name().strip()
        check = " (check mode: changes nothing)" if play.check_mode else ""
        self._print([Line(f"{notes.inert(name, 200) or 'play'}{check}", "title")])

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._flush()
        # a task that asks a person has the terminal for itself
        work = None if task.action in PAUSE else Work(_name(task), time.monotonic())
        self._progress.set_work(work)

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        self.v2_playbook_on_task_start(task, False)

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        self._progress.change(lambda work: work.start(host.get_name()))

    def v2_runner_on_ok(self, result: Any) -> None:
        host, task, data = self._read(result)
        if task.action in AUDIT and "findings" in data:
            self._audits[host] = data
        if task.action in FORECAST and "effects" in data:
            self._forecasts[host] = data
        if task.action in DEBUG:
            if "results" not in data:  # a loop's items were shown one by one
                self._show(host, task, data)
        elif data.get("changed"):
            self._notes.add("changed", _name(task), host)

    def v2_runner_item_on_ok(self, result: Any) -> None:
        self._progress.change(lambda work: work._replace(items=work.items + 1))
        host, task, data = _host(result), _task(result), _data(result)
        if task.action in DEBUG:
            self._show(host, task, data)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        self._progress.change(lambda work: work._replace(items=work.items + 1))

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        host, task, data = self._read(result)
        message = notes.read_message(data)
        self._notes.add("ignored" if ignore_errors else "failed", _name(task), host, message)
        if task.action in AUDIT:
            self._audits[host] = {"failed": True, "msg": message[0]}
        if not ignore_errors:
            self._obstacles[host] = message[0]

    def v2_runner_on_unreachable(self, result: Any) -> None:
        host, task, data = self._read(result)
        message = notes.read_message(data)
        self._notes.add("unreachable", _name(task), host, message)
        self._obstacles[host] = message[0]

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._read(result)

    def v2_on_file_diff(self, result: Any) -> None:
        host, task, data = _host(result), _task(result), _data(result)
        for item in data["results"] if isinstance(data.get("results"), list) else [data]:
            if isinstance(item, dict) and item.get("diff") and item.get("changed"):
                self._notes.add("diff", _name(task), host, notes.read_diff(self._get_diff(item["diff"])))

    def v2_playbook_on_no_hosts_matched(self) -> None:
        self._print([Line("no hosts matched", "fail")])

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._flush()
        self._progress.end()
        reports = self._reports()
        if reports:
            rows = ALL if self._display.verbosity else max(1, self.get_option("rows"))
            self._print(build_tables(reports, self._width, rows))
        self._print([Line(""), *notes.sum_up(stats)])

    def _reports(self) -> list[HostReport]:
        """All hosts of the run, where any was audited: those without a result say why."""
        if not self._audits:
            return []
        missing = {
            host: {"failed": True, "msg": why} for host, why in self._obstacles.items() if host not in self._audits
        }
        reports = []
        for host, result in sorted({**missing, **self._audits}.items()):
            try:
                own = {**result, "forecast": self._forecasts[host]} if host in self._forecasts else result
                reports.append(read_host(notes.inert(host, 200), own))
            except ValueError as error:
                reports.append(read_host(notes.inert(host, 200), {"failed": True, "msg": str(error)}))
        return reports

    def _read(self, result: Any) -> tuple[str, Any, Any]:
        """(host, task, result) of what a host has finished; its warnings are shown."""
        host, data = _host(result), _data(result)
        self._progress.change(lambda work: work.finish(host))
        if data.get("warnings") or data.get("deprecations"):
            self._progress.print_over(lambda: self._handle_warnings(data))
        return host, _task(result), data

    def _show(self, host: str, task: Any, data: Any) -> None:
        if not _is_of_the_audit(task):
            self._notes.add("shown", _name(task), host, notes.read_shown(data))

    def _flush(self) -> None:
        lines = self._notes.take()
        if lines:
            self._print(lines)

    def _print(self, lines: list[Line]) -> None:
        self._progress.print_over(lambda: self._write(lines))

    def _write(self, lines: list[Line]) -> None:
        for line in lines:
            colour = COLOURS.get(line.style)
            text = "\n".join(notes.fold(line.text, self._width))
            self._display.display(text, color=getattr(C, colour) if colour else None)


def _is_of_the_audit(task: Any) -> bool:
    """Whether what it shows is in the tables."""
    role = getattr(task, "_role", None)
    return role is not None and role.get_name() in AUDIT_ROLES


def _host(result: Any) -> str:
    """Its name: by the property of ansible-core 2.19 and newer, or by the attribute of older ones."""
    return (result.host if hasattr(result, "host") else result._host).get_name()


def _task(result: Any) -> Any:
    return result.task if hasattr(result, "task") else result._task


def _name(task: Any) -> str:
    """The task's name without that of its role."""
    return task.get_name().strip().split(" : ")[-1]


def _data(result: Any) -> Any:
    return result.result if hasattr(result, "result") else result._result
