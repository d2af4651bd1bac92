# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One place where a function of plain data becomes a filter."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var


def as_filter(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """The filter of this name that returns what `work` makes of its arguments. A ValueError is the user's mistake.

    What it returns is marked unsafe: a playbook may keep it in a variable, and ansible-core before 2.19 takes braces in that
    for a template.
    """

    @wraps(work)
    def filter_of(*arguments: Any, **options: Any) -> Any:
        try:
            return wrap_var(work(*arguments, **options))
        except ValueError as error:
            raise AnsibleFilterError(f"{name}: {error}") from error

    return filter_of
