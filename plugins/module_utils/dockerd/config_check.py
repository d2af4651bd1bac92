# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one judgement of a daemon.json that is to be written: whether dockerd starts with it, and uses all of it. Pure."""

from typing import Any, Callable, List, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.dockerd import (
    daemon_json,
    flags,
    program,
    refused_values,
    reload_file,
    start_checks,
    validate,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import engine_release


class Candidate(NamedTuple):
    """The file as it shall be, and the start that will read it.

    text: the file's, None where there is none and shall be none. settings: what it says; before: what it said before this
    run, as what dockerd ignores in it already is its owner's. flags, argv: of the next start, the program first; argv is None
    where no program is known. version: the engine's, None where that is not known.
    """

    path: str
    text: Optional[str]
    settings: Mapping[str, Any]
    before: Mapping[str, Any]
    flags: flags.Flags
    argv: Optional[Sequence[str]]
    version: Optional[str]


def problems(
    candidate: Candidate,
    exists: Callable[[str], Any],
    ask: Optional[Callable[[Sequence[str], bytes, Optional[str]], Optional[str]]],
) -> List[str]:
    """Return why dockerd would not start so, or would ignore a part of it, one sentence each.

    exists: whether the host has a path. ask: what the dockerd program says against a command line and bytes, see
    program.problem; None where it is not to be asked.
    """
    settings, version = candidate.settings, candidate.version
    texts = [] if candidate.text is None else daemon_json.text_problems(candidate.text, version)
    texts += validate.validate(settings, version, candidate.before)
    texts += [
        f"{name} is set by a flag of the next start, too; dockerd does not start with both"
        for name in flags.conflicts(settings, candidate.flags)
    ]
    if all(isinstance(problem, validate.Ignored) for problem in texts):
        at_start = start_checks.problems(flags.merged(settings, candidate.flags, {}), version, exists)
        texts += [
            text for text in at_start if not (_kept(candidate) and isinstance(text, refused_values.StoreConflict))
        ]
        refusal = reload_file.refusal(candidate.before, settings, version)
        texts += [refusal] if refusal else []
    can_ask = ask is not None and candidate.argv is not None and program.can_validate(version)
    if not can_ask:  # dockerd knows its own flags best
        objections = flags.objections(candidate.flags, version)
        texts += [f"the flags of the next start: {problem}" for problem in objections]
    elif not texts and ask is not None and candidate.argv is not None and candidate.text is not None:
        refused = ask(candidate.argv, candidate.text.encode("utf-8"), version)
        texts += [refused] if refused else []
    return texts


def notes(candidate: Candidate) -> List[str]:
    """Return what dockerd takes and ignores, and what is newer than the table of settings, one sentence each."""
    ignored = validate.ignored(candidate.settings, candidate.version)
    newer = validate.newer(candidate.settings, candidate.version)
    following = flags.merged(candidate.settings, candidate.flags, {})
    kept = refused_values.store_conflicts(following, engine_release(candidate.version)) if _kept(candidate) else []
    return [f"dockerd takes it, but {sentence}" for sentence in ignored + kept] + newer + newer_flags(candidate)


def _kept(candidate: Candidate) -> bool:
    """Whether the engine has remapped users in the containerd store already, by its owner's will."""
    before = flags.merged(candidate.before, candidate.flags, {})
    return refused_values.runs_with_both(before, engine_release(candidate.version))


def newer_flags(candidate: Candidate) -> List[str]:
    """Return the flags of the next start that are newer than the table of settings, one sentence each."""
    return flags.newer(candidate.flags, candidate.version)
