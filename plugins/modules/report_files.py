#!/usr/bin/python
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of this name. It runs on the controller, and nothing of it on a target."""

DOCUMENTATION = r"""
module: report_files
short_description: Write files of reports on the controller
version_added: 1.0.0
description:
  - Writes files into one directory of the controller, as the filter P(containment.docker.findings_to_files#filter) gives them, all in one
    task and within Ansible's own process. M(ansible.builtin.copy) needs a task and several processes for each file, which for seven
    formats of a hundred hosts takes minutes.
  - Each file is replaced at once by a new one, so that a reader sees the old or the new report and no half of one. A file that is as it should be
    is left alone.
  - The roles P(containment.docker.docker_audit#role) and P(containment.docker.docker_remediation#role) write their reports by it.
options:
  directory:
    description: An absolute path on the controller. It is made, with the mode C(0755), where it is missing.
    type: path
    required: true
  files:
    description: The files. Each gets the mode C(0644).
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name of a file in O(directory), without a C(/).
        type: str
        required: true
      content:
        description: The whole content.
        type: str
        required: true
  replaces:
    description: A regular expression. Files in O(directory) whose whole name matches it and that are not among O(files) are removed.
    type: str
    default: ""
attributes:
  action:
    support: full
    description: Runs on the controller, also for a host that can't be reached. No delegation is needed.
  check_mode:
    support: full
    description: Can run in C(check_mode) and tells what it would write.
  diff_mode:
    support: none
    description: Reports are large.
  platform:
    support: full
    platforms: posix
    description: Of the controller.
author:
  - The containment.docker authors (@containment-docker)
seealso:
  - plugin: containment.docker.findings_to_files
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write down what a CI server and GitHub's code scanning take
  containment.docker.report_files:
    directory: /srv/reports
    files: "{{ {inventory_hostname: docker_audit_result} | containment.docker.findings_to_files(['junit', 'sarif']) }}"
"""

RETURN = r"""
written:
  description: The names of the files that were not there, or not with this content and mode.
  returned: success
  type: list
  elements: str
  sample: [web1.junit.xml, web1.sarif]
removed:
  description: The names of the files that O(replaces) removed.
  returned: success
  type: list
  elements: str
  sample: []
"""
