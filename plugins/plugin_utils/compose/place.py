# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a compose document doesn't say of itself. Pure."""

from collections.abc import Mapping
from typing import NamedTuple


class Place(NamedTuple):
    """variables: of the environment. project: the directory of the compose file on the host, "" if unknown.

    below: the directory of an included file, from the project's; it places paths where the project's own is not known.
    """

    variables: Mapping[str, str]
    project: str = ""
    below: str = ""
