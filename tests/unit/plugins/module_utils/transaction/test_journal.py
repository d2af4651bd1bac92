# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import os
import stat

import pytest

from ansible_collections.containment.docker.plugins.module_utils.transaction import journal


def test_what_is_saved_is_loaded_and_only_root_reads_it(tmp_path):
    directory = str(tmp_path)
    journal.save("transaction.json", {"phase": "written"}, directory)
    assert journal.load("transaction.json", directory)["phase"] == "written"
    assert stat.S_IMODE(os.stat(os.path.join(directory, "transaction.json")).st_mode) == 0o600
    assert os.listdir(directory) == ["transaction.json"]
    journal.remove("transaction.json", directory)
    journal.remove("transaction.json", directory)
    assert journal.load("transaction.json", directory) is None


@pytest.mark.parametrize("text", ["{", "[]", ""])
def test_a_record_that_is_not_understood_is_an_error(tmp_path, text):
    (tmp_path / "transaction.json").write_text(text)
    with pytest.raises(journal.JournalError):
        journal.load("transaction.json", str(tmp_path))


def test_a_directory_that_others_can_write_is_not_trusted(tmp_path):
    directory = tmp_path / "open"
    directory.mkdir()
    directory.chmod(0o777)
    with pytest.raises(journal.JournalError, match="writable for others"):
        journal.open_directory(str(directory))
