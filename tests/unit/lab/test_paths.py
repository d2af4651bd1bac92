# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the lab keeps what it makes."""

import os
import pathlib
import subprocess
import sys

LAB = pathlib.Path(__file__).parents[3] / "lab"
SCRIPT = "import engine, paths, vm; print(paths.DATA, paths.RUN, paths.DOCKER_HOST, engine.CGROUP, vm.RUN, sep=chr(10))"


def places(home):
    """Every place that the lab of a home uses."""
    environment = dict(os.environ, HOME=home)
    environment.pop("XDG_CACHE_HOME", None)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=LAB, env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    return done.stdout.splitlines()


def test_two_homes_have_nothing_in_common():
    assert not set(places("/home/one")) & set(places("/home/two"))
    assert places("/home/one") == places("/home/one")


def test_a_lab_knows_of_others(tmp_path):
    """Only the last one to end takes away the mount points that they share."""
    script = "import engine, pathlib, sys; print(*(f.name for f in engine._other_labs(pathlib.Path(sys.argv[1]))))"

    def others(name):
        argv = [sys.executable, "-c", script, str(tmp_path / name)]
        return subprocess.run(argv, cwd=LAB, stdout=subprocess.PIPE, check=True, text=True).stdout.split()

    for name in ("containment.docker-1", "containment.docker-1.vm", "something-else"):
        (tmp_path / name).mkdir()
    (tmp_path / "containment.docker.lock").touch()
    assert others("containment.docker-1") == []
    assert others("containment.docker-2") == ["containment.docker-1"]
