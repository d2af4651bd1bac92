# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the results of posture_info, of one host or of a fleet, into one shape for all report formats. Pure.

A result comes from the target, so nothing in it is trusted: each item is checked, and each text is made inert.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import KINDS, SEVERITIES, STATUSES
from ansible_collections.containment.docker.plugins.plugin_utils.plain import plain
from ansible_collections.containment.docker.plugins.plugin_utils.report.catalogue import rule_of
from ansible_collections.containment.docker.plugins.plugin_utils.report.forecast import Forecast, read_forecast
from ansible_collections.containment.docker.plugins.plugin_utils.result import documented

NAME_LIMIT = 300
TEXT_LIMIT = 2000
NEEDS_ATTENTION = ("fail", "unknown")
_RULE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\Z")
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z\Z")


class WaiverNote(NamedTuple):
    """The waiver that selects a finding. expires: its last day, as 2027-01-31."""

    reason: str
    owner: str
    expires: str
    expired: bool
    ticket: str


class Case(NamedTuple):
    """One rule for one subject. since: "new", "unchanged" or "". request: the waiver that the container asks for.

    message: in plain words. evidence: what was seen, "" where that is the message.
    cause: the finding to mend instead, as "privileged of container:web".
    number: how many subjects it stands for, where a folded result does not say which.
    """

    rule: str
    subject: str
    status: str
    severity: str
    message: str
    evidence: str = ""
    remediation: str = ""
    disagreement: str = ""
    since: str = ""
    waiver: WaiverNote | None = None
    request: str = ""
    cause: str = ""
    number: int = 1

    @property
    def text(self) -> str:
        """The message with the evidence behind it."""
        return f"{self.message} ({self.evidence})" if self.evidence else self.message


class HostReport(NamedTuple):
    """What one host's audit says. why_not: why the host was not audited; then there are no cases.

    cases: the gravest first, what passes included. containers: how many were judged, None where that is not known.
    document: the documented keys of the result as they are, each text inert.
    """

    host: str
    why_not: str
    collected_at: datetime | None
    cases: Sequence[Case]
    containers: int | None
    new: int | None
    document: Any
    forecast: Forecast = Forecast()


def read_fleet(results: Any) -> list[HostReport]:
    """Read {host: result of posture_info, or its findings alone, or nothing}, sorted by host. ValueError."""
    if not isinstance(results, Mapping):
        raise ValueError(f"a mapping of host to result is needed, not a {type(results).__name__}")
    return [read_host(inert(str(host), NAME_LIMIT), result) for host, result in sorted(plain(results).items())]


def of_fleet(write: Callable[[Sequence[HostReport]], Any]) -> Callable[[Any], Any]:
    """What `write` makes of {host: result}, as one function. It raises ValueError."""
    return lambda results: write(read_fleet(results))


def read_host(host: str, result: Any) -> HostReport:
    """Read one host's result, folded (`passed`, `not_applicable`) or whole. ValueError names the item that is wrong."""
    result = {"findings": result} if isinstance(result, list) else result
    why_not = _why_not(result)
    if why_not:
        return HostReport(host, why_not, None, (), None, None, {"not_audited": why_not})
    try:
        texts = result.get("remediations") or {}
        cases = [_case(index, finding, texts) for index, finding in enumerate(result["findings"])]
        containers = (
            [inert(item["name"], NAME_LIMIT) for item in result["containers"]] if "containers" in result else None
        )
        cases += _folded(cases, containers or (), result)
        last = result.get("last") or {}
        new = int(last["new"]) if last.get("at") else None
        collected_at = _time(result.get("collected_at"))
        forecast = read_forecast(result)
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{host}: this is no result of posture_info: {type(error).__name__}: {error}") from error
    except ValueError as error:
        raise ValueError(f"{host}: {error}") from error
    cases.sort(key=lambda c: (STATUSES.index(c.status), -SEVERITIES.index(c.severity), c.rule, c.subject))
    number = None if containers is None else len(containers)
    return HostReport(host, "", collected_at, cases, number, new, inert_document(documented(result)), forecast)


def inert_document(value: Any) -> Any:
    """The same data with each text and key inert: what a person's terminal shows of a parsed report does nothing."""
    if isinstance(value, Mapping):
        return {inert(str(key), TEXT_LIMIT): inert_document(item) for key, item in value.items()}
    if isinstance(value, list):
        return [inert_document(item) for item in value]
    return inert(value, max(len(value), 1)) if isinstance(value, str) else value


