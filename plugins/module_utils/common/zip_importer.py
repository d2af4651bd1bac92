# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Avoid compiling each file of a module twice.

Ansible ships a module and what it imports as one zip file. From 3.8 on, Python's zipimport compiles a file of it to tell
the file's name, and once more to run it (CPython: Lib/zipimport.py, get_filename). Here an importer that is derived from
zipimport's, as its documentation provides for, tells the name without that. It serves that one zip file alone.
"""

import sys
from typing import Callable
from zipimport import zipimporter


def install() -> None:
    """Import what comes next from the zip file of this module by an importer of ours. Do nothing where there is none."""
    spec = sys.modules[__name__].__spec__
    archive = getattr(spec and spec.loader, "archive", None)
    if archive and sys.version_info >= (3, 8):
        sys.path_hooks.insert(0, _hook(archive))


def _hook(archive: str) -> Callable[[str], zipimporter]:
    def importer(path: str) -> zipimporter:
        if not path.startswith(archive + "/"):
            raise ImportError("only directories of the module's zip file", path=path)
        return _Importer(path)

    return importer


class _Importer(zipimporter):
    def get_filename(self, fullname: str) -> str:
        """Return the file of a module. Raise ZipImportError where there is none."""
        end = "/__init__.py" if self.is_package(fullname) else ".py"
        return f"{self.archive}/{self.prefix}{fullname.rpartition('.')[2]}{end}"
