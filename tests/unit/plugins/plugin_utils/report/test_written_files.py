# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of reports: whole, with their mode, and none of anybody else's."""

import os
import stat

import pytest

from ansible_collections.containment.docker.plugins.plugin_utils.report.written_files import write_files

TWO = [{"name": "web1.json", "content": "{}\n"}, {"name": "web1.md", "content": "# wéb1 {{ 1 / 0 }}\n"}]
SARIF = r"fleet(-[0-9]+)?[.]sarif"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "reports" / "today"


def test_the_directory_is_made_and_holds_the_files(out):
    assert write_files(str(out), TWO) == {"changed": True, "written": ["web1.json", "web1.md"], "removed": []}
    assert {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()} == {
        file["name"]: file["content"] for file in TWO
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o644}
    assert stat.S_IMODE(out.stat().st_mode) == 0o755


def test_a_file_that_is_as_it_should_be_is_left_alone(out):
    write_files(str(out), TWO)
    before = {path.name: path.stat() for path in out.iterdir()}
    assert write_files(str(out), TWO) == {"changed": False, "written": [], "removed": []}
    assert {path.name: path.stat() for path in out.iterdir()} == before


def test_another_content_of_the_same_length_is_written(out):
    write_files(str(out), TWO)
    assert write_files(str(out), [{"name": "web1.json", "content": "[]\n"}])["written"] == ["web1.json"]
    assert (out / "web1.json").read_text(encoding="utf-8") == "[]\n"


def test_another_mode_is_mended(out):
    write_files(str(out), TWO)
    (out / "web1.md").chmod(0o600)
    assert write_files(str(out), TWO)["written"] == ["web1.md"]
    assert stat.S_IMODE((out / "web1.md").stat().st_mode) == 0o644


def test_a_link_is_replaced_and_not_followed(out, tmp_path):
    out.mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("{}\n", encoding="utf-8")
    (out / "web1.json").symlink_to(elsewhere)
    write_files(str(out), [{"name": "web1.json", "content": "[]\n"}])
    assert not (out / "web1.json").is_symlink() and elsewhere.read_text(encoding="utf-8") == "{}\n"


def test_only_what_the_whole_expression_matches_and_is_not_written_is_removed(out):
    out.mkdir(parents=True)
    for name in ("fleet.sarif", "fleet-1.sarif", "fleet-2.sarif", "my-fleet.sarif", "fleet.sarif.old", "fleet.json"):
        (out / name).write_text("", encoding="utf-8")
    done = write_files(str(out), [{"name": "fleet-1.sarif", "content": "x"}], SARIF)
    assert done == {"changed": True, "written": ["fleet-1.sarif"], "removed": ["fleet-2.sarif", "fleet.sarif"]}
    assert sorted(os.listdir(out)) == ["fleet-1.sarif", "fleet.json", "fleet.sarif.old", "my-fleet.sarif"]


def test_a_directory_is_no_file_of_an_earlier_run(out):
    (out / "fleet-2.sarif").mkdir(parents=True)
    assert write_files(str(out), TWO, SARIF)["removed"] == []
    assert (out / "fleet-2.sarif").is_dir()


def test_to_check_writes_and_removes_nothing(out):
    assert write_files(str(out), TWO, check=True)["written"] == ["web1.json", "web1.md"]
    assert not out.exists()
    write_files(str(out), TWO)
    assert write_files(str(out), [], ".*", check=True)["removed"] == ["web1.json", "web1.md"]
    assert len(os.listdir(out)) == 2


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc/passwd", "a\0b", "web1.json"])
def test_what_is_no_name_of_a_file_of_its_own_is_refused_before_anything_is_written(out, name):
    with pytest.raises(ValueError, match="^files: .*(is not the name of a file in|is there twice)"):
        write_files(str(out), [TWO[0], {"name": name, "content": ""}])
    assert not out.exists()


def test_a_directory_from_nowhere_and_a_wrong_expression_are_refused():
    with pytest.raises(ValueError, match="^directory: 'reports' is not an absolute path"):
        write_files("reports", TWO)
    with pytest.raises(ValueError, match=r"^replaces: '\(' is no regular expression"):
        write_files("/nowhere", TWO, "(")