def _why_not(result: Any) -> str:
    if not isinstance(result, Mapping) or not result:
        return "there is no result of an audit of it"
    if result.get("obstacles"):
        return inert(" ".join(map(str, result["obstacles"])), TEXT_LIMIT)
    if result.get("unreachable"):
        return inert(f"The host could not be reached: {result.get('msg') or 'no reason is known'}", TEXT_LIMIT)
    if result.get("failed") or "findings" not in result:
        return inert(result.get("msg") or "its audit failed", TEXT_LIMIT)
    return ""


def _case(index: int, finding: Any, remediations: Mapping[str, Any]) -> Case:
    place = f"finding {index}"
    evidence = finding["seen"]
    message = finding.get("message") or evidence
    needs_attention = finding["status"] in NEEDS_ATTENTION
    remediation = finding.get("remediation") or (needs_attention and remediations.get(finding["rule"])) or ""
    for key in ("rule", "subject", "status", "severity"):
        if not isinstance(finding[key], str):
            raise ValueError(f"{place}: {key} is no text")
    if not (isinstance(message, str) and isinstance(evidence, str)):
        raise ValueError(f"{place}: its message or evidence is no text")
    if finding["status"] not in STATUSES or finding["severity"] not in SEVERITIES:
        raise ValueError(f"{place}: unknown status or severity")
    if not _RULE_ID.match(finding["rule"]):
        raise ValueError(f"{place}: {inert(finding['rule'], 60)} is no id of a rule")
    return Case(
        rule=finding["rule"],
        subject=inert(finding["subject"], NAME_LIMIT),
        status=finding["status"],
        severity=finding["severity"],
        message=inert(message, TEXT_LIMIT),
        evidence="" if evidence == message else inert(evidence, TEXT_LIMIT),
        remediation=inert(remediation, TEXT_LIMIT),
        disagreement=inert(finding.get("disagreement") or "", TEXT_LIMIT),
        cause=_cause(finding.get("cause")),
        since=finding.get("since") if finding.get("since") in ("new", "unchanged") else "",
        waiver=_waiver(finding.get("waiver")),
        request=inert((finding.get("waiver_request") or {}).get("reason", ""), TEXT_LIMIT),
    )


def _cause(cause: Any) -> str:
    return inert(f"{cause['rule']} of {cause['subject']}", NAME_LIMIT) if cause else ""


def _waiver(waiver: Any) -> WaiverNote | None:
    if not waiver:
        return None
    texts = {key: inert(waiver[key], TEXT_LIMIT) for key in ("reason", "owner", "expires")}
    return WaiverNote(expired=bool(waiver["expired"]), ticket=inert(waiver.get("ticket") or "", NAME_LIMIT), **texts)


def _folded(cases: Sequence[Case], containers: Sequence[str], result: Mapping[str, Any]) -> Iterator[Case]:
    """The cases that a folded result only counts."""
    judged = {(case.rule, case.subject) for case in cases}
    passed, not_applicable = result.get("passed") or {}, result.get("not_applicable") or {}
    for rule, number in sorted(passed.items()):
        subjects = _rest(rule, judged, containers)
        if rule in not_applicable or len(subjects) != number:
            yield _folded_case(rule, f"{int(number)} subjects", "pass", "it holds")._replace(number=int(number))
        else:
            yield from (_folded_case(rule, subject, "pass", "it holds") for subject in subjects)
    for rule, reason in sorted(not_applicable.items()):
        subjects = ["the other subjects"] if rule in passed else _rest(rule, judged, containers) or ["every subject"]
        yield from (_folded_case(rule, subject, "not_applicable", reason) for subject in subjects)


def _rest(rule: str, judged: set[tuple[str, str]], containers: Sequence[str]) -> list[str]:
    """The subjects of the rule that have no finding of it."""
    known = rule_of(rule)
    kinds = [kind for kind in KINDS if known and getattr(known, kind)]
    subjects = [kind for kind in kinds if kind != "container"]
    subjects += [f"container:{name}" for name in containers] if "container" in kinds else []
    return [subject for subject in subjects if (rule, subject) not in judged]


def _folded_case(rule: str, subject: str, status: str, message: Any) -> Case:
    if not _RULE_ID.match(rule):
        raise ValueError(f"{inert(rule, 60)} is no id of a rule")
    known = rule_of(rule)
    return Case(rule, subject, status, known.severity if known else "low", inert(message, TEXT_LIMIT))


def _time(text: Any) -> datetime | None:
    match = _TIME.match(text) if isinstance(text, str) else None
    if text is not None and not match:
        raise ValueError(f"collected_at is no time in UTC: {inert(text, 60)}")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc) if match and text else None
