# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugin report_files, in a play whose host can't be reached."""

import json
import os
import subprocess
import sys

import pytest

PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - containment.docker.report_files:
        directory: {directory}
        files: "{{{{ files }}}}"
      register: done
      ignore_errors: true
    - ansible.builtin.debug: {{msg: "{{{{ done | to_json }}}}"}}
"""
FILE = {"name": "web1.md", "content": "# web1 {% raw %}{{ 1 / 0 }}{% endraw %}\n"}


@pytest.fixture
def run(tmp_path):
    """run(files, *arguments): the result of the task."""

    def play(files, *arguments, directory=tmp_path / "out"):
        (tmp_path / "play.yml").write_text(PLAY.format(directory=directory), encoding="utf-8")
        variables = {"files": files, "ansible_host": "127.0.0.1", "ansible_port": 1}
        environment = dict(
            os.environ,
            ANSIBLE_COLLECTIONS_PATH=os.environ["PYTHONPATH"].split(":")[0],
            ANSIBLE_HOME=str(tmp_path / "home"),
            ANSIBLE_STDOUT_CALLBACK="ansible.builtin.oneline",
            ANSIBLE_NOCOLOR="1",
        )
        command = [sys.executable, "-m", "ansible", "playbook", "-i", "away,", str(tmp_path / "play.yml"), *arguments]
        command += ["--extra-vars", json.dumps(variables)]
        output = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False).stdout
        (line,) = [line for line in output.splitlines() if '"msg": "{' in line]
        return json.loads(json.loads(line[line.index("=> ") + 3 :])["msg"])

    return play


def test_it_writes_on_the_controller_whatever_the_host_does_and_only_once(run, tmp_path):
    assert run([FILE], "--check")["written"] == ["web1.md"] and not (tmp_path / "out").exists()
    assert run([FILE])["changed"] is True
    assert (tmp_path / "out" / "web1.md").read_text(encoding="utf-8") == "# web1 {{ 1 / 0 }}\n"
    again = run([FILE])
    assert (again["changed"], again["written"], again["removed"]) == (False, [], [])


def test_a_mistake_is_an_error_that_names_it(run, tmp_path):
    assert "files: 'a/b' is not the name of a file in" in run([dict(FILE, name="a/b")])["msg"]
    assert "content" in run([{"name": "web1.md"}])["msg"]
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused = run([FILE], directory=tmp_path / "file" / "out")
    assert refused["failed"] is True and str(tmp_path / "file") in refused["msg"]
