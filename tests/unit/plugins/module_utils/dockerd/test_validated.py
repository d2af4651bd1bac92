# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of generated configurations is what `dockerd --validate` said (samples/validated.json).

29.7 is a dockerd built from moby's sources of August 2026, after 29.7.2.
"""

import json
import os

import pytest

from .generated_configs import compare

with open(os.path.join(os.path.dirname(__file__), "samples", "validated.json")) as _stream:
    VALIDATED = json.load(_stream)


@pytest.mark.parametrize("version", sorted(VALIDATED))
def test_the_judgement_is_that_of_validate_or_a_deliberate_difference(version):
    answers = VALIDATED[version]
    assert len(answers) >= 250 and len({bool(reason) for reason in answers.values()}) == 2
    configs = {name: {"config": json.loads(name)} for name in answers}
    assert compare(version, configs, answers) == ({}, {})
