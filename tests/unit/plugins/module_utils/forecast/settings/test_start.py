# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is in the way of a restart, as items of the forecast."""

from ansible_collections.containment.docker.plugins.module_utils.dockerd.start_conditions import StartProblem
from ansible_collections.containment.docker.plugins.module_utils.forecast.settings import start


def test_what_is_in_the_way_is_certain_and_a_doubt_is_likely():
    problems = [
        StartProblem("disk", "/var/lib/docker", True, "it is full", "make room"),
        StartProblem("certificate", "/c\x1b.pem", False, "it has expired", "renew it"),
    ]
    full, old = start.of_host({"start_problems": problems})
    assert (full.id, full.sure, full.remedy) == ("start/disk/daemon:/var/lib/docker", "certain", "make room")
    assert full.message == "a restart of dockerd would not bring it back as it is: it is full"
    assert (old.id, old.sure, old.message) == ("start/certificate/daemon:/c\\x1b.pem", "likely", "it has expired")


def test_nothing_in_the_way_is_no_item():
    assert list(start.of_host({"start_problems": []})) == []
