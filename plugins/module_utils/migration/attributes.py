# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The extended attributes of a file that carry ids: POSIX ACLs and file capabilities. Pure: bytes in, bytes out.

Formats: linux include/uapi/linux/posix_acl_xattr.h and include/uapi/linux/capability.h, both little-endian.
"""

import struct
from typing import Optional

from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap

ACLS = ("system.posix_acl_access", "system.posix_acl_default")
CAPABILITY = "security.capability"
_VERSION = struct.Struct("<I")
_ENTRY = struct.Struct("<HHI")
_USER, _GROUP = 0x02, 0x08
_REVISION = 0xFF000000
_SIZES = {0x01000000: 12, 0x02000000: 20, 0x03000000: 24}
_WITHOUT_ROOT, _WITH_ROOT = 0x02000000, 0x03000000


def shift_acl(value: bytes, ids: IdMap) -> Optional[bytes]:
    """The ACL with the host's ids of the users and groups that it names. None where an id has none, or it is no ACL."""
    if len(value) < _VERSION.size or (len(value) - _VERSION.size) % _ENTRY.size or _VERSION.unpack_from(value)[0] != 2:
        return None
    pieces = [value[: _VERSION.size]]
    for tag, permissions, number in _ENTRY.iter_unpack(value[_VERSION.size :]):
        mapped: Optional[int] = number
        if tag == _USER:
            mapped = ids.user(number)
        elif tag == _GROUP:
            mapped = ids.group(number)
        if mapped is None:
            return None
        pieces.append(_ENTRY.pack(tag, permissions, mapped))
    return b"".join(pieces)


def shift_capability(value: bytes, ids: IdMap) -> Optional[bytes]:
    """File capabilities that hold where container root is the host's `ids.root`: revision 3 with that root id.

    Revision 1 and 2 hold for the host's root only, so that a remapped container would not get them. None where the root
    id has no room in the range, or these are no capabilities.
    """
    if len(value) < _VERSION.size:
        return None
    (magic,) = _VERSION.unpack_from(value)
    revision = magic & _REVISION
    if _SIZES.get(revision) != len(value):
        return None
    root: Optional[int] = ids.root
    if revision == _WITH_ROOT:
        root = ids.user(_VERSION.unpack_from(value, 20)[0])
    if root is None:
        return None
    sets = value[4:20].ljust(16, b"\0")
    if root == 0:
        return _VERSION.pack(magic & ~_REVISION | _WITHOUT_ROOT) + sets
    return _VERSION.pack(magic & ~_REVISION | _WITH_ROOT) + sets + _VERSION.pack(root)


def shift(name: str, value: bytes, ids: IdMap) -> Optional[bytes]:
    """The value of such an attribute with mapped ids; None as above."""
    return shift_acl(value, ids) if name in ACLS else shift_capability(value, ids)
