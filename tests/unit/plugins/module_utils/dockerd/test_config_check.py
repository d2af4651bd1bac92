# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one judgement of a file, which both modules ask: what it joins, and when dockerd's own program is asked."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd.config_check import (
    Candidate,
    notes,
    problems,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import scan


def candidate(text="{}", argv=("dockerd",), version="26.1.5", before=None):
    settings = scan(text.lstrip("\ufeff") or "{}", "daemon.json").value
    parsed = flags.parse(list(argv[1:]) if argv else [])
    return Candidate("daemon.json", text, settings, before or {}, parsed, argv, version)


def judged(*arguments, says=None, ask=True, **more):
    """(the problems, the bytes that the program was asked about)"""
    questions = []

    def program(argv, data, version):
        questions.append(data)
        return says

    return problems(candidate(*arguments, **more), lambda path: True, program if ask else None), questions


@pytest.mark.parametrize(
    "text, argv, version, words",
    [
        ("", ["dockerd"], "20.10.24", "an empty file keeps Docker 20.10 from starting"),
        ('\ufeff{"icc": false}', ["dockerd"], "20.10.24", "byte order mark"),
        ('{"icc": "no"}', ["dockerd"], "26.1.5", '"icc" must be true or false'),
        ('{"hosts": ["unix:///x"]}', ["dockerd", "-H", "fd://"], "26.1.5", "hosts is set by a flag of the next start"),
        ('{"icc": false}', ["dockerd", "--iptables=false"], "26.1.5", "together"),
        ('{"userns-remap": "x"}', ["dockerd", "--feature=containerd-snapshotter"], "26.1.5", "BuildKit can't build"),
        (
            '{"userns-remap": "x", "features": {"containerd-snapshotter": true}}',
            ["dockerd"],
            "26.1.5",
            "BuildKit can't",
        ),
        (
            '{"userns-remap": "x"}',
            ["dockerd", "--feature=containerd-snapshotter"],
            "29.0.0",
            "dockerd does not start with",
        ),
        ('{"userland-proxy": true}', ["dockerd"], "26.1.5", "every reload of dockerd 26.1.5 fails"),
    ],
)
def test_each_check_is_asked_once_and_before_the_program(text, argv, version, words):
    refusals, questions = judged(text, argv, version, says="dockerd refuses it: x")
    assert len(refusals) == 1 and words in refusals[0] and questions == []


def test_the_program_has_the_last_word():
    assert judged('{"icc": false}', says="dockerd refuses it: x") == (["dockerd refuses it: x"], [b'{"icc": false}'])
    assert judged('{"icc": false}') == ([], [b'{"icc": false}'])


@pytest.mark.parametrize("more", [{"version": "20.10.24"}, {"version": None}, {"ask": False}, {"argv": None}])
def test_a_program_that_can_not_be_asked_is_not(more):
    assert judged('{"icc": false}', says="x", **more) == ([], [])


@pytest.mark.parametrize("version, count", [("20.10.24", 1), ("26.1.5", 0)])
def test_flags_that_are_not_understood_count_only_where_the_program_can_not_be_asked(version, count):
    refusals, _questions = judged("{}", ["dockerd", "--flag-of-the-future"], version)
    assert len(refusals) == count and all(
        "the flags of the next start: unknown flag" in problem for problem in refusals
    )


def test_what_only_a_newer_engine_can_know_is_left_to_its_program():
    text, argv = '{"icc": false, "extension-config": {"debug": {}}, "later": 1}', ["dockerd", "--extension-dir", "/x"]
    assert judged(text, argv, "29.8.0") == ([], [text.encode("ascii")])
    assert judged(text, argv, "29.8.0", says="dockerd refuses it: x")[0] == ["dockerd refuses it: x"]
    assert judged(text, argv, "29.8.0", ask=False)[0] == []
    assert len(judged(text, argv, "29.7.2", ask=False)[0]) == 3
    sentences = notes(candidate(text, argv, "29.8.0"))
    assert [sentence.split(" is newer than this collection knows")[0] for sentence in sentences] == [
        '"extension-config"',
        '"later"',
        'the flag "--extension-dir"',
    ]
    assert notes(candidate('{"icc": false}', ["dockerd"], "29.8.0")) == []


def test_what_dockerd_ignores_is_a_problem_only_where_it_is_new():
    text = '{"x": {"no-new-privileges": true}}'
    assert len(judged(text)[0]) == 1
    old = candidate(text, before=candidate(text).settings)
    assert problems(old, lambda path: True, None) == [] and len(notes(old)) == 1


REMAPS = '{"userns-remap": "x", "features": {"containerd-snapshotter": true}}'


@pytest.mark.parametrize(
    "text, argv", [(REMAPS, ["dockerd"]), ('{"userns-remap": "x"}', ["dockerd", "--feature=containerd-snapshotter"])]
)
@pytest.mark.parametrize("version, count", [("28.5.2", 0), ("29.0.0", 1), (None, 1)])
def test_remapping_in_the_containerd_store_is_its_owner_s_while_the_engine_runs_so(text, argv, version, count):
    kept = candidate(text, argv, version, candidate(text).settings)
    assert len(problems(kept, lambda path: True, None)) == count
    assert ["BuildKit can't build" in sentence for sentence in notes(kept)] == [True] * (1 - count)
    assert len(problems(candidate(text, argv, version), lambda path: True, None)) == 1
    assert notes(candidate(text, argv, version)) == []


@pytest.mark.parametrize("features", [[], "x", {"containerd-snapshotter": "true"}, None])
def test_a_file_of_another_shape_was_never_that(features):
    before = {"userns-remap": "x", "features": features}
    assert problems(candidate("{}", before=before), lambda path: True, None) == []
