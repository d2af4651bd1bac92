# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever the document is, it is decoded or refused as a ValueError."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common import foreign_json


def test_a_document_is_decoded():
    assert foreign_json.decode('{"a": [1, "ä"]}'.encode("utf-8")) == {"a": [1, "ä"]}


@pytest.mark.parametrize("data", [b"", b"[", b"\xff", b"[" * 200000, b'{"a":' * 200000])
def test_all_else_is_a_value_error(data):
    with pytest.raises(ValueError):
        foreign_json.decode(data)
