# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forecast of one host: what hardening_forecast_info runs on the target. Reads only."""

import datetime
import os
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError
from ansible_collections.containment.docker.plugins.module_utils.dockerd import obstacles
from ansible_collections.containment.docker.plugins.module_utils.evidence import container as container_evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence import daemon as daemon_evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence import host as host_evidence
from ansible_collections.containment.docker.plugins.module_utils.forecast import catalogue, collect, in_force, waived
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import DAEMON, SURE, Item, keep_surest
from ansible_collections.containment.docker.plugins.module_utils.forecast.search_budget import Budget
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Obstacle, Setting, ask
from ansible_collections.containment.docker.plugins.module_utils.linux.kernel_paths import MASKED, READ_ONLY
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES

SCHEMA = 1
# What one setting may say of one subject: a container can have as many mounts as it likes.
ITEM_LIMIT = 100
SEARCH_SECONDS, SEARCH_FILES = 30.0, 200000


class Options(NamedTuple):
    """What to forecast. wanted: {name of a setting: value}; timeout: seconds for all answers of the engine together;
    search_seconds, search_files: how long and how far files are searched."""

    wanted: Mapping[str, Any]
    address: str
    unit: str
    timeout: float
    waivers: Sequence[Waiver]
    search_seconds: float = SEARCH_SECONDS
    search_files: int = SEARCH_FILES


def default_settings() -> Dict[str, Any]:
    """What the rules would turn on, and role docker_daemon with them; and what needs no value."""
    wanted: Dict[str, Any] = {}
    for rule in RULES:
        wanted.update(rule.settings)
    for name in catalogue.WITHOUT_VALUE:
        wanted.setdefault(name, True)
    return wanted


def forecast(options: Options, now: datetime.datetime) -> Dict[str, Any]:
    """Return the result of hardening_forecast_info. now: local time."""
    engine = Engine(options.address, options.timeout)
    host = host_evidence.collect(READ_ONLY + MASKED)
    daemon = daemon_evidence.collect(engine, options.unit)
    shared = Evidence(host=host, daemon=daemon, wanted=options.wanted)
    shared["search"] = Budget(options.search_seconds, options.search_files)
    collect.add_shared(shared, engine, options.unit)
    run = _Run(options, now.date(), shared)
    run.ask_host()
    run.ask_containers(engine)
    run.ask_all()
    engine.close()
    summary = daemon_evidence.summary(options.address, daemon)
    result = run.conclude()
    result.update(
        schema=SCHEMA,
        collected_at=now.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        engine=summary,
        reasons=obstacles.of_audit(summary, os.geteuid()),
    )
    return result


class _Run:
    """One pass: the host, then each container, then all of them together."""

    def __init__(self, options: Options, today: datetime.date, shared: Evidence) -> None:
        self._shared, self._options = shared, options
        self._book = waived.Book(options.waivers, today)
        self._items: List[Item] = []
        self._obstacles: List[Obstacle] = []
        self._notes: Dict[str, List[Any]] = {}
        known = [catalogue.BY_NAME[name] for name in options.wanted if name in catalogue.BY_NAME]
        self.in_force = [setting.name for setting in known if in_force.holds(setting, shared)]
        self._settings = [setting for setting in known if setting.name not in self.in_force]

    def _take(self, setting: Setting, subject: str, function: Any, *arguments: Any) -> None:
        items, obstacles_ = ask(setting.name, subject, function, *arguments)
        items = keep_surest(items)
        if len(items) > ITEM_LIMIT:
            more = f"{len(items) - ITEM_LIMIT} more items are not listed"
            obstacles_.append(Obstacle(setting.name, subject, more))
            items = sorted(items, key=lambda item: SURE.index(item.sure))[:ITEM_LIMIT]
        self._items += items
        self._obstacles += obstacles_

    def ask_host(self) -> None:
        for setting in self._settings:
            self._take(setting, DAEMON, setting.of_host, self._shared)

    def ask_containers(self, engine: Engine) -> None:
        try:
            self._shared["daemon"]["info"]  # a daemon that is stopped, hung or no dockerd has no containers to ask for
            survey = container_evidence.survey(engine)
            self._shared["container_pids"] = collect.list_pids(survey.census)
            for listed, evidence in container_evidence.each(engine, self._shared, survey):
                self._ask_container(listed, evidence)
        except (EngineError, Unreadable, Absent) as reason:
            for setting in self._settings:
                self._obstacles.append(Obstacle(setting.name, "container:*", str(reason)))

    def _ask_container(self, listed: Any, evidence: Evidence) -> None:
        collect.add_container(listed, evidence)
        self._book.select(listed.name, evidence)
        for setting in self._settings:
            subject = f"container:{listed.name}"
            self._take(setting, subject, setting.of_container, listed.name, evidence)

            def note(setting: Setting = setting) -> Any:
                self._notes.setdefault(setting.name, []).append((listed.name, setting.note(listed.name, evidence)))
                return ()

            self._obstacles += ask(setting.name, subject, note)[1]

    def ask_all(self) -> None:
        for setting in self._settings:
            self._take(setting, DAEMON, setting.of_all, self._shared, self._notes.get(setting.name, []))

    def conclude(self) -> Dict[str, Any]:
        """Return items, counts, obstacles and what was asked."""
        budget = self._shared["search"]
        if budget.ended:
            self._obstacles.append(Obstacle("", "host", budget.ended))
        items = [self._book.to_json(item) for item in keep_surest(self._items)]
        items.sort(key=lambda item: (SURE.index(item["sure"]), item["setting"], item["subject"], item["kind"]))
        counts = {sure: sum(item["sure"] == sure and not self._book.counts(item) for item in items) for sure in SURE}
        counts["waived"] = sum(self._book.counts(item) for item in items)
        obstacles_ = sorted(set(self._obstacles))
        return {
            "effects": items,
            "counts": counts,
            "obstacles": [dict(obstacle._asdict()) for obstacle in obstacles_],
            "settings": [setting.name for setting in self._settings],
            "in_force": self.in_force,
            "not_forecast": [name for name in self._options.wanted if name not in catalogue.BY_NAME],
            "unused_waivers": self._book.unused(),
        }
