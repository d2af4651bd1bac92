# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where programs that only pass connections on say that these go."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux.relay_programs import (
    PROXYD,
    SOCAT,
    Route,
    parse_route,
)

API = "/run/docker.sock"


@pytest.mark.parametrize(
    "program, arguments, route",
    [
        (PROXYD, [API], Route(API)),
        (PROXYD, ["--exit-idle-time", "5min", API], Route(API)),
        (PROXYD, ["-c", "9", "@docker"], Route("@docker")),
        (PROXYD, ["--connections-max=9", "127.0.0.1:80"], None),
        (PROXYD, [], None),
        (SOCAT, ["TCP-LISTEN:2375,fork", "UNIX-CONNECT:" + API], Route(API)),
        (SOCAT, ["-d", "-lf", "/var/log/socat", "tcp-l:2375", "unix-client:" + API + ",retry=3"], Route(API)),
        (SOCAT, ["UNIX:" + API, "TCP4-LISTEN:2375"], Route(API)),
        (SOCAT, ["TCP-LISTEN:2375", API], Route(API)),
        (SOCAT, ["TCP-LISTEN:2375", "ABSTRACT-CONNECT:docker"], Route("@docker")),
        # what it listens on is no target
        (SOCAT, ["UNIX-LISTEN:" + API, "TCP:192.0.2.1:2375"], None),
        (SOCAT, ["TCP-LISTEN:2375", "EXEC:/bin/cat"], None),
        (SOCAT, ["TCP-LISTEN:2375", "UNIX-CONNECT:docker.sock"], None),  # relative to a directory that isn't known
        (SOCAT, ["TCP-LISTEN:2375"], None),
        # verify is on unless it is turned off
        (SOCAT, ["OPENSSL-LISTEN:2376,cert=a.pem", "UNIX-CONNECT:" + API], Route(API, None)),
        (SOCAT, ["ssl-l:2376,VERIFY=0", "UNIX-CONNECT:" + API], Route(API)),
        ("agent", ["TCP-LISTEN:2375", "UNIX-CONNECT:" + API], None),
    ],
)
def test_a_route_is_what_the_arguments_say(program, arguments, route):
    assert parse_route(program, ["name", *arguments]) == route
