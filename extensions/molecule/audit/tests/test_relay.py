# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What passes the engine's socket on to a port is told, and of a program that may do so it is unknown."""

import re

import pytest


@pytest.fixture(scope="module")
def relay(result):
    return result("relay")


def finding(findings):
    (access,) = [item for item in findings if (item["rule"], item["subject"]) == ("engine-access", "daemon")]
    return access


def test_the_same_engine_answers_behind_the_relay(relay):
    by_port, by_socket = relay["reached"]
    assert by_port == by_socket


def test_a_relay_before_the_socket_fails(relay):
    judged = finding(relay["judged"])
    assert judged["status"] == "fail"
    assert re.search(
        r"systemd-socket-proxyd\) passes /run/docker\.sock on to TCP (::|0\.0\.0\.0) port 2375", judged["seen"]
    )


def test_a_program_with_a_connection_that_listens_is_unknown(relay):
    doubted = finding(relay["doubted"])
    assert doubted["status"] == "unknown"
    assert "has a connection to the API and listens on TCP 0.0.0.0 port 9323" in doubted["seen"]


def test_the_socket_alone_passes(relay):
    assert finding(relay["gone"])["status"] == "pass"
