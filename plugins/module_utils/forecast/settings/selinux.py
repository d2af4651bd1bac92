# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""selinux: what containers do now, or could do, and could not any more once SELinux is enforcing. Pure.

selinux_report works it out. By default a host that runs no SELinux is left out: what it would need
first is the role docker_selinux's. With the value `enforcing` it is judged by the file contexts of the installed policy.
"""

from typing import Any, Iterable, List, Mapping

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.subject import bound_subject, subject_of
from ansible_collections.containment.docker.plugins.module_utils.denials import denials
from ansible_collections.containment.docker.plugins.module_utils.forecast.item import (
    CERTAIN,
    DAEMON,
    HOST,
    LIKELY,
    Item,
)
from ansible_collections.containment.docker.plugins.module_utils.forecast.setting import Setting
from ansible_collections.containment.docker.plugins.module_utils.selinux_report.forecast import (
    DENIED,
    LIVE,
    ON,
    UNKNOWN,
    UNLABELLED,
)

NAME, ENFORCING = "selinux", "enforcing"


def of_host(shared: Evidence) -> Iterable[Item]:
    """Say what was denied and permitted all the same, which mounts would be denied, and what is labelled wrongly.

    Raise Unreadable, after all others, for what can't be judged.
    """
    if shared["host"]["selinux"] is None and shared["wanted"].get(NAME) != ENFORCING:
        return
    report = shared["selinux_report"]
    places = (report["daemon"], report["policy"], report["denials"])
    unknown = [place["reason"] for place in places if place["reason"]]
    yield from _of_mode(report["mode"])
    for denial in report["denials"]["seen"]:
        if denial["permissive"] and denial["container"] and not denial["harmless"]:
            yield _of_denial(denial)
    for container in report["containers"]:
        if container["labels"] == UNKNOWN:
            unknown.append(f"{container['name']}: {container['why']}")
        # Without a policy no container has a label, and what can't be judged of it is not known.
        is_labelled = (
            container["labels"] == ON or container["why"] == UNLABELLED and not report["mode"]["policy_loaded"]
        )
        if not is_labelled or container["state"] not in LIVE:
            continue  # nothing holds it back, or it gets what its next start asks for (selinux-enabled)
        for mount in container["mounts"]:
            if mount["verdict"] == DENIED:
                yield _of_mount(container["name"], mount)
            elif mount["verdict"] == UNKNOWN:
                unknown.append(f"{container['name']}: {mount['source']}: {mount['why']}")
    root = report["data_root"]
    if root and root["verdict"] == "wrong":
        yield Item(
            NAME,
            "data-root",
            bound_subject(f"{DAEMON}:{root['path']}"),
            LIKELY,
            f"{root['why']}, and labelled containers could not read their own files there",
            root["cure"],
            {"context": root["context"], "expected": root["expected"]},
        )
    if unknown:
        raise Unreadable("; ".join(unknown[:5]))


def _of_mode(mode: Mapping[str, Any]) -> List[Item]:
    obstacle = mode["in_the_way"][ENFORCING]
    if not obstacle:
        return []
    message = f"SELinux can't become enforcing, or not for longer than this boot: {obstacle}"
    return [
        Item(
            NAME,
            "mode",
            HOST,
            CERTAIN,
            message,
            "follow what it says; role docker_selinux does it",
            {"running": mode["running"]},
        )
    ]


def _of_denial(denial: Mapping[str, Any]) -> Item:
    what = denials.describe_object(denial)
    return Item(
        NAME,
        "denial",
        denials.subject_of_denial(denial),
        CERTAIN,
        f"{denial['program'] or 'it'} was denied {', '.join(denial['wanted'])} of {what} {denial['count']} times, the last at "
        f"{denial['last']}, and went on only as SELinux is permissive",
        denial["cure"],
        {"target": denial["target"], "count": denial["count"]},
    )


def _of_mount(name: str, mount: Mapping[str, Any]) -> Item:
    hidden = f"; no log would tell {', '.join(mount['hidden'])}" if mount["hidden"] else ""
    return Item(
        NAME,
        "mount",
        subject_of(name, mount["target"]),
        LIKELY,
        f"{mount['source']} has the label {mount['context'] or 'none'}, of which the policy denies it "
        f"{', '.join(mount['wanted'])}{hidden}",
        mount["cure"],
        {"source": mount["source"], "context": mount["context"]},
    )


def is_in_force(shared: Evidence) -> bool:
    """Tell whether SELinux is enforcing already."""
    return shared["host"]["selinux"] == ENFORCING


SETTING = Setting(NAME, of_host=of_host, is_in_force=is_in_force)
