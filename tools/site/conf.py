# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sphinx's configuration. tools/build_site.py puts it beside the pages; it is not run from here."""

import pathlib
import re
import zlib

project = "containment.docker"
author = copyright = "the containment.docker authors"
extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
html_theme = "furo"
html_title = "containment.docker"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
smartquotes = False  # flags stay flags: -- is no dash
default_role = "any"
myst_heading_anchors = 3
myst_links_external_new_tab = False
nitpicky = True

# What the plugins' pages refer to in Ansible's own documentation. An inventory of our own, since the build needs no network.
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest/"
TARGETS = {
    "common_return_values std:label": "reference_appendices/common_return_values.html",
    "ansible_configuration_settings std:label": "reference_appendices/config.html",
    "action_plugins std:label": "plugins/action.html",
    "callback_plugins std:label": "plugins/callback.html",
    "ANSIBLE_STDOUT_CALLBACK std:envvar": "reference_appendices/config.html#envvar-ANSIBLE_STDOUT_CALLBACK",
}


def builtin_plugins(folder):
    """The pages of Ansible's own plugins that pages below the folder refer to, as TARGETS."""
    names = set()
    for path in folder.rglob("*.rst"):
        names.update(re.findall(r"\bansible_collections\.ansible\.builtin\.(\w+)", path.read_text(encoding="utf-8")))
    return {
        f"ansible_collections.ansible.builtin.{name} std:label": f"collections/ansible/builtin/{name}.html"
        for name in sorted(names)
    }


def write_inventory(path):
    """Write an intersphinx inventory of what is referred to, as sphinx.util.inventory reads it; returns the path."""
    targets = {**TARGETS, **builtin_plugins(path.parent)}
    lines = "".join(f"{target} -1 {page} -\n" for target, page in targets.items())
    head = "# Sphinx inventory version 2\n# Project: Ansible\n# Version: latest\n"
    head += "# The remainder of this file is compressed using zlib.\n"
    path.write_bytes(head.encode() + zlib.compress(lines.encode()))
    return str(path)


intersphinx_mapping = {"ansible": (ANSIBLE, write_inventory(pathlib.Path(__file__).with_name("ansible.inv")))}
