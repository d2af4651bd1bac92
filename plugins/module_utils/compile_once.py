# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Has Python compile each module of a zip file once.

Ansible ships a module and its module_utils in a zip file without bytecode. Python 3.10 and later compile what they
import from there twice: to learn the file's name, and to run it (cpython: Lib/zipimport.py, get_filename).
"""

import zipimport
from functools import lru_cache

_NAME = "_get_module_code"


def compile_once():
    # type: () -> None
    """From now on in this process. Where a Python has no such function, nothing is changed."""
    compiled = getattr(zipimport, _NAME, None)
    if compiled is not None:
        setattr(zipimport, _NAME, lru_cache(maxsize=1)(compiled))  # its name is asked for right before it is run
