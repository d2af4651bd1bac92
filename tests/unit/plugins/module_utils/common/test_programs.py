# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""run: what a program answers, and one sentence where it does not."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common import programs


def test_an_answer_has_the_status_and_both_texts():
    answer = programs.run(["sh", "-c", "cat; echo bad >&2; exit 3"], 10, b"in")
    assert answer == (3, b"in", b"bad\n")


def test_it_speaks_english_and_finds_the_programs_of_root(monkeypatch):
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("PATH", "/nowhere")
    answer = programs.run(["/bin/sh", "-c", "echo $LC_ALL $PATH $MORE"], 10, MORE="x")
    assert answer.output == b"C /nowhere:" + programs.PATH.encode() + b" x\n"


def test_without_a_path_there_is_no_empty_one_which_would_be_the_working_directory(monkeypatch):
    monkeypatch.delenv("PATH")
    assert programs.run(["/bin/sh", "-c", "echo $PATH"], 10).output == programs.PATH.encode() + b"\n"


@pytest.mark.parametrize(
    "argv, sentence",
    [
        (["no-such-program"], "there is no program no-such-program"),
        (["/etc"], "/etc cannot be run: Permission denied"),
        (["sleep", "10"], "sleep did not answer within 0.1 s"),
    ],
)
def test_what_does_not_run_is_one_sentence(argv, sentence):
    with pytest.raises(OSError) as caught:
        programs.run(argv, 0.1)
    assert str(caught.value) == sentence
