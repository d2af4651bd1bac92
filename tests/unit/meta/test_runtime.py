# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What meta/runtime.yml says of the collection is so."""

import pathlib

import yaml

ROOT = pathlib.Path(__file__).parents[3]


def test_every_module_that_runs_on_a_docker_host_is_in_the_action_group():
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    modules, actions = (
        {path.stem for path in (ROOT / "plugins" / room).glob("*.py")} for room in ("modules", "action")
    )
    assert runtime["action_groups"]["docker"] == sorted(modules - actions)
