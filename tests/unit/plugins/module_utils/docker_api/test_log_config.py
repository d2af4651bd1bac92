# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How large a log may become."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Meaningless
from ansible_collections.containment.docker.plugins.module_utils.docker_api.log_config import Limit, limit, parse_size


@pytest.mark.parametrize(
    "text, size",
    [("10m", 10000000), ("1.5G", 1500000000), ("1 kb", 1000), ("64MiB", 64000000), ("7", 7), (" 2k ", 2000)],
)
def test_a_size_is_in_powers_of_1000(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "m", "-1", "1x", "1e9", "0x10", "1" * 40, "10m\n10m", "١٠m"])
def test_what_is_no_size_means_nothing(text):
    with pytest.raises(Meaningless):
        parse_size(text)


@pytest.mark.parametrize(
    "driver, options, expected",
    [
        ("json-file", {}, Limit(None)),
        ("json-file", {"max-size": "1k"}, Limit(1000)),
        ("json-file", {"max-size": "1k", "max-file": "4"}, Limit(4000)),
        ("json-file", {"max-size": "-1", "max-file": "4"}, Limit(None)),
        ("local", {}, Limit(100000000)),
        ("local", {"max-size": "-1"}, Limit(None)),
        ("local", {"max-file": "1"}, Limit(20000000)),
        ("journald", {}, Limit(None, True)),
        ("some/plugin:latest", {"max-size": "x"}, Limit(None, True)),
    ],
)
def test_the_limit_of_a_driver(driver, options, expected):
    assert limit(driver, options) == expected
