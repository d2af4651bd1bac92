# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import os
import signal
import stat
import subprocess
import sys

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


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 99}', ""])
def test_a_record_that_is_not_understood_is_an_error(tmp_path, text):
    (tmp_path / "transaction.json").write_text(text)
    with pytest.raises(journal.JournalError):
        journal.load("transaction.json", str(tmp_path))


def test_a_planted_link_is_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (tmp_path / "transaction.json.new").symlink_to(victim)
    with pytest.raises(journal.JournalError):
        journal.save("transaction.json", {}, str(tmp_path))
    assert victim.read_text() == "untouched"


def test_a_directory_that_others_can_write_is_not_trusted(tmp_path):
    directory = tmp_path / "open"
    directory.mkdir()
    directory.chmod(0o777)
    with pytest.raises(journal.JournalError, match="writable for others"):
        with journal.exclusive(str(directory)):
            pass


def test_a_second_run_is_locked_out_until_the_first_is_killed(tmp_path):
    code = (
        "import sys, time\n"
        "from ansible_collections.containment.docker.plugins.module_utils.transaction import journal\n"
        "with journal.exclusive(sys.argv[1]):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, env=environment)
    try:
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(journal.JournalError, match="process %d" % child.pid):
            with journal.exclusive(str(tmp_path)):
                pass
        child.send_signal(signal.SIGKILL)
        child.wait()
        with journal.exclusive(str(tmp_path)):
            assert (tmp_path / "lock").read_text().strip() == str(os.getpid())
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        child.stdout.close()
