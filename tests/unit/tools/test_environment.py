# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `make env` does on a machine whose Python can't make an environment yet."""

import importlib
import sys
from pathlib import Path

import pytest

from ansible_collections.containment.docker.tools import junit

TOOLS = Path(junit.__file__).parent


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """The module, on a machine without venv, with an empty folder for what it makes."""
    monkeypatch.syspath_prepend(str(TOOLS))
    known = set(sys.modules)
    module = importlib.import_module("environment")
    monkeypatch.setattr(module, "BUILD", tmp_path / "build")
    monkeypatch.setattr(module, "VENV", tmp_path / "build" / "venv")
    monkeypatch.setattr(module, "_usable", lambda python: False)
    yield module
    for name in set(sys.modules) - known:
        del sys.modules[name]


def test_while_debian_packages_are_still_installed_it_succeeds_and_makes_nothing(environment, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["environment.py", "unless-impossible"])
    environment.main()
    assert not environment.BUILD.exists()


def test_afterwards_it_fails_and_names_the_packages(environment, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["environment.py"])
    with pytest.raises(SystemExit, match="apt-get install python3 python3-venv"):
        environment.main()
