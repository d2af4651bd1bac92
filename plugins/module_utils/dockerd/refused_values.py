# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of daemon.json that dockerd itself refuses, and combinations that keep it from starting. Pure.

moby: daemon/config/config.go Validate, config_linux.go.
"""

import ipaddress
import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import show_json

# The first engine that does not start with userns-remap and an explicit containerd image store. Those before it do, and map.
_REFUSES_BOTH = (29, 0)
_DOMAIN = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*\.?\s*\Z")
# Go's strconv.ParseUint with base 0: what _ may part, 0x, 0b and octal numbers
_NUMBER = r"(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+|0|[1-9](?:_?[0-9])*)"
_FIREWALL_MARK = re.compile(rf"({_NUMBER})(?:/({_NUMBER}))?\Z")


class StoreConflict(str):
    """The sentence about userns-remap beside the containerd image store: all else of a change can do without that key."""


def store_conflicts(settings: Mapping[str, Any], release: Optional[Tuple[int, int]]) -> List[str]:
    """Return what becomes of userns-remap and an explicit containerd image store together; [] without both."""
    features = settings.get("features")  # of any shape, where it is of a file that nobody judged
    explicit = isinstance(features, dict) and features.get("containerd-snapshotter") is True
    if not settings.get("userns-remap") or not explicit:
        return []
    if release and release < _REFUSES_BOTH:
        return [
            StoreConflict(
                'with "userns-remap" and "features"."containerd-snapshotter" together BuildKit can\'t build, and from Docker '
                "29.0 on dockerd does not start: leave one of them out"
            )
        ]
    return [
        StoreConflict('dockerd does not start with "userns-remap" and "features"."containerd-snapshotter" together')
    ]


def runs_with_both(settings: Mapping[str, Any], release: Optional[Tuple[int, int]]) -> bool:
    """Tell whether an engine that had these settings before may keep them: they are no reason to refuse another change."""
    return bool(release and release < _REFUSES_BOTH and store_conflicts(settings, release))


def problems(config: Mapping[str, Any], release: Optional[Tuple[int, int]]) -> List[str]:
    """Return the sentences. config has the right shapes already; release: like (26, 1), or None."""
    texts: List[str] = []
    old = release is not None and release < (23, 0)
    _range(
        texts, config, ("mtu", "max-concurrent-downloads", "max-concurrent-uploads", "default-stop-timeout"), 0, None
    )
    _range(texts, config, ("max-download-attempts",), 1 if old else 0, None)
    if release is None or release >= (27, 0):
        _range(texts, config, ("network-diagnostic-port",), 0, 65535)
    _choice(
        texts,
        config,
        "log-level",
        ("", "panic", "fatal", "error", "warn", "info", "debug", "trace")
        + (("warning",) if old or release is None else ()),
    )
    _choice(texts, config, "log-format", ("", "text", "json"))
    _choice(texts, config, "default-ipc-mode", ("", "private", "shareable"))
    _choice(texts, config, "default-cgroupns-mode", ("", "host", "private"))
    _choice(texts, config, "firewall-backend", ("", "iptables", "nftables"))
    texts.extend(_firewall_mark(config.get("bridge-accept-fwmark", "")))
    texts.extend(_label_problems(config.get("labels", [])))
    for value in config.get("registry-mirrors", []):
        if not re.match(r"(?i)https?://[^/?#@\s]+(/[^?#\s]*)?\Z", value):
            texts.append('"registry-mirrors" takes http or https addresses without user, query or fragment')
    for value in config.get("hosts", []):
        if not re.match(r"(unix|tcp|fd)://|(?!.*://)", value):
            texts.append(f'"hosts" takes unix://, tcp:// or fd://, not {show_json(value)}')
    for value in config.get("node-generic-resources", []):
        if "=" not in value:
            texts.append(f'"node-generic-resources" takes name=value, not {show_json(value)}')
    texts.extend(_mixed_resources(config.get("node-generic-resources", [])))
    texts.extend(_names_of_users(config.get("userns-remap", "")))
    texts.extend(_dns_problems(config, release))
    # dockerd looks at them only when it makes the default bridge, so at a start with no container running
    for name in ("bip", "bip6", "fixed-cidr", "fixed-cidr-v6"):
        if config.get(name) and not _is_network(config[name]):
            texts.append(f"{show_json(name)} must be address/prefix length, not {show_json(config[name])}")
    if (
        not old
        and _is_network(config.get("fixed-cidr-v6", ""))
        and ipaddress.ip_interface(config["fixed-cidr-v6"]).version == 4
    ):
        texts.append(f'"fixed-cidr-v6" must be an IPv6 network, not {show_json(config["fixed-cidr-v6"])}')
    if "runc" in config.get("runtimes", {}):
        texts.append('"runtimes" must not define "runc": the name is reserved')
    texts.extend(_gateway_families(config.get("host-gateway-ips", [])))
    history = {key.lower(): value for key, value in (config.get("builder", {}).get("history") or {}).items()}
    if isinstance(history.get("maxage"), bool):
        texts.append(f'"builder"."history"."maxAge" must be a duration, not {show_json(history["maxage"])}')
    if "host-gateway-ip" in config and "host-gateway-ips" in config:
        texts.append('"host-gateway-ip" and "host-gateway-ips" must not both be set')
    if config.get("userns-remap") and config.get("features", {}).get("containerd-snapshotter") is True:
        texts.append(
            StoreConflict(
                '"userns-remap" does not go with "features"."containerd-snapshotter": true: BuildKit can\'t build with both, and '
                "from Docker 29.0 on dockerd does not start. Leave one of them out"
            )
        )
    return texts


def _firewall_mark(value: str) -> Iterator[str]:
    """moby: daemon/config/config_linux.go, validateFwMarkMask."""
    match = _FIREWALL_MARK.match(value)
    numbers = [_number(text) for text in match.groups() if text] if match else [1 << 32]
    if value and max(numbers) >= 1 << 32:
        yield f'"bridge-accept-fwmark" takes a number of 32 bits, or number/mask, not {show_json(value)}'


def _number(text: str) -> int:
    digits = text.replace("_", "").lower()
    octal = digits[:1] == "0" and digits[1:].isdigit()
    return int(digits, 8 if octal else 0)


def _mixed_resources(resources: Sequence[str]) -> Iterator[str]:
    """moby: daemon/cluster/convert, swarmkit's genericresource.Parse: a number stands alone, words may be many."""
    values: Dict[str, Any] = {}
    for name, _equals, value in (resource.partition("=") for resource in resources):
        values.setdefault(name, []).append(value)
    for name, entry in values.items():
        if len(entry) > 1 and any(re.match(r"[0-9]+\Z", value) for value in entry):
            yield f'"node-generic-resources" mixes numbers and others for {show_json(name)}'


