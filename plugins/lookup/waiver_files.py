# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waivers from files on the controller."""

DOCUMENTATION = r"""
name: waiver_files
author: The containment.docker authors (@containment-docker)
version_added: 1.0.0
short_description: Waivers for the host at hand from files
description:
  - Reads files with waivers in YAML and returns those for the host at hand, as O(containment.docker.posture_info#module:waivers) takes them.
  - A file is a list of waivers, or has it under the key C(waivers). A waiver has C(rule), C(selector), C(reason), C(owner), C(expires), and may have
    C(ticket), C(when_message) and C(hosts), a list of hosts and groups of the inventory that it is for; without it, it is for all.
  - Every mistake is an error with the file and the line. So is a waiver that stands there twice, and a host that the inventory lacks.
  - A file may be encrypted by Ansible Vault.
options:
  _terms:
    description: The files, from where ansible-playbook was started.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Audit with the waivers of a file
  containment.docker.posture_info:
    waivers: "{{ query('containment.docker.waiver_files', 'waivers.yml') }}"
  become: true

# waivers.yml:
# - rule: privileged
#   selector: container:node-agent
#   reason: Reads hardware counters of the host
#   owner: platform team
#   expires: 2027-01-31
#   ticket: SEC-1234
#   hosts: [workers]
"""

RETURN = r"""
_raw:
  description: The waivers, without C(hosts).
  type: list
  elements: dict
"""

import os
from typing import Any

from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.containment.docker.plugins.plugin_utils.waiver_file import (
    Entry,
    check_together,
    read_waivers,
    waivers_for,
)


class LookupModule(LookupBase):
    """Ansible's entry."""

    def run(self, terms: list[str], variables: Any = None, **kwargs: Any) -> list[dict[str, str]]:
        """The waivers of all files for the host at hand."""
        variables = variables or {}
        groups = variables.get("groups") or {}
        try:
            entries = [entry for term in terms for entry in self._entries(str(term))]
            check_together(entries, [*groups, *groups.get("all", ())])
        except (ValueError, OSError, AnsibleError) as error:
            raise AnsibleLookupError(f"waiver_files: {error}") from error
        return waivers_for(entries, [variables.get("inventory_hostname", ""), "all", *variables.get("group_names", ())])

    def _entries(self, name: str) -> list[Entry]:
        """The entries of one file, decrypted where it has to be."""
        path = os.path.join(os.environ.get("PWD") or os.getcwd(), os.path.expanduser(name))
        readable = self._loader.get_real_file(path)
        try:
            with open(readable, encoding="utf-8") as file:
                return read_waivers(name, file.read())
        finally:
            self._loader.cleanup_tmp_file(readable)
