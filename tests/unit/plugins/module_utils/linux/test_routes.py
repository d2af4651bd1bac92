# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host's own addresses out of the kernel's table of routes."""

from ansible_collections.containment.docker.plugins.module_utils.linux import routes

TABLE = b"""\
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 172.17.0.0/16 2 0 2
        |-- 172.17.0.0
           /16 link UNICAST
        |-- 172.17.0.1
           /32 host LOCAL
        |-- 172.17.255.255
           /32 link BROADCAST
Local:
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
"""


def test_only_what_is_local_is_the_hosts_own():
    assert routes.local_addresses(TABLE) == {"172.17.0.1", "127.0.0.1"}


def test_a_table_of_another_shape_has_none():
    assert routes.local_addresses(b"/32 host LOCAL\n|-- x\n\xff") == frozenset()
