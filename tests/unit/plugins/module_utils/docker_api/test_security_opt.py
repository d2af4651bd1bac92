# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SecurityOpt as dockerd parses it."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.security_opt import SecurityOptions, parse


@pytest.mark.parametrize(
    "options, expected",
    [
        (None, {}),
        ([], {}),
        (["no-new-privileges"], {"no_new_privileges": True}),
        (["no-new-privileges=1"], {"no_new_privileges": True}),
        (["no-new-privileges:false"], {"no_new_privileges": False}),
        (["no-new-privileges", "no-new-privileges=false"], {"no_new_privileges": False}),
        (["no-new-privileges=false", "no-new-privileges"], {"no_new_privileges": True}),
        (["label=disable"], {"label": ("disable",)}),
        (["disable"], {"label": ("disable",)}),
        (["label:type:svirt_apache_t", "label=level:s0:c1,c2"], {"label": ("type:svirt_apache_t", "level:s0:c1,c2")}),
        (['seccomp={"defaultAction": "SCMP_ACT_ALLOW"}'], {"seccomp": '{"defaultAction": "SCMP_ACT_ALLOW"}'}),
        (["seccomp:unconfined", "apparmor=unconfined"], {"seccomp": "unconfined", "apparmor": "unconfined"}),
        (["writable-cgroups=true"], {"writable_cgroups": True}),
    ],
)
def test_parse(options, expected):
    assert parse(options) == SecurityOptions(**expected)


@pytest.mark.parametrize("option", ["", "nonsense", "nonsense=1", "no-new-privileges=yes", "NO-NEW-PRIVILEGES"])
def test_what_dockerd_refuses(option):
    with pytest.raises(ValueError):
        parse([option])
