# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a daemon.json, before dockerd sees it.

dockerd's own check is looser in one way that matters: it flattens nested objects before it looks for
unknown keys (moby: daemon/config/config.go, configValuesSet), so a setting nested where it does nothing
passes. Here that is a problem, as is every key that an engine would accept and ignore.
"""

import difflib
import ipaddress
import re

from ansible_collections.containment.docker.plugins.module_utils.daemon_settings import (
    BY_NAME,
    FLAGS_ONLY,
    PROXIES,
    SETTINGS,
    engine_release,
    known_to,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd_flag_values import is_ip
from ansible_collections.containment.docker.plugins.module_utils.json_text import inert

_NAMES = {
    "bool": "true or false",
    "int": "a whole number",
    "string": "a string",
    "ip": "an IP address as a string",
    "size": 'a size as a string, like "64M"',
}
# moby: github.com/docker/go-units RAMInBytes, as 20.10 to 29 use it
_SIZE = re.compile(r"^[0-9]+(\.[0-9]+)? ?[kKmMgGtTpP]?[iI]?[bB]?\Z")
_INT64 = 2**63


def validate(config, version=None):
    """The problems of a parsed daemon.json, one clear sentence each; [] where there are none.

    version  the engine's version ("26.1.5+dfsg1"); None judges by what any engine from 20.10 to 29 knows.
    Only what can be told from the file itself: no flags, no files, no users of the machine.
    """
    problems = []
    for name, value in config.items():
        setting = BY_NAME.get(name)
        if setting is None:
            problems.append(_unknown(name, value))
        elif not known_to(setting, version):
            problems.append(_other_release(setting, version))
        else:
            problems.extend(_misshapen(inert(name), value, setting.shape))
    if not problems:
        problems.extend(_refused_values(config, engine_release(version)))
    return problems


def _unknown(name, value):
    if name in PROXIES:
        return '{0} counts only inside "proxies"'.format(inert(name))
    by_flag = [setting.name for setting in SETTINGS if setting.flag == name]
    if by_flag:
        return "{0} is the name of a flag; in the file it is {1}".format(inert(name), inert(by_flag[0]))
    if name in FLAGS_ONLY:
        return "{0} is a flag of dockerd and does nothing in the file".format(inert(name))
    if isinstance(value, dict) and any(key in BY_NAME for key in value):
        inside = ", ".join(inert(key) for key in value if key in BY_NAME)
        return "{0} is no setting of dockerd, and {1} inside it would do nothing".format(inert(name), inside)
    return "{0} is no setting of dockerd{1}".format(inert(name), _nearest(name, BY_NAME))


def _nearest(name, known):
    lowered = {str(key).lower(): key for key in known}
    near = difflib.get_close_matches(name.lower().replace("_", "-")[:80], list(lowered), 1, 0.75)
    return "; did you mean {0}?".format(inert(lowered[near[0]])) if near else ""


def _other_release(setting, version):
    wanted = engine_release(version)
    if wanted < setting.since:
        return "{0} is known from Docker {1} on, this engine is {2}".format(
            inert(setting.name), "{0}.{1}".format(*setting.since), inert(version)[1:-1]
        )
    return "{0} is not known after Docker {1}, this engine is {2}".format(
        inert(setting.name), "{0}.{1}".format(*setting.until), inert(version)[1:-1]
    )


def _misshapen(where, value, shape):
    """Problems of one value against a shape of daemon_settings; where is printable already."""
    if shape == "any":
        return []
    if value is None:
        return ["{0} is null, which sets nothing; drop the key".format(where)]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return ["{0} must be a list, not {1}".format(where, _kind(value))]
        found = []
        for number, item in enumerate(value):
            found.extend(_misshapen("{0}[{1}]".format(where, number), item, shape[0]))
        return found
    if isinstance(shape, dict):
        return _misshapen_object(where, value, shape)
    return [] if _fits(value, shape) else ["{0} must be {1}, not {2}".format(where, _NAMES[shape], _kind(value))]


def _misshapen_object(where, value, shape):
    if not isinstance(value, dict):
        return ["{0} must be an object, not {1}".format(where, _kind(value))]
    found = []
    fields = {name.lower(): inner for name, inner in shape.items()}
    for key, item in value.items():
        inner = shape["*"] if "*" in shape else fields.get(key.lower())
        if inner is None:
            found.append("{0} has no key {1}{2}".format(where, inert(key), _nearest(key, shape)))
        else:
            found.extend(_misshapen("{0}.{1}".format(where, inert(key)), item, inner))
    return found


def _fits(value, shape):
    if shape == "bool":
        return isinstance(value, bool)
    if shape == "int":
        return isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64
    if not isinstance(value, str):
        return False
    if shape == "size":
        return _SIZE.match(value) is not None
    return shape != "ip" or value == "" or is_ip(value)


def _is_network(text):
    """As Go's net.ParseCIDR."""
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return re.search(r"/[0-9]+\Z", text) is not None and "%" not in text


