# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which ids domains may give, as their own configuration has it."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import domain_ids
from ansible_collections.containment.docker.plugins.module_utils.linux.subordinate_ids import Range

AD = "[sssd]\ndomains = corp.example\nservices = nss, pam\n\n[domain/corp.example]\nid_provider = ad\n"
LDAP = "[domain/old]\nid_provider = ldap\n"


def spans(ids):
    return [(item.owner, item.first, item.end - 1) for item in ids.ranges]


@pytest.mark.parametrize(
    "text, services",
    [
        (
            "passwd: files sss\ngroup: files [SUCCESS=merge] sss winbind\nhosts: files dns ldap\n",
            {"files", "sss", "winbind"},
        ),
        ("passwd:\tfiles # ldap\n", {"files"}),
        ("passwd files\n", set()),
        ("", set()),
    ],
)
def test_the_services_that_answer_for_users_and_groups(text, services):
    assert domain_ids.parse_sources(text) == services


@pytest.mark.parametrize(
    "texts, ranges",
    [
        ([AD], [("ad domain corp.example of sssd", 200000, 2000200000)]),
        ([AD + "ldap_idmap_range_min = 100000\n"], [("ad domain corp.example of sssd", 100000, 2000200000)]),
        (
            [AD, "[domain/corp.example]\nldap_idmap_range_max=299999\n"],
            [("ad domain corp.example of sssd", 200000, 299999)],
        ),
        (
            [AD + "ldap_id_mapping = False\nmin_id = 10000\nmax_id = 150000\n"],
            [("ad domain corp.example of sssd", 10000, 150000)],
        ),
        ([LDAP + "ldap_id_mapping = true\n"], [("ldap domain old of sssd", 200000, 2000200000)]),
        ([LDAP + "max_id = 120000\n"], [("ldap domain old of sssd", 1, 120000)]),
        (["[domain/local]\nid_provider = files\n[nss]\nid_provider = ad\n"], []),
        ([""], []),
        ([LDAP + "# max_id = 5\nmax_id = 0x\n".replace("0x", "9")], [("ldap domain old of sssd", 1, 9)]),
    ],
)
def test_sssds_domains_give_ranges(texts, ranges):
    read = domain_ids.of_sssd(texts)
    assert (spans(read), read.unknown) == (ranges, ())


@pytest.mark.parametrize("text", [LDAP, "[domain/ipa.example]\nid_provider = ipa\n", AD + "ldap_id_mapping = false\n"])
def test_ids_that_only_the_directory_knows_are_unknown(text):
    read = domain_ids.of_sssd([text])
    assert read.ranges == () and "come from its directory" in read.unknown[0]


@pytest.mark.parametrize(
    "text", ["no section\n", AD + "ldap_idmap_range_min = many\n", LDAP + "max_id = 99999999999\n", "[a\n"]
)
def test_what_sssd_would_not_read_is_an_error(text):
    with pytest.raises(ValueError):
        domain_ids.of_sssd([text])


def test_winbinds_domains_give_ranges():
    text = "[global]\n idmap config * : backend = tdb\n idmap config * : range = 3000-7999\n\tIdmap Config CORP:range=100000 - 299999\n"
    read = domain_ids.of_winbind(text)
    assert spans(read) == [("domain * of winbind", 3000, 7999), ("domain CORP of winbind", 100000, 299999)]
    assert read.unknown == ()


@pytest.mark.parametrize("text", ["[global]\n", "; idmap config * : range = 1-2\n", "idmap config * : range = 9-2\n"])
def test_winbind_without_a_range_is_unknown(text):
    assert domain_ids.of_winbind(text) == domain_ids.DomainIds((), ("smb.conf names no range of ids for winbind",))


@pytest.mark.parametrize(
    "other, overlaps",
    [
        (Range("x", 165536, 1), False),
        (Range("x", 165535, 1), True),
        (Range("x", 99999, 1), False),
        (Range("x", 99999, 2), True),
        (Range("x", 120000, 0), False),
        (domain_ids.DYNAMIC, False),
    ],
)
def test_ranges_overlap_where_one_id_is_in_both(other, overlaps):
    own = Range("dockremap", 100000, 65536)
    assert domain_ids.overlapping([own], [other]) == ([(own, other)] if overlaps else [])
