# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A name with a typing error is told with the right one, and another host's container is not an error."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.container_names import plain, unknown

ID = "4f66ad9a0b2e3c1d8f7e6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d"


def test_a_findings_subject_is_a_name():
    assert plain(["container:web", "db", "containers"]) == ["web", "db", "containers"]


@pytest.mark.parametrize(
    "names, known, meant, strange",
    [
        (["web"], ["web", "db"], None, 0),
        (["wbe"], ["web", "db"], "web", 0),
        (["node-agnet"], ["web", "node-agent"], "node-agent", 0),
        (["node_agent"], ["node-agent"], "node-agent", 0),
        (["agent-1", "agent-2"], ["agent-1"], None, 1),  # of the fleet's other host
        (["agent-2"], ["agent-1"], "agent-1", 0),
        (["backup"], ["web"], None, 1),
        (["not-there"], ["for-the-role"], None, 1),
        (["db"], ["web"], None, 1),
        ([ID, ID[:12]], ["web", ID], None, 0),
        ([ID[:11]], ["web", ID], None, 1),
        ([], ["web"], None, 0),
    ],
)
def test_only_a_typing_error_is_one(names, known, meant, strange):
    errors, notes = unknown("spare", names, known)
    assert len(errors) == (meant is not None) and len(notes) == strange
    if meant:
        assert errors[0].endswith("is %r meant?" % meant)


def test_what_is_told_is_inert():
    assert "\x1b" not in "".join(unknown("spare", ["\x1b[2J"], [])[1])
