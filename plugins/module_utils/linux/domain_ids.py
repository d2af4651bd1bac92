# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which ids users of a domain, and systemd, may have on a host, by its configuration. Pure: texts in, ranges out."""

import configparser
import re
from typing import Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.linux.subordinate_ids import Range

# sssd-ldap(5), ldap_idmap_range_min and _max
_SSSD_FIRST, _SSSD_LAST = 200000, 2000200000
_LAST_ID = 2**32 - 2
_DOMAIN = "domain/"
# smb.conf(5): idmap config DOMAIN : range = first-last
_WINBIND = re.compile(
    r"^[ \t]*idmap[ \t]+config[ \t]+([^\n:]{1,100}?)[ \t]*:[ \t]*range[ \t]*="
    r"[ \t]*([0-9]{1,10})[ \t]*-[ \t]*([0-9]{1,10})[ \t]*$",
    re.M | re.I | re.A,
)
# systemd: docs/UIDS-GIDS.md
DYNAMIC = Range("systemd's DynamicUser", 61184, 65519 - 61184 + 1)
NSPAWN = Range("systemd-nspawn", 524288, 1879048191 - 524288 + 1)


class DomainIds(NamedTuple):
    """ranges: their owners say where it is configured; unknown: why a domain's ids can't be told, a sentence each."""

    ranges: Tuple[Range, ...]
    unknown: Tuple[str, ...] = ()


def parse_sources(nsswitch: str) -> FrozenSet[str]:
    """Return the services that answer for users and groups, of an nsswitch.conf(5)."""
    services: List[str] = []
    for line in nsswitch.split("\n"):
        database, colon, rest = line.partition("#")[0].partition(":")
        if colon and database.strip() in ("passwd", "group"):
            services += re.sub(r"\[[^\]]{0,200}\]", " ", rest).split()
    return frozenset(services)


def of_sssd(texts: Sequence[str]) -> DomainIds:
    """Return the ids of sssd's domains. texts: sssd.conf and what conf.d has, in their order. Raise ValueError.

    sssd.conf(5), sssd-ldap(5), sssd-ad(5): with ldap_id_mapping, which is on for id_provider ad, ids come from one range for all
    domains; otherwise the directory has them, and min_id and max_id bound them.
    """
    parser = configparser.ConfigParser(
        strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#", ";"), default_section="\0"
    )
    try:
        for text in texts:
            parser.read_string(text)
    except configparser.Error as error:
        raise ValueError(str(error).partition("\n")[0])
    ranges: List[Range] = []
    unknown: List[str] = []
    for section in parser.sections():
        options: Dict[str, str] = dict(parser.items(section))
        provider = options.get("id_provider", "").strip().lower()
        if not section.startswith(_DOMAIN) or provider in ("", "files", "local"):
            continue
        owner = f"{provider} domain {section[len(_DOMAIN) :]} of sssd"
        item = _range_of(owner, provider, options)
        if item is None:
            unknown.append(f"the ids of the {owner} come from its directory, and no max_id bounds them")
        else:
            ranges.append(item)
    return DomainIds(tuple(ranges), tuple(unknown))


def _range_of(owner: str, provider: str, options: Mapping[str, str]) -> Optional[Range]:
    maps = options.get("ldap_id_mapping", "true" if provider == "ad" else "false").strip().lower()
    if maps in ("true", "1", "yes", "on"):
        first = _number(options.get("ldap_idmap_range_min"), _SSSD_FIRST)
        last = _number(options.get("ldap_idmap_range_max"), _SSSD_LAST)
    else:
        first, last = _number(options.get("min_id"), 1), _number(options.get("max_id"), 0)
        if not last:
            return None
    return Range(owner, first, max(0, last - first + 1))


def _number(text: Optional[str], default: int) -> int:
    if text is None:
        return default
    if not re.match(r"[0-9]{1,10}\Z", text.strip()) or int(text) > _LAST_ID:
        raise ValueError(f"{text[:40]!r} is no id")
    return int(text)


def of_winbind(text: str) -> DomainIds:
    """Return the ids of winbind's domains, of an smb.conf(5)."""
    lines = [(name, int(first), int(last)) for name, first, last in _WINBIND.findall(text)]
    ranges = [
        Range(f"domain {name} of winbind", first, last - first + 1) for name, first, last in lines if last >= first
    ]
    return DomainIds(tuple(ranges), () if ranges else ("smb.conf names no range of ids for winbind",))


def overlapping(own: Sequence[Range], others: Sequence[Range]) -> List[Tuple[Range, Range]]:
    """Pair each of the own ranges with those of others that have an id of it."""
    return [
        (mine, other) for mine in own for other in others if max(mine.first, other.first) < min(mine.end, other.end)
    ]
