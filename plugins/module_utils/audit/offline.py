# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges plain data that somebody else collected: inspects, create requests, daemon.json. Pure: no engine, no host."""

import re
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from ansible_collections.containment.docker.plugins.module_utils.audit.audit import select
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import shape
from ansible_collections.containment.docker.plugins.module_utils.docker_api.create_request import as_inspect
from ansible_collections.containment.docker.plugins.module_utils.dockerd import (
    daemon_json,
    flags,
    start_checks,
    validate,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import (
    BY_NAME,
    DEFAULTS,
    engine_release,
)
from ansible_collections.containment.docker.plugins.module_utils.judge import policy as policy_
from ansible_collections.containment.docker.plugins.module_utils.judge.drift import judged
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule

FORMS = ("auto", "inspect", "create")
_STARTED_WITHOUT_FLAGS = flags.parse(())


class Measure(NamedTuple):
    """What to judge and by what: the chosen rules and the site's policy (see `policy.DEFAULT`)."""

    rules: Tuple[Rule, ...]
    policy: Mapping[str, Any]


def measure(catalogue: Sequence[Rule], options: Mapping[str, Any]) -> Measure:
    """The Measure in `rules`, `exclude` and the policy's keys, as posture_info takes them. ValueError."""
    for name, value in options.items():
        if name not in ("rules", "exclude") and name not in policy_.DEFAULT and name not in policy_.ADDS:
            raise ValueError(f"unknown option {name!r}")
        if isinstance(policy_.DEFAULT.get(name), bool):
            if value is not None and not isinstance(value, bool):
                raise ValueError(f"{name}: {value!r} is neither true nor false")
        elif value is not None and not (_is_list(value) and all(isinstance(item, str) for item in value)):
            raise ValueError(f"{name}: {value!r} is not a list of strings")
    return Measure(select(catalogue, options.get("rules") or (), options.get("exclude") or ()), policy_.merged(options))


def judge_containers(documents: Any, form: str, by: Measure) -> List[Dict[str, Any]]:
    """The findings of one container or a list of them, each an inspect or a create request. ValueError.

    form: which of the two ("inspect", "create"), or "auto" to tell by what is there. Auto believes the data: where
    they come from someone who wants them to pass, say which it is.
    """
    if form not in FORMS:
        raise ValueError(f"form {form!r} is none of {', '.join(FORMS)}")
    findings: List[Dict[str, Any]] = []
    many = _is_list(documents)
    for index, item in enumerate(documents if many else [documents]):
        try:
            name, inspect = _container(item, form)
        except ValueError as error:
            raise ValueError(f"container {index + 1}: {error}" if many else str(error))
        wrong = shape.container_problem(inspect, engine=False)
        evidence = Evidence(inspect=Unreadable(wrong) if wrong else inspect, policy=by.policy)
        subject = "container:" + (name or (f"(create request {index + 1})" if many else "(create request)"))
        findings.extend(f for f in (judged(rule, "container", subject, evidence) for rule in by.rules) if f)
    return findings


def judge_request(subject: str, request: Union[Mapping[str, Any], Unreadable], by: Measure) -> List[Dict[str, Any]]:
    """The findings of one create request, or of one of which only a reason is known why it can't be told. ValueError."""
    if isinstance(request, Unreadable):
        evidence = Evidence(inspect=request, policy=by.policy)
    else:
        inspect = as_inspect(request)
        wrong = shape.container_problem(inspect, engine=False)
        evidence = Evidence(inspect=Unreadable(wrong) if wrong else inspect, policy=by.policy)
    return [f for f in (judged(rule, "container", subject, evidence) for rule in by.rules) if f]


def judge_daemon_json(text: str, path: str, version: Optional[str], by: Measure) -> List[Dict[str, Any]]:
    """The findings of a daemon.json, as a daemon without flags would be started with it.

    version: the engine's, as "26.1.5", or None for any from 20.10 on. Raises json_text.ConfigError for what is not
    JSON, and ValueError for what dockerd would refuse, or for a top-level key that it would ignore; both name path.
    """
    if not isinstance(text, str):
        raise ValueError(f"{inert(path)}: the text of a file is needed, not a {type(text).__name__}")
    if version is not None and engine_release(version) is None:
        raise ValueError(f"version {version!r} is not like 26.1.5")
    settings = daemon_json.parse(text.encode("utf-8", "surrogatepass"), path)
    own = {name: value for name, value in settings.items() if name in BY_NAME}
    problems = validate.validate(settings, version, own) + daemon_json.text_problems(text, version)
    following = flags.merged(settings, _STARTED_WITHOUT_FLAGS, {})
    problems = problems or start_checks.problems(following, version)
    if problems:
        raise ValueError(f"{inert(path)}: {'; '.join(problems)}")
    evidence = Evidence(configured=flags.merged(settings, _STARTED_WITHOUT_FLAGS, DEFAULTS), policy=by.policy)
    return [f for f in (judged(rule, "daemon", "daemon", evidence) for rule in by.rules) if f]


def _container(description: Any, form: str) -> Tuple[Optional[str], Mapping[str, Any]]:
    """(name or None, the container in the shape of an inspect)."""
    if not isinstance(description, Mapping):
        raise ValueError(f"an inspect or a create request is a dict, not a {type(description).__name__}")
    if form == "auto":
        form = "inspect" if "Config" in description and "State" in description else "create"
    if form == "create":
        return None, as_inspect(description)
    for key in ("Config", "HostConfig"):
        if not isinstance(description.get(key), Mapping):
            raise ValueError(f"this inspect has no {key}")
    name = description.get("Name")
    if not isinstance(name, str) or not re.match(r"/?[a-zA-Z0-9][a-zA-Z0-9_.-]*\Z", name):
        raise ValueError("this inspect has no Name that Docker gives")
    return name.lstrip("/"), description


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))
