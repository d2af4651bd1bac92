# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes as compose reads them: YAML whose values mean what the container has, with no variable in them."""

import pytest
import yaml

from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange, report

from ..module_utils.docker_api.test_cli_change import HOSTILE


def compose(change):
    (text,) = report([change])["run"]
    assert text["compose"].isprintable()
    assert "$" not in text["compose"].replace("$$", "")  # compose takes one for the begin of a variable
    return yaml.safe_load(text["compose"].replace("$$", "$"))


@pytest.mark.parametrize("text", HOSTILE)
def test_compose_reads_the_value(text):
    assert compose(RunChange("remove", "Binds", text)) == {"volumes": [text]}
    mount = {"Type": "bind", "Source": text + "x", "Target": text}
    wanted = {"type": "bind", "source": text + "x", "target": text}
    assert compose(RunChange("remove", "Mounts", mount)) == {"volumes": [wanted]}


@pytest.mark.parametrize("word", ["no", "Off", "null", "true", "~", "1000", "1e3", "0x1", "1:30", "2026-01-31", "host"])
def test_a_word_of_yaml_stays_a_string(word):
    assert compose(RunChange("add", "NetworkMode", word)) == {"network_mode": word}