def _gateway_families(addresses: Sequence[str]) -> Iterator[str]:
    """moby: daemon/config/config_linux.go, ValidatePlatformConfig: one of each family at most."""
    families = [":" in address for address in addresses]
    if len(families) != len(set(families)):
        yield '"host-gateway-ips" takes one IPv4 and one IPv6 address at most'


def _names_of_users(remap: str) -> Iterator[str]:
    """moby: daemon/daemon_unix.go, parseRemappedRoot."""
    if remap and not re.match(r"[^:]+(:[^:]+)?\Z", remap):
        yield f'"userns-remap" takes user or user:group, not {show_json(remap)}'


def _dns_problems(config: Mapping[str, Any], release: Optional[Tuple[int, int]]) -> Iterator[str]:
    """moby: opts.ValidateIPAddress, ValidateDNSSearch; from 29 addresses are Go's netip, which has zones."""
    for address in config.get("dns", []):
        if release and ("%" in address and release < (29, 0) or not address and release < (23, 0)):
            yield f'"dns" must be IP addresses, not {show_json(address)}'
    for domain in config.get("dns-search", []):
        name = domain.strip(" ")
        if name != "." and not (_DOMAIN.match(name) and re.search("[a-zA-Z]", name) and len(name) < 255):
            yield f'"dns-search" takes names of domains, not {show_json(domain)}'


def _range(texts: List[str], config: Mapping[str, Any], names: Sequence[str], low: int, high: Optional[int]) -> None:
    for name in names:
        value = config.get(name, low)
        if value < low or (high is not None and value > high):
            bounds = f"at least {low}" if high is None else f"from {low} to {high}"
            texts.append(f"{show_json(name)} must be {bounds}, not {value}")


def _choice(texts: List[str], config: Mapping[str, Any], name: str, allowed: Sequence[str]) -> None:
    value = config.get(name, "")
    if (value.lower() if name == "log-level" else value) not in allowed:
        texts.append(
            f"{show_json(name)} must be one of {', '.join((word for word in allowed if word))}, not {show_json(value)}"
        )


def _label_problems(labels: Sequence[str]) -> Iterator[str]:
    values: Dict[str, Any] = {}
    for label in labels:
        key, equals, value = label.partition("=")
        if not equals:
            yield f'"labels" takes key=value, not {show_json(label)}'
        elif label.lower().startswith(("com.docker.", "io.docker.", "org.dockerproject.")):
            yield f'"labels" must not use the reserved namespace of {show_json(label)}'
        elif values.setdefault(key, value) != value:
            yield f'"labels" has two values for {show_json(key)}'


def _is_network(text: str) -> bool:
    """As Go's net.ParseCIDR."""
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return re.search(r"/[0-9]+\Z", text) is not None and "%" not in text
