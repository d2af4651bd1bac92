# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.containment.docker.plugins.filter.findings_to_html import findings_to_html


def test_a_page_without_hosts_says_so():
    page = findings_to_html({})
    assert "0 of 0 hosts audited" in page and "Nothing: no finding fails" in page


@pytest.mark.parametrize(
    "results, groups, why", [([], None, "a mapping of host"), ({}, ["web"], "groups is a mapping")]
)
def test_what_is_no_fleet_is_refused_with_the_reason(results, groups, why):
    with pytest.raises(AnsibleFilterError, match=why):
        findings_to_html(results, groups)


def test_no_text_ends_the_page_s_data_early():
    host = "</script><b>"
    page = findings_to_html({host: {"findings": []}}, {host: [host]}, host)
    assert page.count("</script>") == 2 and "<b>" not in page.replace("<b>expired", "")
