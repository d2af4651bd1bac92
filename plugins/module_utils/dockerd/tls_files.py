# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a dockerd that listens with TLS could load its certificates, and until when they hold. Reads only.

moby: daemon/command/daemon.go (loadListeners), github.com/docker/go-connections/tlsconfig (Server). dockerd starts with a
certificate that has expired; clients refuse it.
"""

import datetime
import re
from typing import Any, List, Mapping, NamedTuple, Optional, Tuple

_LIMIT = 1 << 20
_SEQUENCE, _UTC_TIME, _GENERALIZED_TIME, _VERSION = 0x30, 0x17, 0x18, 0xA0
_PEM = re.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


class Fault(NamedTuple):
    """What is wrong with a file. fatal: whether dockerd does not start with it."""

    path: str
    message: str
    fatal: bool


def faults(settings: Mapping[str, Any], now: datetime.datetime) -> List[Fault]:
    """Return what is wrong with the files of the settings of a start. now: in UTC.

    That TLS is on and no setting names a file is judged by start_checks.
    """
    certificate, key = settings.get("tlscert"), settings.get("tlskey")
    if (settings.get("tls") is not True and "tlsverify" not in settings) or not certificate or not key:
        return []
    authorities = settings.get("tlscacert") if settings.get("tlsverify") else None
    texts = _load_pair(str(certificate), str(key))
    if authorities:
        texts += _load_authorities(str(authorities))
    if texts:
        return texts
    return [fault for path in (certificate, authorities) if path for fault in _dates(str(path), now)]


def _load_ssl() -> Any:
    """Load what few daemons need, and a Python may have been built without."""
    import ssl

    return ssl


def _load_pair(certificate: str, key: str) -> List[Fault]:
    unreadable = [fault for fault in map(_unreadable, (certificate, key)) if fault]
    if unreadable:
        return unreadable
    ssl = _load_ssl()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # Go's own limits are lower than OpenSSL's
    except ssl.SSLError:
        pass  # a library without levels
    try:
        context.load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ValueError) as error:
        reason = re.sub(r" \(_ssl\.c:[0-9]+\)", "", str(getattr(error, "reason", None) or error))
        return [Fault(certificate, f"it can't be used with {key} ({reason.replace('_', ' ').lower()})", True)]
    return []


def _load_authorities(path: str) -> List[Fault]:
    unreadable = _unreadable(path)
    if unreadable:
        return [unreadable]
    ssl = _load_ssl()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_verify_locations(cafile=path)
    except (OSError, ValueError):
        return [Fault(path, "it has no certificate that can be read", True)]
    return []


def _unreadable(path: str) -> Optional[Fault]:
    try:
        _text(path)
    except OSError as error:
        return Fault(path, f"it can't be read: {error.strerror}", True)
    return None


def _text(path: str) -> str:
    with open(path, "r", encoding="ascii", errors="replace") as stream:
        return stream.read(_LIMIT)


def _dates(path: str, now: datetime.datetime) -> List[Fault]:
    """The first certificate is the one that is shown."""
    match = _PEM.search(_text(path))
    try:
        begins, ends = parse_validity(_load_ssl().PEM_cert_to_DER_cert(match.group(0)) if match else b"")
    except ValueError as error:
        return [Fault(path, f"until when it holds can't be read: {error}", False)]
    if now > ends:
        return [Fault(path, f"it has expired on {ends:%Y-%m-%d}, and clients refuse it", False)]
    if now < begins:
        return [Fault(path, f"it holds only from {begins:%Y-%m-%d} on, and clients refuse it", False)]
    return []


def parse_validity(der: bytes) -> Tuple[datetime.datetime, datetime.datetime]:
    """Return (not before, not after) of a certificate, in UTC. Raise ValueError for what is none. RFC 5280, 4.1"""
    _tag, certificate, _rest = _element(der, _SEQUENCE)
    _tag, body, _rest = _element(certificate, _SEQUENCE)
    if body[:1] == bytes((_VERSION,)):
        _tag, _value, body = _element(body)
    for _field in ("serial number", "algorithm", "issuer"):
        _tag, _value, body = _element(body)
    _tag, validity, _rest = _element(body, _SEQUENCE)
    tag, value, rest = _element(validity)
    begins = _time(tag, value)
    tag, value, _rest = _element(rest)
    return begins, _time(tag, value)


def _element(data: bytes, expected: Optional[int] = None) -> Tuple[int, bytes, bytes]:
    """(tag, value, what follows) of the first element."""
    if len(data) < 2 or (expected is not None and data[0] != expected):
        raise ValueError("it is no certificate")
    length, start = data[1], 2
    if length & 0x80:
        count = length & 0x7F
        start += count
        if not 0 < count < 5 or len(data) < start:
            raise ValueError("it is no certificate")
        length = int.from_bytes(data[2:start], "big")
    if len(data) < start + length:
        raise ValueError("it is cut off")
    return data[0], data[start : start + length], data[start + length :]


def _time(tag: int, value: bytes) -> datetime.datetime:
    text = value.decode("ascii")
    if tag == _UTC_TIME:
        text = ("20" if text[:2] < "50" else "19") + text
    elif tag != _GENERALIZED_TIME:
        raise ValueError("it has no dates")
    return datetime.datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
