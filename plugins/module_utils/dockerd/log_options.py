# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What dockerd's log drivers take as log-opts; a start fails on others. Pure.

moby: daemon/logger/factory.go and each driver's ValidateLogOpt.
"""

import re
from typing import Any, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import show_json

_FIELDS = ("env", "env-regex", "labels", "labels-regex")
_ROTATION = ("compress", "max-file", "max-size")
KNOWN = {
    "awslogs": "tag awslogs-create-group awslogs-create-stream awslogs-credentials-endpoint awslogs-datetime-format"
    " awslogs-endpoint awslogs-force-flush-interval-seconds awslogs-format awslogs-group awslogs-max-buffered-events"
    " awslogs-multiline-pattern awslogs-region awslogs-stream".split(),
    "fluentd": _FIELDS
    + tuple(
        "tag fluentd-address fluentd-async fluentd-async-connect fluentd-async-reconnect-interval fluentd-buffer-limit"
        " fluentd-max-retries fluentd-read-timeout fluentd-request-ack fluentd-retry-wait fluentd-sub-second-precision"
        " fluentd-write-timeout".split()
    ),
    "gcplogs": _FIELDS + ("gcp-project", "gcp-log-cmd", "gcp-meta-zone", "gcp-meta-name", "gcp-meta-id"),
    "gelf": _FIELDS
    + tuple(
        "tag gelf-address gelf-compression-level gelf-compression-type gelf-tcp-max-reconnect"
        " gelf-tcp-reconnect-delay".split()
    ),
    "journald": _FIELDS + ("tag",),
    "json-file": _FIELDS + _ROTATION + ("tag",),
    "local": _ROTATION,
    "logentries": _FIELDS + ("tag", "line-only", "logentries-token"),
    "splunk": _FIELDS
    + tuple(
        "tag splunk-caname splunk-capath splunk-format splunk-gzip splunk-gzip-level splunk-index"
        " splunk-index-acknowledgment splunk-insecureskipverify splunk-source splunk-sourcetype splunk-token splunk-url"
        " splunk-verify-connection".split()
    ),
    "syslog": _FIELDS
    + tuple(
        "tag syslog-address syslog-facility syslog-format syslog-tls-ca-cert syslog-tls-cert syslog-tls-key"
        " syslog-tls-skip-verify".split()
    ),
}
# What dockerd itself handles, for every driver.
_COMMON = ("mode", "max-buffer-size", "cache-disabled", "cache-max-size", "cache-max-file", "cache-compress")
_FACILITIES = (
    "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp"
    " local0 local1 local2 local3 local4 local5 local6 local7"
).split()


def problems(settings: Mapping[str, Any], release: Optional[Tuple[int, int]]) -> List[str]:
    """Return the sentences about log-opts that no dockerd starts with; those of a plugin's driver are not known."""
    options = settings.get("log-opts") or {}
    driver = settings.get("log-driver") or "json-file"
    if not options:
        return []
    texts = _of_dockerd(options)
    if driver in KNOWN:
        texts += [
            f'"log-opts": the log driver {driver} knows no option {show_json(name)}'
            for name in options
            if name not in _COMMON and name not in KNOWN[driver] and name not in _newer(driver, release)
        ]
    if driver == "syslog":
        texts += _of_syslog(options)
    if driver == "gelf" and not options.get("gelf-address"):
        texts.append('"log-opts": the log driver gelf needs "gelf-address" where it has options')
    return texts


def _newer(driver: str, release: Optional[Tuple[int, int]]) -> Sequence[str]:
    """What the driver local took over from 29.5 on. An engine whose release is not known may be one of those."""
    return (*_FIELDS, "tag") if driver == "local" and (release is None or release >= (29, 5)) else ()


def _of_dockerd(options: Union[Mapping[str, str], Mapping[str, Any]]) -> List[str]:
    mode = options.get("mode", "")
    if mode not in ("", "blocking", "non-blocking"):
        return [f'"log-opts"."mode" must be blocking or non-blocking, not {show_json(mode)}']
    if "max-buffer-size" in options and mode != "non-blocking":
        return ['"log-opts"."max-buffer-size" needs "mode": "non-blocking"']
    return []


def _of_syslog(options: Mapping[str, str]) -> Iterator[str]:
    address, facility = options.get("syslog-address", ""), options.get("syslog-facility", "")
    if address and not re.match(r"(udp|tcp|tcp\+tls|unix|unixgram)://", address):
        yield f'"log-opts"."syslog-address" takes udp, tcp, tcp+tls, unix or unixgram addresses, not {show_json(address)}'
    if facility and facility not in _FACILITIES and not re.match(r"[0-9]{1,3}\Z", facility):
        yield f'"log-opts"."syslog-facility" is no facility of syslog: {show_json(facility)}'
