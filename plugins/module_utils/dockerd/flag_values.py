# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of dockerd's flags: Go's number and boolean syntax, and moby's opts/ and internal/opts/. Pure."""

import csv
import ipaddress
import re
from collections import OrderedDict
from typing import Any, Dict, List, Tuple, Union

from ansible_collections.containment.docker.plugins.module_utils.docker_api.security_opt import parse_bool
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import show_json
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import NRI, Setting


class Refused(Exception):
    """A value that dockerd refuses; the text says why."""


class UnknownOption(Exception):
    """A value with an option that the table doesn't know."""


def scalar(text: str, kind: str) -> Union[str, int]:
    """The value of a flag of kind "bool", "int", "ip" or any kind of string; raises Refused."""
    if kind == "bool":
        try:
            return parse_bool(text)
        except ValueError:
            raise Refused(f"{show_json(text)} is no boolean")
    if kind == "int":
        return _go_int(text)
    if kind == "ip" and not is_ip(text.strip()):
        raise Refused(f"{show_json(text)} is no IP address")
    return text.strip() if kind == "ip" else text


def is_ip(text: str) -> bool:
    """As Go's net.ParseIP: no zone, no surrounding space, no mask."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _go_int(text: str) -> int:
    """Go's strconv.ParseInt(text, 0, 64): 0x, 0o, 0b and a leading 0 (octal) are understood."""
    plain = re.sub(r"(?<=[0-9a-fA-FxXoO])_(?=[0-9a-fA-F])", "", text)
    match = re.match(r"^([+-]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$", plain)
    if not match or len(plain) > 70:
        raise Refused(f"{show_json(text)} is no whole number")
    digits = [(group, base) for group, base in zip(match.groups()[1:], (16, 2, 8, 10)) if group is not None]
    number = int(digits[0][0], digits[0][1]) * (-1 if match.group(1) == "-" else 1)
    if not -(2**63) <= number < 2**63:
        raise Refused(f"{show_json(text)} is out of range")
    return number


def added(old: Any, text: str, setting: Setting) -> Any:
    """The setting's value after one more such flag: lists and maps grow, of the rest the last one wins."""
    shape = setting.shape
    if isinstance(shape, str):
        return scalar(text, shape)
    if isinstance(shape, list):
        return (old or []) + _items(text, setting)
    new = OrderedDict(old or {})
    _MAPS[setting.name](new, text)
    return new


def _items(text: str, setting: Setting) -> List[Any]:
    if setting.name == "dns":  # pflag's ipSlice, 25 to 28, splits at commas; older and newer ones refuse them
        return [scalar(part, "ip") for part in text.split(",")]
    if setting.name == "default-address-pools":
        return [_pool(text)]
    return [text]


def _pool(text: str) -> Dict[str, Any]:
    pool = OrderedDict()
    for field in next(csv.reader([text.lower()]), []):
        key, _equals, value = field.partition("=")
        if key not in ("base", "size"):
            raise Refused(f"{show_json(field)} is no base=… or size=…")
        pool[key] = _go_int(value) if key == "size" else value
    return pool


def _pair(text: str, reason: str) -> Tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise Refused(f"{show_json(text)} {reason}")
    return key, value


def _add_option(new: Dict[str, Any], text: str) -> None:
    key, _equals, value = text.partition("=")  # moby: opts.MapOpts takes a key without "="
    new[key] = value


def _add_feature(new: Dict[str, Any], text: str) -> None:
    key, equals, value = text.partition("=")
    new[key] = scalar(value, "bool") if equals else True


def _add_runtime(new: Dict[str, Any], text: str) -> None:
    name, path = _pair(text, "is no name=path")
    name = name.strip().lower()
    if not name or not path.strip() or name == "runc" or name in new:
        raise Refused(f"{show_json(text)} names no new runtime")
    new[name] = OrderedDict(path=path.strip())


def _add_ulimit(new: Dict[str, Any], text: str) -> None:
    name, value = _pair(text, "is no name=soft[:hard]")
    soft, colon, hard = value.partition(":")
    limits = [_go_int(part) for part in ((soft, hard) if colon else (soft, soft))]
    new[name] = OrderedDict((("Name", name), ("Hard", limits[1]), ("Soft", limits[0])))


def _add_network_option(new: Dict[str, Any], text: str) -> None:
    driver, option = _pair(text, "is no driver=key=value")
    key, value = _pair(option, "is no driver=key=value")
    inner = OrderedDict(new.get(driver, {}))
    inner[key] = value
    new[driver] = inner


def _add_nri(new: Dict[str, Any], text: str) -> None:
    for field in next(csv.reader([text]), []):
        key, equals, value = field.partition("=")
        if key not in NRI:
            raise UnknownOption(key)
        new[key] = scalar(value if equals else "true", NRI[key])


_MAPS = {
    "log-opts": _add_option,
    "cluster-store-opts": _add_option,
    "features": _add_feature,
    "runtimes": _add_runtime,
    "default-ulimits": _add_ulimit,
    "default-network-opts": _add_network_option,
    "nri-opts": _add_nri,
}
