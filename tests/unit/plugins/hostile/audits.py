# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real audits of a container that writes hostile text wherever it may: each text in each place.

Not tests of a format: those have findings written by hand. Here the rules themselves judge, so that what a rule quotes is what
the reports get.
"""

import copy
import datetime
from functools import lru_cache

from ansible_collections.containment.docker.plugins.module_utils.audit.actions import list_actions
from ansible_collections.containment.docker.plugins.module_utils.audit.tally import Tally
from ansible_collections.containment.docker.plugins.module_utils.common.waiver import to_plain
from ansible_collections.containment.docker.plugins.module_utils.judge import waiver, waiver_findings
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import count_statuses
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID, RULES

from ..module_utils.rules.subjects import as_collected, good, process

MARK = "mark7x"  # stands in each text; where a report shows the text, a person still reads it
TEXTS = {
    "markup": f"<b onmouseover=alert(1)>{MARK}</b></script><script>alert(1)</script>]]>&lt;&#x0;<!--",
    "escapes": f"\x1b[31m{MARK}\x1b[2J\x9b1m\x1b]0;title\x07",
    "jinja": f"{{{{ 1009 * 1013 }}}}{MARK}{{% raw %}}{{# x",
    "newlines": f"{MARK}\r\nsecond\n# HELP forged\n\x85\u2028\u2029",
    "bidi": f"{MARK}\u202egnp.exe\u2066\u200b\ufeff",
    "surrogates": f"{MARK}\udc80\ud800",
    "formula": f"=cmd|' /C calc'!{MARK}",
    "formula behind space": f" \t+{MARK}+@SUM(1)",
    "formula in full width": f"\uff1d{MARK}",
    "xml": f"{MARK}\x01\x08\x0b\x0c\x1f\x7f\ufffe\uffff",
    "nul": f"{MARK}\x00after",
    "very long": MARK + "x" * 100_000,
    "very long line of words": MARK + " word" * 20_000,
    "markdown": f"`{MARK}`|\\|[a](javascript:alert(1))![b](https://x.example/b.png)**c** <img src=x> @root https://x.example",
    "markdown blocks": f"{MARK}\n\n# heading\n\n- [x] task\n```\n",
    "labels": f'x"}} 1\nup{{a="{MARK}',
    "csv": f'a","{MARK}\n=1;2',
    "format": f"{MARK}%s %(x)s %00 {{0}} {{1.__class__}} $(id) `id`",
    "path": f"../../{MARK}/../..",
}
_DAY = datetime.date(2026, 11, 27)
_REQUEST = "containment.docker.waiver-request.no-new-privileges"


def _in_name(container, text):
    container["inspect"]["Name"] = "/" + text


def _in_label(container, text):
    container["inspect"]["Config"]["Labels"] = {_REQUEST: text, text: text}


def _in_mount(container, text):
    item = {
        "Type": "bind",
        "Source": "/etc",
        "Destination": "/" + text,
        "Mode": "",
        "RW": False,
        "Propagation": "rprivate",
    }
    container["inspect"]["Mounts"] = [item]
    container["inspect"]["HostConfig"]["Mounts"] = [
        {"Type": "bind", "Source": "/etc", "Target": "/" + text, "ReadOnly": True}
    ]


def _in_source(container, text):
    item = {
        "Type": "bind",
        "Source": "/etc/" + text,
        "Destination": "/x",
        "Mode": "",
        "RW": False,
        "Propagation": "rprivate",
    }
    container["inspect"]["Mounts"] = [item]
    container["inspect"]["HostConfig"]["Mounts"] = [
        {"Type": "bind", "Source": "/etc/" + text, "Target": "/x", "ReadOnly": True}
    ]


def _in_argv(container, text):
    container["inspect"].update(Path=text, Args=[text, text])
    container["inspect"]["Config"].update(Entrypoint=[text], Cmd=[text])


def _in_env(container, text):
    container["inspect"]["Config"]["Env"] = [text, "LD_PRELOAD=" + text]


def _in_image(container, text):
    container["inspect"]["Config"]["Image"] = text
    container["image"] = {"RepoDigests": [text], "RepoTags": [text], "Config": {"Labels": {text: text}, "Env": [text]}}


def _in_user(container, text):
    container["inspect"]["Config"]["User"] = text


def _in_option(container, text):
    container["inspect"]["HostConfig"]["SecurityOpt"] = ["seccomp=" + text, text, "label=type:" + text]


def _in_device(container, text):
    item = {"PathOnHost": "/dev/" + text, "PathInContainer": "/dev/" + text, "CgroupPermissions": "rwm"}
    container["inspect"]["HostConfig"]["Devices"] = [item]


def _in_process_label(container, text):
    container["processes"] = [process(label=text)]
    container["inspect"]["ProcessLabel"] = text


QUOTED = {"json", "sarif", "junit", "csv", "markdown", "html", "lines"}
# Place -> (what writes the text there, in which formats a person must be able to read it). A device and a label of a process are
# evidence of one layer, which some formats leave out; of a mount's source a rule names the directory that it is in.
PLACES = {
    "name": (_in_name, QUOTED | {"waivers", "terminal"}),
    "label": (_in_label, QUOTED | {"waivers"}),
    "mount path": (_in_mount, QUOTED),
    "mount source": (_in_source, {"json", "markdown"}),
    "argv": (_in_argv, set()),
    "environment": (_in_env, set()),
    "image": (_in_image, set()),
    "user": (_in_user, set()),
    "security option": (_in_option, QUOTED),
    "device": (_in_device, {"json", "html", "markdown", "lines"}),
    "process label": (_in_process_label, {"json", "html"}),
}


@lru_cache(maxsize=None)
def audit(kind, place):
    """The result of the audit of a badly contained container that has this text in this place."""
    text = TEXTS[kind]
    evidence = copy.deepcopy(good("container"))
    evidence["inspect"]["HostConfig"].update(Privileged=True, Memory=0)
    evidence["processes"] = [process(no_new_privs=0)]
    PLACES[place][0](evidence, text)
    name = text if place == "name" else "web"
    grants = [
        {"rule": rule, "selector": "daemon", "reason": text, "owner": text, "ticket": text, "expires": expires}
        for rule, expires in (("icc", "2027-01-31"), ("live-restore", "2026-01-31"), ("iptables", "2027-01-31"))
        if rule in BY_ID
    ]
    waivers = (
        [waiver.parse(number, grant, list(BY_ID)) for number, grant in enumerate(grants)] if place == "name" else []
    )
    tally = Tally(RULES, waivers, _DAY, whole=False)
    tally.add("daemon", "daemon", as_collected(evidence["daemon"]))
    tally.add("container", f"container:{name}", as_collected(evidence))
    conclusions = tally.conclude()
    result = {
        "schema": 1,
        "collected_at": "2026-11-27T04:00:00Z",
        "details": "open",
        "engine": {"address": "unix:///run/docker.sock", "state": "running", "version": "26.1.5", "reason": ""},
        "obstacles": [],
        "actions": list_actions(conclusions["findings"], BY_ID),
        "containers": [{"name": name, "id": "f00", "state": "running"}],
        "unused_waivers": [],
    }
    waiver_findings.add(
        conclusions, waivers, [w for w in waivers if w not in tally.used], _DAY, waiver_findings.WARN_DAYS
    )
    result["unused_waivers"] = [to_plain(w) for w in waivers if w not in tally.used]
    result.update(conclusions)
    assert result["counts"]["fail"] > 2 and count_statuses(f["status"] for f in result["findings"])["fail"] > 2
    return result
