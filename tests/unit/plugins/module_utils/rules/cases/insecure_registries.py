# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule insecure-registries."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import Case

CIDRS = ("info", "RegistryConfig", "InsecureRegistryCIDRs")
MIRROR = ("info", "RegistryConfig", "IndexConfigs", "registry.lan:5000")
INSECURE = {"Name": "registry.lan:5000", "Mirrors": [], "Secure": False, "Official": False}
CASES = (
    Case("daemon", "pass", "loopback only"),
    Case("daemon", "pass", "28 takes ::1 too", {CIDRS: ["::1/128", "127.0.0.0/8"]}),
    Case(
        "daemon",
        "fail",
        "in the file and in force",
        {
            MIRROR: INSECURE,
            ("configured", "insecure-registries"): ["registry.lan:5000"],
        },
        "registry.lan:5000",
    ),
    Case("daemon", "fail", "gone from the file, but a reload does not forget it", {MIRROR: INSECURE}),
    Case("daemon", "fail", "every address", {CIDRS: ["0.0.0.0/0", "127.0.0.0/8"]}, "0.0.0.0/0"),
    Case("daemon", "fail", "more than loopback", {CIDRS: ["126.0.0.0/7"]}, "126.0.0.0/7"),
    Case(
        "daemon",
        "pass",
        "a registry on this machine",
        {
            ("info", "RegistryConfig", "IndexConfigs", "localhost:5000"): dict(INSECURE, Name="localhost:5000"),
            ("info", "RegistryConfig", "IndexConfigs", "[::1]:5000"): dict(INSECURE, Name="[::1]:5000"),
        },
    ),
    Case(
        "daemon",
        "fail",
        "a name that only begins like loopback",
        {
            ("info", "RegistryConfig", "IndexConfigs", "127.0.0.1.example.org"): INSECURE,
            ("info", "RegistryConfig", "IndexConfigs", "localhost.example.org:5000"): INSECURE,
        },
        "127.0.0.1.example.org, localhost.example.org:5000",
    ),
    Case(
        "daemon",
        "pass",
        "the site allows it, written as in the file",
        {
            MIRROR: INSECURE,
            CIDRS: ["10.1.0.0/16", "127.0.0.0/8"],
            ("policy", "allowed_insecure_registries"): ("http://Registry.lan:5000", "10.1.2.3/16"),
        },
    ),
    Case(
        "daemon",
        "fail",
        "what is allowed does not allow its neighbour",
        {
            CIDRS: ["10.1.0.0/16"],
            ("policy", "allowed_insecure_registries"): ("10.1.0.0/24",),
        },
        "10.1.0.0/16",
    ),
    Case(
        "daemon",
        "pass",
        "an older engine leaves fields null",
        {
            CIDRS: None,
            ("info", "RegistryConfig", "IndexConfigs"): None,
        },
    ),
    Case("daemon", "unknown", "an engine without a registry configuration", {("info", "RegistryConfig"): None}),
    Case("daemon", "unknown", "the daemon hangs", {"info": Unreadable("no answer within 5 s")}),
    Case(
        "daemon",
        "fail",
        "stopped, and insecure at the next start",
        {
            "info": Unreadable("inactive"),
            ("configured", "insecure-registries"): ["https://10.0.0.0/8"],
        },
        "10.0.0.0/8",
    ),
    Case(
        "daemon",
        "fail",
        "a mirror over plain http",
        {("info", "RegistryConfig", "Mirrors"): ["http://mirror.lan:5000/"]},
        "over plain http: mirror.lan:5000",
    ),
    Case(
        "daemon",
        "fail",
        "a mirror over plain http at the next start",
        {"info": Unreadable("inactive"), ("configured", "registry-mirrors"): ["HTTP://mirror.lan"]},
        "mirror.lan",
    ),
    Case(
        "daemon",
        "pass",
        "a mirror over https, and one on this machine",
        {("info", "RegistryConfig", "Mirrors"): ["https://mirror.lan/", "http://localhost:5000/", "http://127.0.0.1/"]},
    ),
    Case(
        "daemon",
        "fail",
        "a mirror that only begins like this machine",
        {("info", "RegistryConfig", "Mirrors"): ["http://localhost.example.org/"]},
    ),
    Case(
        "daemon",
        "pass",
        "a mirror that the site allows",
        {
            ("info", "RegistryConfig", "Mirrors"): ["http://mirror.lan:5000/"],
            ("policy", "allowed_insecure_registries"): ("mirror.lan:5000",),
        },
    ),
)
