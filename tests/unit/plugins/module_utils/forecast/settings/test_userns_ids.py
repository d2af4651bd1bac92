# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ids of the containers' range that others on the host have."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.forecast.host_ids import (
    HostIds,
    HostProcess,
    OwnedFiles,
)
from ansible_collections.containment.docker.plugins.module_utils.forecast.id_mapping import Remapping
from ansible_collections.containment.docker.plugins.module_utils.forecast.mapped_access import File
from ansible_collections.containment.docker.plugins.module_utils.forecast.settings import userns_remap
from ansible_collections.containment.docker.plugins.module_utils.linux import domain_ids
from ansible_collections.containment.docker.plugins.module_utils.linux.subordinate_ids import Range

from ..world import ONE, bind, container, read_sureness, world

OWN = ONE[0]
WANTED = {"userns-remap": "default"}
HOMES = OwnedFiles("/home", True, (File("/home/bob", "dir", 100007, 100007, 0o700),))
DATA = OwnedFiles(
    "/srv", False, (File("/srv/data", "dir", 100000, 100000, 0o700), File("/srv/log", "dir", 100000, 100000, 0o700))
)
DOMAIN = Range("ad domain corp of sssd", 120000, 1000)


def items(ids, mounts=(), **changes):
    shared = world(WANTED, host_ids=ids, **changes)
    notes = [("web", userns_remap.SETTING.note("web", container(shared, inspect={"Mounts": list(mounts)})))]
    return list(userns_remap.SETTING.of_all(shared, notes))


def ids_of(ids, mounts=(), **changes):
    return {key[len("userns-remap/") :]: sure for key, sure in read_sureness(items(ids, mounts, **changes)).items()}


@pytest.mark.parametrize(
    "ids, result",
    [
        (HostIds(), {}),
        (HostIds(names=(("user", 100007, "bob"),)), {"ids-of-user/host:bob": "certain"}),
        (HostIds(names=(("group", 100007, "staff"),)), {"ids-of-group/host:staff": "certain"}),
        (HostIds(processes=(HostProcess(7, "sh", 100007, 0),)), {"ids-of-processes/host": "likely"}),
        (HostIds(files=(HOMES,)), {"ids-of-files/host:/home": "likely"}),
        (HostIds(files=(DATA,)), {"ids-of-files/host:/srv": "possible"}),
        (HostIds(domains=((OWN, DOMAIN),)), {"ids-of-domain/host:ad domain corp of sssd": "likely"}),
        (HostIds(systemd=((OWN, domain_ids.DYNAMIC),)), {"ids-of-systemd/host:systemd's DynamicUser": "likely"}),
        (HostIds(systemd=((OWN, domain_ids.NSPAWN),)), {"ids-of-systemd/host:systemd-nspawn": "possible"}),
    ],
)
def test_who_else_has_the_ids(ids, result):
    assert ids_of(ids) == result


@pytest.mark.parametrize(
    "source, count",
    [("/srv/data", 1), ("/srv/data/web", 1), ("/srv", 0), ("/srv/dat", 2), ("/", 2)],
)
def test_what_a_container_mounts_was_given_to_the_new_ids_on_purpose(source, count):
    effects = items(HostIds(files=(DATA,)), [bind(source)])
    assert [item.evidence["files"] for item in effects] == ([count] if count else [])


def test_the_messages_have_ids_and_numbers():
    (files, domain) = items(HostIds(files=(DATA,), domains=((OWN, DOMAIN),)))
    assert "/srv/data and 1 more in /srv belongs to 100000:100000" in files.message
    assert domain.evidence == {"first": 120000, "last": 120999, "own first": 100000, "own last": 165535}


def test_what_could_not_be_looked_at_is_no_silence():
    with pytest.raises(Unreadable, match="no max_id bounds them"):
        items(HostIds(unknown=("the ids come from its directory, and no max_id bounds them",)))


@pytest.mark.parametrize("remapping", [Remapping(None, turned_off=True), Remapping(None, reasons=["none"])])
def test_where_no_range_is_known_nobody_shares_it(remapping):
    assert ids_of(HostIds(files=(HOMES,)), remapping=remapping) == {}
