# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How often this Python compiles what it imports from a zip file."""

import subprocess
import sys
import zipfile
import zipimport

import pytest

from ansible_collections.containment.docker.plugins.module_utils import compile_once

# In a process of its own: it changes how that imports. Prints the files that were compiled, then what they say.
SCRIPT = """\
import runpy, sys, zipimport
runpy.run_path(sys.argv[1])["compile_once"]()
found, real = [], getattr(zipimport, "_compile_source", None)
if real:
    zipimport._compile_source = lambda path, source: found.append(path[len(sys.argv[2]) + 1:]) or real(path, source)
sys.path.insert(0, sys.argv[2])
import package.one, package.two
print(*sorted(found))
print(package.one.two.WORD, package.one.__file__[len(sys.argv[2]) + 1:])
"""


def _run(tmp_path):
    path = str(tmp_path / "modules.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("package/__init__.py", "")
        archive.writestr("package/one.py", "from package import two\n")
        archive.writestr("package/two.py", "WORD = 'word'\n")
    argv = [sys.executable, "-c", SCRIPT, compile_once.__file__, path]
    return subprocess.check_output(argv, universal_newlines=True).split("\n")


@pytest.mark.skipif(not hasattr(zipimport, "_compile_source"), reason="this Python's zipimport is written in C")
def test_each_module_is_compiled_once(tmp_path):
    assert _run(tmp_path)[0] == "package/__init__.py package/one.py package/two.py"


def test_what_is_imported_works(tmp_path):
    assert _run(tmp_path)[1] == "word package/one.py"
