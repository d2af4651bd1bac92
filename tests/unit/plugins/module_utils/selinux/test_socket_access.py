# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a container may connect, by the answers of RHEL's policies."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.selinux import socket_access
from ansible_collections.containment.docker.plugins.module_utils.selinux.access import Decision
from ansible_collections.containment.docker.plugins.module_utils.selinux.listeners import Listener

from ..recorded_policy import policy


def stream(*domains):
    return [Listener("system_u:system_r:%s:s0" % domain, "unix_stream_socket") for domain in domains]


def decide(domain, listeners, release="rhel9"):
    return socket_access.decide("system_u:system_r:%s:s0:c1,c2" % domain, listeners, policy(release))


@pytest.mark.parametrize("release", ["rhel9", "rhel10"])
@pytest.mark.parametrize(
    "domain, server, denied",
    [
        ("container_t", "container_runtime_t", ("connectto",)),
        ("container_kvm_t", "container_runtime_t", ()),
        ("container_t", "init_t", ("connectto",)),
        ("container_t", "syslogd_t", ()),
        ("container_t", "spc_t", ()),
        ("container_logreader_t", "syslogd_t", ("connectto",)),
    ],
)
def test_one_server_decides(domain, server, denied, release):
    connection = decide(domain, stream(server), release)
    assert connection.denied == denied and connection.label == "system_u:system_r:%s:s0" % server


def test_nobody_is_unknown():
    assert decide("container_t", ()) == (None, socket_access.NOBODY, (), "")


def test_several_servers_that_are_all_denied_are_denied_without_a_name():
    assert decide("container_t", stream("init_t", "container_runtime_t"))[:2] == (("connectto",), "")
    assert decide("container_t", stream("init_t", "container_runtime_t")).label == ""


def test_several_servers_of_which_some_are_allowed_are_unknown():
    connection = decide("container_t", stream("syslogd_t", "init_t"))
    assert connection.denied is None and "several programs serve it (init_t, syslogd_t)" in connection.reason


def test_a_server_that_the_policy_does_not_know_is_unknown_with_the_reason():
    connection = decide("container_t", stream("made_up_t"))
    assert connection.denied is None and "doesn't know" in connection.reason and "made_up_t" in connection.label
    assert decide("container_t", stream("made_up_t", "syslogd_t")).denied is None


def test_a_datagram_needs_sendto():
    questions = []

    def ask(*question):
        questions.append(question[2:])
        return Decision(question[3], False, question[3])

    connection = socket_access.decide("u:r:container_t:s0", [Listener("u:r:syslogd_t:s0", "unix_dgram_socket")], ask)
    assert questions == [("unix_dgram_socket", ("sendto",))] and connection.denied == ("sendto",)
    assert connection.silent == ("unix_dgram_socket sendto",)