def _kind(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return ("the string " if isinstance(value, str) else "the number ") + inert(value)


def _refused_values(config, release):
    """Values that dockerd itself refuses (moby: daemon/config/config.go Validate, config_linux.go), and
    combinations that keep it from starting. config has the right shapes already."""
    found = []
    old = release is not None and release < (23, 0)
    _range(
        found, config, ("mtu", "max-concurrent-downloads", "max-concurrent-uploads", "default-stop-timeout"), 0, None
    )
    _range(found, config, ("max-download-attempts",), 1 if old else 0, None)
    _range(found, config, ("network-diagnostic-port",), 0, 65535)
    _choice(
        found,
        config,
        "log-level",
        ("", "panic", "fatal", "error", "warn", "info", "debug", "trace")
        + (("warning",) if old or release is None else ()),
    )
    _choice(found, config, "log-format", ("", "text", "json"))
    _choice(found, config, "default-ipc-mode", ("", "private", "shareable"))
    _choice(found, config, "default-cgroupns-mode", ("", "host", "private"))
    _choice(found, config, "firewall-backend", ("", "iptables", "nftables"))
    found.extend(_label_problems(config.get("labels", [])))
    for value in config.get("registry-mirrors", []):
        if not re.match(r"(?i)https?://[^/?#@\s]+(/[^?#\s]*)?\Z", value):
            found.append('"registry-mirrors" takes http or https addresses without user, query or fragment')
    for value in config.get("hosts", []):
        if not re.match(r"(unix|tcp|fd)://|(?!.*://)", value):
            found.append('"hosts" takes unix://, tcp:// or fd://, not {0}'.format(inert(value)))
    for value in config.get("node-generic-resources", []):
        if "=" not in value:
            found.append('"node-generic-resources" takes name=value, not {0}'.format(inert(value)))
    # dockerd looks at them only when it makes the default bridge, so at a start with no container running
    for name in ("bip", "bip6", "fixed-cidr", "fixed-cidr-v6"):
        if config.get(name) and not _is_network(config[name]):
            found.append("{0} must be address/prefix length, not {1}".format(inert(name), inert(config[name])))
    if "runc" in config.get("runtimes", {}):
        found.append('"runtimes" must not define "runc": the name is reserved')
    if "host-gateway-ip" in config and "host-gateway-ips" in config:
        found.append('"host-gateway-ip" and "host-gateway-ips" must not both be set')
    if config.get("userns-remap") and config.get("features", {}).get("containerd-snapshotter") is True:
        found.append(
            'dockerd does not start with "userns-remap" and "features"."containerd-snapshotter": true together'
        )
    return found


def _range(found, config, names, low, high):
    for name in names:
        value = config.get(name, low)
        if value < low or (high is not None and value > high):
            found.append(
                "{0} must be {1}, not {2}".format(
                    inert(name),
                    "at least {0}".format(low) if high is None else "from {0} to {1}".format(low, high),
                    value,
                )
            )


def _choice(found, config, name, allowed):
    value = config.get(name, "")
    if (value.lower() if name == "log-level" else value) not in allowed:
        found.append(
            "{0} must be one of {1}, not {2}".format(
                inert(name), ", ".join(word for word in allowed if word), inert(value)
            )
        )


def _label_problems(labels):
    values = {}
    for label in labels:
        key, equals, value = label.partition("=")
        if not equals:
            yield '"labels" takes key=value, not {0}'.format(inert(label))
        elif label.lower().startswith(("com.docker.", "io.docker.", "org.dockerproject.")):
            yield '"labels" must not use the reserved namespace of {0}'.format(inert(label))
        elif values.setdefault(key, value) != value:
            yield '"labels" has two values for {0}'.format(inert(key))
