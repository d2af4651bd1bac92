# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What icc false breaks: pairs that talk, links without a port, and addresses in the environment."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.forecast.settings import icc
from ansible_collections.containment.docker.plugins.module_utils.linux.socket_tables import Connection

WEB, DB = "172.17.0.2", "172.17.0.3"


def endpoint(address, connections=(), links=(), exposed=(), named=()):
    return icc.Endpoint(frozenset([address]), connections, frozenset(links), frozenset(exposed), frozenset(named))


def forecast_icc(web, database=None, name="db"):
    notes = [("web", web), (name, database or endpoint(DB)), ("elsewhere", None)]
    return {item.id: item.sure for item in icc.of_all({}, notes)}


def to(remote, port=5432, local=WEB, protocol="tcp"):
    return Connection(protocol, local, remote, port)


def test_a_pair_that_talks_is_certain_once():
    web = endpoint(WEB, [to(DB), to(DB)])
    assert forecast_icc(web) == {"icc/connection/container:web:db:5432/tcp": "certain"}


@pytest.mark.parametrize(
    "connection",
    [
        to("172.17.0.1"),  # a published port, by the host's address
        to("93.184.216.34"),
        to(WEB),
        to(DB, local="10.0.0.2"),  # by another network of its own
    ],
)
def test_other_connections_are_not_cut(connection):
    assert forecast_icc(endpoint(WEB, [connection])) == {}


def test_a_link_goes_on_by_an_exposed_port_alone():
    web = endpoint(WEB, [to(DB), to(DB, 99)], links=["db"])
    assert forecast_icc(web, endpoint(DB, exposed=["5432/tcp"])) == {
        "icc/connection/container:web:db:99/tcp": "certain"
    }


def test_a_link_to_a_container_that_exposes_nothing_is_likely():
    assert forecast_icc(endpoint(WEB, links=["db"])) == {"icc/link/container:web:db": "likely"}
    assert forecast_icc(endpoint(WEB, links=["db"]), endpoint(DB, exposed=["5432/tcp"])) == {}


def test_an_address_in_the_environment_is_likely():
    assert forecast_icc(endpoint(WEB, named=[DB, "10.1.1.1"])) == {"icc/address/container:web:db": "likely"}


def inspect(**changes):
    whole = {
        "State": {"Running": True, "Pid": 5},
        "Args": ["--to", f"{DB}:80"],
        "Config": {
            "Env": [f"DB={DB}", f"SELF={WEB}", "VERSION=1.2.3.4.5", "x=999.1.1.1"],
            "ExposedPorts": {"80/tcp": {}},
        },
        "HostConfig": {"Links": ["/db:/web/database"]},
        "NetworkSettings": {"Networks": {"bridge": {"IPAddress": WEB, "GlobalIPv6Address": ""}}},
    }
    whole.update(changes)
    return whole


def test_a_note_has_what_concerns_the_default_bridge():
    note = icc.note("web", Evidence(inspect=inspect(), connections=[to(DB)]))
    assert note == endpoint(WEB, [to(DB)], ["db"], ["80/tcp"], [DB])


def test_a_stopped_container_has_no_connections():
    assert icc.note("web", Evidence(inspect=inspect(State={"Running": False}))).connections == ()


@pytest.mark.parametrize(
    "settings", [None, {}, {"Networks": {"mine": {"IPAddress": WEB}}}, {"Networks": {"bridge": None}}]
)
def test_a_container_elsewhere_has_no_note(settings):
    assert icc.note("web", Evidence(inspect=inspect(NetworkSettings=settings))) is None


def test_what_is_no_text_or_address_is_left_out():
    networks = {"Networks": {"bridge": {"IPAddress": 5, "GlobalIPv6Address": "fe80::zz"}}}
    odd = inspect(
        NetworkSettings=networks, Args=[None], Config={"Env": 7, "ExposedPorts": []}, HostConfig={"Links": None}
    )
    assert icc.note("web", Evidence(inspect=odd)) == icc.Endpoint(
        frozenset(), (), frozenset(), frozenset(), frozenset()
    )
