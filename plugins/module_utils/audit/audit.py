# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The audit: collect, judge, waive. What posture_info runs on the target."""

import datetime
import os
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.audit.actions import list_actions
from ansible_collections.containment.docker.plugins.module_utils.audit.tally import Tally
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Later, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import Waiver, to_plain
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError
from ansible_collections.containment.docker.plugins.module_utils.dockerd import obstacles
from ansible_collections.containment.docker.plugins.module_utils.evidence import container as container_evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence import daemon as daemon_evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence import host as host_evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence.container import KEYS
from ansible_collections.containment.docker.plugins.module_utils.judge import policy as policy_
from ansible_collections.containment.docker.plugins.module_utils.judge import waiver as waivers_
from ansible_collections.containment.docker.plugins.module_utils.judge import waiver_findings
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import UNLISTED, Rule
from ansible_collections.containment.docker.plugins.module_utils.linux.kernel_paths import MASKED, READ_ONLY

SCHEMA = 1  # of the result; docs/result.schema.json
DETAILS = ("open", "all")  # the findings that are whole: those that somebody has to look at, or all


class Options(NamedTuple):
    """What to audit and by which measure. policy: see `policy.DEFAULT`; timeout in seconds.

    record: the file on the target with the last result, "" for none. details: see DETAILS. waiver_warn_days: for how
    many days before its end a waiver is a finding.
    """

    rules: Sequence[Rule]
    policy: Mapping[str, Any]
    address: str
    unit: str
    timeout: float
    waivers: Sequence[Waiver]
    record: str = ""
    details: str = "open"
    waiver_warn_days: int = waiver_findings.WARN_DAYS


def parse_options(catalogue: Sequence[Rule], parameters: Mapping[str, Any], default_address: str) -> Options:
    """The Options in what a person gave (the module's parameters). ValueError names what is wrong."""
    known = [rule.id for rule in catalogue]
    record = parameters.get("record") or ""
    before, *parts = record.split("/")
    if record and (before or any(part in ("", ".", "..") for part in parts)):
        raise ValueError(f"record: {record!r} is not an absolute path of a file, without . and .. in it")
    return Options(
        rules=select(catalogue, parameters.get("rules") or (), parameters.get("exclude") or ()),
        policy=policy_.merged(parameters),
        address=parameters.get("engine") or default_address,
        unit=parameters["unit"],
        timeout=parameters["timeout"],
        waivers=[
            waivers_.parse(i, waiver, known)
            for i, waiver in enumerate(parameters.get("waivers") or ())
            if not waivers_.is_of_forecast(waiver)
        ],
        record=record,
        details=parameters.get("details") or "open",
        waiver_warn_days=waiver_findings.parse_days(parameters.get("waiver_warn_days")),
    )


def audit(options: Options, now: datetime.datetime, keep: bool = True) -> Dict[str, Any]:
    """The result, as docs/result.md describes it; the findings are the host's, the daemon's, then each container's.

    With a record it has also last, see since_last. now: local time; keep: write the record.
    """
    if options.record:  # four files, which most audits can do without
        from ansible_collections.containment.docker.plugins.module_utils.audit import history
    engine = Engine(options.address, options.timeout)
    host = host_evidence.collect(READ_ONLY + MASKED)
    daemon = daemon_evidence.collect(engine, options.unit)
    shared = {"host": host, "daemon": daemon, "policy": options.policy}
    daemon.update(host=host, policy=options.policy)
    tally = Tally(options.rules, options.waivers, now.date(), options.details == "all")
    containers: List[Dict[str, Any]] = []
    subjects: List[Any] = []
    unseen: List[str] = []

    def add(kind: str, *of_kind: Tuple[str, str, Evidence]) -> None:
        """Judge each (key, subject, its evidence)."""
        results = tally.add_all(kind, [(subject, evidence) for _key, subject, evidence in of_kind])
        if options.record:
            for (key, subject, evidence), judged in zip(of_kind, results):
                settings = history.settings(evidence) if kind == "container" else ""
                subjects.append(history.Audited(key, subject, judged.statuses, judged.findings, settings))

    def survey() -> container_evidence.Survey:
        daemon["info"]  # a daemon that is stopped, hung or no dockerd is not asked for its containers
        try:
            return container_evidence.survey(engine)
        except EngineError as reason:
            raise Unreadable(str(reason))

    of_host = Evidence(shared, containers=Later(survey))
    add("host", ("host", "host", of_host))
    add("daemon", ("daemon", "daemon", daemon))
    try:
        for batch in container_evidence.batches(engine, shared, of_host["containers"]):
            add("container", *((listed.id, "container:" + listed.name, evidence) for listed, evidence in batch))
            containers.extend(listed._asdict() for listed, _evidence in batch)
            unseen.extend(listed.id for listed, evidence in batch if isinstance(evidence.get("inspect"), Unreadable))
    except (EngineError, Unreadable) as reason:
        unseen.append(UNLISTED)
        reasons = {key: Unreadable(str(reason)) for key in KEYS}
        add("container", (UNLISTED, "container:" + UNLISTED, Evidence(shared, **reasons)))
    engine.close()
    engine_seen = daemon_evidence.summary(options.address, daemon)
    engine_seen["newer"] = daemon_evidence.list_newer(daemon)
    conclusions = tally.conclude()
    judged = {rule.id for rule in options.rules}
    waivers = [w for w in options.waivers if w.selector.rule in judged]
    unused = [w for w in waivers if w not in tally.used and not _of_unseen(w, unseen)]
    result: Dict[str, Any] = {
        "schema": SCHEMA,
        "collected_at": now.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "details": options.details,
        "engine": engine_seen,
        "obstacles": obstacles.of_audit(engine_seen, os.geteuid()),
        "actions": list_actions(conclusions["findings"], {rule.id: rule for rule in options.rules}),
        "containers": containers,
        "unused_waivers": [to_plain(w) for w in unused],
    }
    waiver_findings.add(conclusions, waivers, unused, now.date(), options.waiver_warn_days)
    result.update(conclusions)
    if options.record:
        record = history.record(now, options.address, daemon, subjects)
        why_not = " ".join(result["obstacles"]) or ("" if keep else "check mode writes nothing")
        result["last"] = history.since_last(options.record, record, subjects, why_not)
    return result


def _of_unseen(waiver: Waiver, unseen: Sequence[str]) -> bool:
    """Whether it may be about a container that could not be looked at: then nobody can say that it is of no use."""
    return bool(unseen) and waiver.selector.kind not in ("host", "daemon")


def select(catalogue: Sequence[Rule], rules: Sequence[str], exclude: Sequence[str]) -> Tuple[Rule, ...]:
    """The rules to judge, in the catalogue's order. ValueError for an unknown name, with the nearest known one."""
    known = [rule.id for rule in catalogue]
    for name in list(rules) + list(exclude):
        if name not in known:
            raise ValueError(f"unknown rule {name!r}; known are {', '.join(known)}")
    return tuple(rule for rule in catalogue if (not rules or rule.id in rules) and rule.id not in exclude)
