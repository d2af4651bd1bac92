# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Python does with a zip file of modules, as Ansible ships one: counted by Python's own audit events."""

import json
import os
import subprocess
import sys
import zipfile

import pytest

from ansible_collections.containment.docker.plugins import modules
from ansible_collections.containment.docker.plugins.module_utils.common import zip_importer

INSTALL = "\nzip_importer.install()\n\n"
PROGRAM = """
import json, sys
counts = {}
def hook(event, arguments):
    if event == "compile" and isinstance(arguments[1], str) and ".zip/" in arguments[1]:
        name = arguments[1].partition(".zip/")[2]
        counts[name] = counts.get(name, 0) + 1
sys.addaudithook(hook)
sys.path.insert(0, sys.argv[1])
import first
json.dump({"counts": counts, "answer": first.ANSWER, "file": first.two.__file__}, sys.stdout)
"""


@pytest.fixture(name="archive")
def _archive(tmp_path):
    with open(zip_importer.__file__, encoding="utf-8") as stream:
        source = stream.read()
    files = {
        "first.py": "import zip_importer\nzip_importer.install()\nfrom a.b import two\nANSWER = two.ANSWER\n",
        "zip_importer.py": source,
        "a/__init__.py": "",
        "a/b/__init__.py": "",
        "a/b/two.py": "from a.c import ANSWER\n",
        "a/c.py": "ANSWER = 42\n",
    }
    path = str(tmp_path / "module.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM] + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False
    )


@pytest.mark.skipif(sys.version_info < (3, 8), reason="Python tells of what it compiles from 3.8 on")
def test_each_file_of_the_zip_is_compiled_once(archive):
    result = json.loads(run(archive).stdout.decode())
    assert result["answer"] == 42
    assert result["file"] == os.path.join(archive, "a/b/two.py")
    assert [result["counts"][name] for name in ("a/b/__init__.py", "a/b/two.py", "a/c.py")] == [1, 1, 1]


def test_a_module_that_the_zip_lacks_is_missing_as_everywhere(archive):
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr("a/d.py", "import a.nowhere\n")
        opened.writestr("a/e.py", "from a import d\n")
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.path.insert(0, sys.argv[1]); import first; import a.e", archive],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    assert b"ModuleNotFoundError: No module named 'a.nowhere'" in done.stderr
    assert b"module.zip/a/d.py" in done.stderr


def test_nothing_changes_where_a_module_is_a_file():
    before = list(sys.path_hooks)
    zip_importer.install()
    assert sys.path_hooks == before


def test_another_zip_file_is_imported_as_ever(archive):
    hook = zip_importer._hook("/elsewhere/module.zip")
    for path in (archive, "/elsewhere/module.zip", "/elsewhere/module.zipped/a"):
        with pytest.raises(ImportError, match="only directories of the module's zip file"):
            hook(path)


def test_every_module_installs_it_before_it_imports_anything_of_the_zip():
    folder = list(modules.__path__)[0]
    on_the_controller = os.listdir(os.path.join(folder, "..", "action"))  # there the module is documentation alone
    names = sorted(name for name in os.listdir(folder) if name.endswith(".py") and name != "__init__.py")
    names = [name for name in names if name not in on_the_controller]
    assert len(names) > 5
    for name in names:
        with open(os.path.join(folder, name), encoding="utf-8") as stream:
            before, call, after = stream.read().partition(INSTALL)
        assert call, f"{name}: zip_importer.install() is missing; see posture_info.py"
        imports = [line for line in before.split("\n") if line.startswith(("from ansible", "import ansible"))]
        assert len(imports) == 1 and imports[0].endswith("import zip_importer"), name
        assert "from ansible.module_utils" in after, name
