# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every parser of this collection: what it may refuse with, real samples of what it reads, and what must hold of a result."""

import json
import os
from typing import Any, Callable, NamedTuple, Sequence, Tuple, Type

from ansible_collections.containment.docker.plugins.module_utils.audit import history_record
from ansible_collections.containment.docker.plugins.module_utils.common import foreign_json
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.denials import avc, kernel_log
from ansible_collections.containment.docker.plugins.module_utils.docker_api import address as engine_address
from ansible_collections.containment.docker.plugins.module_utils.docker_api import (
    binds,
    context,
    create_request,
    disk_usage,
    http_response,
    json_stream,
    log_config,
    security_opt,
    user,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd import (
    daemon_json,
    json_edit,
    log_reason,
    tls_files,
    validate,
)
from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.evidence import runtime_spec
from ansible_collections.containment.docker.plugins.module_utils.forecast import container_use
from ansible_collections.containment.docker.plugins.module_utils.linux import (
    cgroups,
    device_filter,
    device_list,
    domain_ids,
    iptables_save,
    mount_table,
    nft_ruleset,
    overlay,
    package_versions,
    packages,
    paths,
    privileged_files,
    procfs,
    relay_programs,
    socket_tables,
    subordinate_ids,
    unix_peers,
)
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import flaws
from ansible_collections.containment.docker.plugins.module_utils.seccomp import profile
from ansible_collections.containment.docker.plugins.module_utils.selinux import access, file_contexts, state, types
from ansible_collections.containment.docker.plugins.module_utils.selinux_report import forecast
from ansible_collections.containment.docker.plugins.module_utils.systemd import (
    environment_file,
    quoting,
    unit_file,
)

from ..linux.device_filters import ORDINARY, SYSTEMD
from ..linux.packet_filters import IPTABLES_28
from ..linux.packet_filters_29 import NFT
from . import samples

_ID = "0" * 63 + "1"


class Parser(NamedTuple):
    """read takes a mutated sample (bytes if `binary`), raises nothing but what it refuses with, and checks its result."""

    name: str
    read: Callable[[Any], Any]
    refuses: Tuple[Type[BaseException], ...]
    samples: Sequence[str]
    binary: bool = False


def _filter(text):
    """One question to a device filter."""
    program = device_filter.decode(text.encode("latin-1", "replace"))
    assert device_filter.run(program, 2 << 16 | 1, 8, 0) in (True, False)


def _versions(text):
    """Whatever two versions are: one is older than the other, or the other way, or they are the same."""
    first, _space, second = text.partition(" ")
    for compare in (package_versions.compare_dpkg, package_versions.compare_rpm):
        assert compare(first, second) == -compare(second, first)


def _directories(text):
    assert all(path.startswith("/") for path in overlay.parse_directories(text))


def _certificate(data):
    begins, ends = tls_files.parse_validity(data)
    assert begins.tzinfo and ends.tzinfo


def _capabilities(data):
    assert all(name.isupper() for name in privileged_files.parse_capabilities(data))


def _identity(data):
    identity = container_use.parse_identity(data)
    assert identity.uid >= 0 and identity.gid >= 0 and all(group >= 0 for group in identity.groups)


def _words(text):
    """As systemd_words has it: no word comes from nowhere."""
    for commands, escapes in ((False, True), (True, True), (False, False)):
        try:
            words = quoting.split_words(text, commands, escapes)
        except quoting.Unparsable:
            continue
        assert sum(map(len, words)) <= len(text) and len(words) <= len(text)
    quoting.expanded(["dockerd"] + text.split(" "), {"A": text, "B": ""})


def _unit(text):
    parsed = unit_file.service([text, samples.DROP_IN])
    unit_file.environment_file_names(parsed, "docker@a.service")
    unit_file.shown_differs(parsed, "docker.service", samples.EXEC_START)
    command = unit_file.command(parsed, "docker.service", {"A": text}, {"PATH": "/bin"})
    assert (command.argv is None) == bool(command.reason)


def _unit_state(text):
    unit_file.unit_state(text)
    unit_file.shown_differs(unit_file.service([samples.UNIT]), "docker.service", text)


def _flags(text):
    flags = dockerd_flags.parse(text.split("\n"))
    dockerd_flags.conflicts({"hosts": [], "labels": ["a=b"]}, flags)
    dockerd_flags.merged({"debug": True, "labels": ["a=b"]}, flags, {})


def _daemon_json(data):
    settings = daemon_json.parse(data)
    for version in (None, "20.10.24", "29.2.0"):
        validate.validate(settings, version)
        daemon_json.text_problems(data.decode("utf-8-sig"), version)


def _edit(text):
    before = daemon_json.parse(text.encode("utf-8", "surrogatepass"))
    after = json_edit.merge(text, {"icc": False, "log-opts": {"max-size": "1m"}}, ["labels", "userns-remap"])
    settings = daemon_json.parse(after.encode("utf-8", "surrogatepass"))
    assert settings["icc"] is False and "labels" not in settings
    assert {key for key in before if key not in ("labels", "userns-remap")} <= set(settings)


def _status(data):
    """A field that no kernel writes so could hide a uid of 0, or a process without a filter."""
    status = procfs.parse_status(data)
    assert len(status.uids) == 4 and all(0 <= uid < 1 << 32 for uid in status.uids)
    assert status.no_new_privs in (None, 0, 1) and status.seccomp in (None, 0, 1, 2)


def _mountinfo(data):
    mounts = procfs.parse_mountinfo(data)
    mount_table.host_mounts(mounts)
    cgroups.parse_hierarchies(data)
    assert len(mounts) <= data.count(b"\n") + 1


def _cgroup(data):
    assert procfs.container_in(data, frozenset((_ID,))) in (None, _ID)
    procfs.in_roots(data)
    try:
        cgroups.find(data, "memory", _ID, {})
    except Unreadable:
        pass  # the hierarchy isn't mounted


def _id_map(data):
    for inside, outside, count in procfs.parse_id_map(data):
        assert inside >= 0 and outside >= 0 and count >= 0


def _stat(data):
    parent, start = procfs.parse_stat(data)
    assert parent >= 0 and start >= 0


def _tcp(data):
    for address, port, inode in socket_tables.listening_tcp(data):
        assert len(address) in (8, 32) and 0 <= port < 65536 and inode >= 0


def _in_use(data):
    assert all(0 <= count < 10**10 for count in socket_tables.in_use(data).values())


def _http(data):
    pieces = [data[at : at + 700] for at in range(0, len(data), 700)]
    source = http_response.Source(lambda: pieces.pop(0) if pieces else b"")
    head = http_response.head(source)
    assert sum(map(len, http_response.body(head, source))) <= len(data)


def _items(data):
    pieces = [data[at : at + 900] for at in range(0, len(data), 900)]
    for item in json_stream.each(pieces, 1 << 20):
        assert item is None or isinstance(item, (dict, list, str, int, float, bool))


def _avc(data):
    for line in data.split(b"\n"):
        parsed = avc.parse_log_line(line)
        record = parsed[1] if parsed else avc.parse_ring_line(line)
        if record is not None:
            avc.parse_stamp(record)
            avc.parse_path(record)
            if parsed is None or parsed[0] == "AVC":
                avc.parse_denial(record)


def _kmsg(data):
    records = [kernel_log.parse_record(record) for record in data.split(b"\0")]
    kernel_log.select_audit([text for item in records if item for text in item[1:]])


def _contexts(data):
    contexts = file_contexts.parse([data], data, data)
    for path in ("/var/lib/docker/overlay2/a", "/srv/x", "/"):
        contexts.lookup(path, "dir")


def _profile(text):
    profile.parse.__wrapped__(text, profile.machine(frozenset(("SYS_ADMIN",)), "x86_64", text[:20]))


def _ranges(text):
    ranges = subordinate_ids.parse(text, "/etc/subuid")
    assert all(one.first >= 0 and one.count >= 0 for one in ranges)
    subordinate_ids.overlap(ranges, ["dockremap"], [0, 1000])
    subordinate_ids.free(ranges, [0, 1000])


def _domains(text):
    sssd = domain_ids.of_sssd([text, text])
    for one in sssd.ranges + domain_ids.of_winbind(text).ranges:
        assert one.first >= 0 and one.count >= 0
    domain_ids.parse_sources(text)


def _usage(text):
    usage = disk_usage.parse(foreign_json.decode(text.encode("utf-8", "surrogatepass")))
    assert all(number is None or number >= 0 for number in usage)


def _volume(text):
    options = dict(part.partition("=")[::2] for part in text.split("\n"))
    list(binds.volume_sources(options))


def _path(text):
    path = paths.clean(text)
    assert path.startswith("/") and "/../" not in path + "/" and "//" not in path
    paths.sensitive(path, "/var/lib/docker", ["/srv"])


def _label(text):
    types.explain_weakness(text)
    types.parse_categories(types.level_of(text))
    access.parse_context(text)


def _inert(text):
    printed = inert(text, 200)
    assert printed.isprintable() and len(printed) <= 200 * len("\\U0010ffff")


def _route(text):
    for program in (relay_programs.PROXYD, relay_programs.SOCAT):
        route = relay_programs.parse_route(program, text.split("\n"))
        assert route is None or route.target[0] in "/@"


def _context(data):
    target = context.parse_context(data)
    assert target is None or 0 < target.port < 65536


def _peers(data):
    assert all(peer >= 0 for peer in unix_peers.parse_answer(data).values())


def _recorded(data):
    assert history_record.decode(data).subjects is not None


_JSON = [json.dumps(settings, indent=2) for settings in samples.SETTINGS]
_HERE = os.path.dirname(os.path.dirname(__file__))
PARSERS = (
    Parser("systemd_words", _words, (quoting.Unparsable,), samples.COMMANDS),
    Parser("systemd_unit", _unit, (quoting.Unparsable,), [samples.UNIT, samples.DROP_IN]),
    Parser("systemctl show", _unit_state, (), [samples.SHOWN_UNIT]),
    Parser("environment_file", environment_file.parse_environment_file, (), samples.ENVIRONMENT),
    Parser("log_reason.last_error", log_reason.last_error, (), samples.LOG),
    Parser("dockerd_flags", _flags, (), ["\n".join(line.split(" ")) for line in samples.COMMANDS]),
    Parser("daemon_json", _daemon_json, (ConfigError,), _JSON, True),
    Parser("json_edit", _edit, (ConfigError,), _JSON),
    Parser("procfs.parse_status", _status, (ValueError,), samples.read("/proc/self/status", "/proc/1/status"), True),
    Parser("procfs.parse_mountinfo", _mountinfo, (ValueError,), samples.kept("mountinfo"), True),
    Parser("privileged_files", _capabilities, (ValueError,), ["\1\0\0\2\0\x20" + "\0" * 14], True),
    Parser(
        "overlay",
        _directories,
        (ValueError,),
        ["rw,lowerdir=/a/2/fs:/a/1/fs,upperdir=/a/3/fs", "ro,lowerdir+=/a,index=off"],
    ),
    Parser("tls_files", _certificate, (ValueError,), [samples.CERTIFICATE], True),
    Parser("container_use", _identity, (ValueError,), samples.read("/proc/self/status"), True),
    Parser("cgroup", _cgroup, (), samples.cgroups(_ID), True),
    Parser("procfs.parse_id_map", _id_map, (ValueError,), ["         0     100000      65536\n"], True),
    Parser("procfs.parse_stat", _stat, (ValueError,), samples.read("/proc/self/stat"), True),
    Parser("socket_tables.listening_tcp", _tcp, (ValueError,), samples.TCP, True),
    Parser(
        "relay_programs.parse_route", _route, (), ["-d\nTCP-LISTEN:2375,fork\nUNIX-CONNECT:/run/docker.sock", "@api"]
    ),
    Parser("context.parse_context", _context, (), [samples.CONTEXT], True),
    Parser("unix_peers.parse_answer", _peers, (OSError, ValueError), [samples.PEERS], True),
    Parser("socket_tables.in_use", _in_use, (), samples.read("/proc/self/net/sockstat"), True),
    Parser("http_answer", _http, (http_response.BadAnswer,), samples.ANSWERS, True),
    Parser("json_items", _items, (ValueError,), samples.lists(_HERE), True),
    Parser(
        "device_list",
        device_list.parse_permissions,
        (ValueError,),
        ["c 1:3 rwm\nb *:* m\nc 10:200 rwm\n", "a *:* rwm\n"],
        True,
    ),
    Parser("runtime_spec", lambda data: runtime_spec.decode(data, _ID), (ValueError,), [samples.SPECIFICATION], True),
    Parser("device_filter", _filter, (device_filter.Unfollowed,), [p.decode("latin-1") for p in (ORDINARY, SYSTEMD)]),
    Parser("foreign_json", foreign_json.decode, (ValueError,), _JSON, True),
    Parser("avc", _avc, (avc.Foreign,), samples.AUDIT, True),
    Parser("kernel_ring", _kmsg, (), samples.KMSG, True),
    Parser("file_contexts", _contexts, (ValueError,), samples.CONTEXTS, True),
    Parser("selinux config", state.parse_config, (), ["# a\nSELINUX=enforcing\nSELINUXTYPE=targeted\n"]),
    Parser("kernel command line", state.parse_command_line, (), samples.BOOT),
    Parser("lxc contexts", forecast.parse_process_label, (), ['process = "system_u:system_r:container_t:s0"\n']),
    Parser("selinux label", _label, (ValueError,), samples.LABELS),
    Parser("seccomp profile", _profile, (ValueError,), samples.profiles(_HERE)),
    Parser("subordinate_ids", _ranges, (ValueError,), ["a:100000:65536\ndockremap:165536:65536\n# x\n1000:1:1\n"]),
    Parser(
        "domain_ids",
        _domains,
        (ValueError,),
        [
            "[sssd]\ndomains = a\n[domain/a]\nid_provider = ad\nldap_idmap_range_min = 100000\nmin_id=1\nmax_id = 9\n",
            "[global]\n idmap config * : range = 3000-7999\n",
            "passwd: files [SUCCESS=merge] sss\ngroup: winbind\n",
        ],
    ),
    Parser(
        "disk_usage",
        _usage,
        disk_usage.UNUSABLE,
        [
            '{"LayersSize": 1, "Containers": [{"SizeRw": 7}], "Volumes": [{"UsageData": {"Size": -1}}]}',
            '{"ImageUsage": {"TotalSize": 1e3}, "ContainerUsage": {}, "VolumeUsage": null}',
        ],
    ),
    Parser("subordinate_ids.split_user", subordinate_ids.split_user, (), ["default", "a:b", "1000:1000"]),
    Parser("user_name", user.uid_of, (ValueError,), ["root", "1000:1000", "a:b", "0", "-1", "4294967295"]),
    Parser("security_opt", lambda text: security_opt.parse(text.split("\n")), (ValueError,), samples.SECURITY),
    Parser("volume options", _volume, (), ["o=bind\ndevice=/etc", "type=overlay\no=lowerdir=/a:/b,upperdir=/c"]),
    Parser("host_path", _path, (), ["/var/lib/docker/../docker", "/var/run/docker.sock", "//proc/1/root/etc"]),
    Parser("engine_address", engine_address.parse, (ValueError,), samples.ADDRESSES),
    Parser("audit_record", _recorded, (ValueError,), samples.recorded(), True),
    Parser(
        "iptables_save",
        iptables_save.parse,
        (ValueError,),
        ['*filter\n:FORWARD DROP [0:0]\n-A FORWARD ! -i a -o b -m comment --comment "x y" -j DROP\n', IPTABLES_28],
        True,
    ),
    Parser("nft_ruleset", lambda data: nft_ruleset.parse(data, "ip"), (ValueError,), [NFT], True),
    Parser(
        "packages",
        packages.parse_dpkg_status,
        (),
        ["Package: runc\nStatus: install ok installed\n\nPackage: x\n"],
        True,
    ),
    Parser("packages of rpm", packages.parse_rpm, (), ["kernel-core 0:5.14.0-611.54.1.el9_7 x86_64\n"], True),
    Parser("changelog", packages.parse_changelog, (), ["  * Revert CVE-2024-21626\n  * Fix CVE-2024-21626\n"], True),
    Parser("package_versions", _versions, (ValueError,), ["1.0~rc1-1+deb12u1 1:1.0", "5.14.0-611.el9_7 5.14.0^1"]),
    Parser("log_config", log_config.parse_size, (ValueError,), ["10m", "1.5 GiB", "-1"]),
    Parser("flaws", flaws.parse_release, (), ["1.1.12+ds1", "v1.4.0-rc.3", "5.14.0-362.el9"]),
    Parser("text.inert", _inert, (), ["a\x1b[31mb\n\u202e", "/srv/äöü"]),
    Parser(
        "create_request",
        lambda text: create_request.as_inspect(_object(text)),
        (ValueError,),
        [json.dumps(item) for item in samples.REQUESTS],
    ),
)


def _object(text):
    """What a filter is given: always a mapping, read by a JSON reader that is not ours."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("not our reader")
    if not isinstance(value, dict):
        raise ValueError("not a mapping")
    return value
