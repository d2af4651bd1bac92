# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import json

import pytest
from ansible.module_utils import basic

from ansible_collections.containment.docker.plugins.modules import kernel_filesystems


@pytest.mark.parametrize("answered, deprecations", [({}, 1), ({"owner": "me", "expires": "2031-01-31"}, 0)])
def test_leave_without_owner_and_last_day_is_taken_and_deprecated(monkeypatch, capsys, answered, deprecations):
    leave = [dict(answered, path="/proc/sys", reason="why")]
    arguments = {"ANSIBLE_MODULE_ARGS": {"leave": leave}}
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(arguments).encode("utf-8"))
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)  # ansible-core from 2.19 on
    monkeypatch.setattr(kernel_filesystems, "enforce", lambda options, _check: {"warnings": [], "changed": False})
    deprecated = []  # ansible-core keeps what a process has deprecated, and for the next module in it too
    monkeypatch.setattr(basic.AnsibleModule, "deprecate", lambda _self, text, **more: deprecated.append((text, more)))
    with pytest.raises(SystemExit):
        kernel_filesystems.main()
    assert "failed" not in json.loads(capsys.readouterr().out)
    assert len(deprecated) == deprecations and all("owner and expires" in text for text, _more in deprecated)
