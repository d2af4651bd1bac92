# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What no-new-privileges breaks: by processes, by what is named, and by what is only there."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.forecast import setting
from ansible_collections.containment.docker.plugins.module_utils.forecast.container_files import ContainerFiles
from ansible_collections.containment.docker.plugins.module_utils.forecast.program_names import Source
from ansible_collections.containment.docker.plugins.module_utils.forecast.settings import no_new_privileges
from ansible_collections.containment.docker.plugins.module_utils.linux.members import Process
from ansible_collections.containment.docker.plugins.module_utils.linux.privileged_files import PrivilegedFile
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import Status

INIT, CHILD, GRANDCHILD = 100, 101, 102
NS = "user:[1]"
SU = PrivilegedFile("/usr/bin/su", True, False, 0, 0, frozenset())
PING = PrivilegedFile("/usr/bin/ping", False, False, 0, 0, frozenset(["NET_RAW"]))
DUMP = PrivilegedFile("/usr/bin/dump", False, False, 0, 0, frozenset(["NET_ADMIN"]))
TO_WWW = PrivilegedFile("/usr/bin/to-www", True, False, 33, 33, frozenset())


def process(pid, uid=1000, namespace=NS, **status):
    ids = dict(uids=(uid,) * 4, gids=(uid,) * 4)
    ids.update(status)
    fields = dict(zombie=False, bounding=frozenset(), effective=frozenset(), no_new_privs=0, seccomp=2)
    fields.update(ids)
    return Process(pid, Status(**fields), None, namespace)


def forecast_container(
    user="1000",
    processes=(),
    files=(),
    words=(),
    options=(),
    created_with=False,
    sources=None,
    users=None,
    obstacle="",
    config=(),
):
    """(items, obstacles) of one container; its first process is as its user where none is given."""
    own = process(INIT) if user not in ("", "root") else process(INIT, 0, permitted=frozenset(["CHOWN"]))
    everyone = list(processes) if any(one.pid == INIT for one in processes) else [own, *processes]
    evidence = Evidence(
        inspect={
            "Config": {"User": user},
            "HostConfig": dict(config, SecurityOpt=list(options)),
            "State": {"Pid": INIT},
        },
        made={"NoNewPrivileges": created_with},
        processes=everyone,
        parents={INIT: 1, CHILD: INIT, GRANDCHILD: CHILD},
        uid_map=[(0, 0, 1 << 32)],
        namespaces={"user": NS},
        privileged_files=ContainerFiles(
            tuple(files),
            tuple(sources or [Source("its command", frozenset(words), None)]),
            users or {},
            ("/usr/bin", "/bin"),
            obstacle,
            lambda pid: {INIT: "/usr/bin/sh", CHILD: "/usr/bin/su", GRANDCHILD: "/usr/bin/sh"}[pid],
        ),
    )
    return setting.ask("no-new-privileges", "container:web", no_new_privileges.of_container, "web", evidence)


def ids(*arguments, **options):
    items, obstacles = forecast_container(*arguments, **options)
    assert obstacles == []
    return [(item.sure, item.kind, item.subject) for item in items]


def test_a_container_without_such_files_has_no_items():
    assert ids() == []


@pytest.mark.parametrize(
    "gained",
    [
        dict(uids=(1000, 0, 0, 0)),
        dict(uids=(0, 0, 0, 0)),
        dict(gids=(1000, 42, 42, 42)),
        dict(permitted=frozenset(["NET_ADMIN"])),
    ],
)
def test_a_process_with_more_than_the_container_started_with_is_certain(gained):
    expected = [("certain", "gained-privileges", "container:web:/usr/bin/su")]
    assert ids(processes=[process(CHILD, **gained)]) == expected


def test_a_first_process_with_more_than_its_user_is_certain():
    assert ids(processes=[process(INIT, 0)])[0][:2] == ("certain", "gained-privileges")


@pytest.mark.parametrize(
    "harmless",
    [
        process(CHILD),
        process(CHILD, uids=(0, 0, 0, 0), zombie=True),
        process(CHILD, uids=(0, 0, 0, 0), no_new_privs=1),
        process(CHILD, namespace="user:[2]", permitted=frozenset(["SYS_ADMIN"])),  # a user namespace of its own
    ],
)
def test_a_process_that_gained_nothing_is_no_item(harmless):
    assert ids(processes=[harmless]) == []


def test_an_unprivileged_child_of_root_is_no_item():
    assert ids(user="", processes=[process(CHILD)]) == []


def test_root_behind_an_ordinary_user_is_likely_and_certain_where_it_runs_a_setuid_file():
    chain = [process(CHILD), process(GRANDCHILD, 0)]
    assert ids(user="", processes=chain) == [("likely", "gained-privileges", "container:web:/usr/bin/sh")]
    setuid_file = SU._replace(path="/usr/bin/sh")
    assert ids(user="", processes=chain, files=[setuid_file])[0][:2] == ("certain", "gained-privileges")


def test_capabilities_that_containers_mostly_do_not_need_are_possible():
    gained = process(CHILD, permitted=frozenset(["NET_RAW"]))
    assert ids(processes=[gained]) == [("possible", "gained-privileges", "container:web:/usr/bin/su")]
    both = process(CHILD, uids=(0, 0, 0, 0), permitted=frozenset(["NET_RAW"]))
    assert ids(processes=[both])[0][0] == "certain"


def test_a_capability_is_needed_where_the_network_has_not_the_engines_sysctls():
    gained = process(CHILD, permitted=frozenset(["NET_BIND_SERVICE"]))
    sures = [
        ids(processes=[gained], config=config)[0][0]
        for config in ({}, {"Sysctls": {"net.ipv4.ip_unprivileged_port_start": "1024"}}, {"NetworkMode": "host"})
    ]
    assert sures == ["possible", "certain", "certain"]


def test_a_name_of_the_image_is_looked_up():
    files = dict(user="app", users={"app": 1000})
    assert ids(processes=[process(INIT)], **files) == []
    assert ids(processes=[process(INIT, 0)], **files)[0][0] == "certain"


def test_a_user_whose_id_is_not_known_is_not_certain():
    assert ids(user="app", processes=[process(INIT), process(CHILD, 0)]) == [
        ("likely", "gained-privileges", "container:web:/usr/bin/su")
    ]


def test_a_named_file_is_likely():
    assert ids(files=[SU], words=["su"]) == [("likely", "named-program", "container:web:/usr/bin/su")]
    assert ids(files=[SU], words=["/bin/su"]) == [("likely", "named-program", "container:web:/usr/bin/su")]
    assert ids(files=[DUMP], words=["dump"])[0][0] == "likely"
    assert ids(files=[PING], words=["ping"])[0][0] == "possible"


def test_a_name_outside_of_its_path_does_not_count():
    other = SU._replace(path="/opt/su")
    assert ids(files=[other], words=["su"]) == [("possible", "privileged-files", "container:web")]


def test_what_root_executes_is_only_possible():
    assert ids(user="", files=[SU], words=["su"]) == [("possible", "privileged-files", "container:web")]
    assert ids(user="", files=[DUMP], words=["dump"])[0][0] == "possible"


def test_what_root_executes_as_somebody_else_is_likely():
    assert ids(user="", files=[TO_WWW], words=["to-www"])[0][:2] == ("likely", "named-program")
    assert ids(user="", files=[DUMP, SU], words=["su", "dump"])[0] == (
        "likely",
        "named-program",
        "container:web:/usr/bin/dump",
    )


@pytest.mark.parametrize("user, sure", [("root", "possible"), ("app", "likely")])
def test_a_crontab_counts_for_who_runs_it(user, sure):
    sources = [Source("crontab /etc/crontab", frozenset(["dump"]), user)]
    assert ids(user="", files=[DUMP], sources=sources)[0][0] == sure


def test_other_files_are_one_possible_item():
    ((item,), _obstacles) = forecast_container(files=[SU, PING])
    assert (item.sure, item.id) == ("possible", "no-new-privileges/privileged-files/container:web")
    assert "2 files give" in item.message and "/usr/bin/ping, /usr/bin/su" in item.message


@pytest.mark.parametrize("options", [["no-new-privileges"], ["no-new-privileges:false"], ["no-new-privileges=true"]])
def test_a_container_that_decides_itself_is_not_changed(options):
    assert ids(files=[SU], words=["su"], options=options) == []


def test_a_container_that_has_it_already_is_not_changed():
    assert ids(files=[SU], words=["su"], created_with=True) == []


def test_a_search_that_ended_early_is_an_obstacle_and_keeps_its_items():
    items, obstacles = forecast_container(files=[SU], obstacle="the search ended after 5 files")
    assert len(items) == 1
    assert obstacles == [setting.Obstacle("no-new-privileges", "container:web", "the search ended after 5 files")]


def test_ids_are_compared_inside_a_remapped_container():
    evidence_map = [(0, 100000, 65536)]
    assert no_new_privileges._inside(100000, evidence_map) == 0
    assert no_new_privileges._inside(5, evidence_map) == -1


def test_processes_that_cannot_be_read_are_an_obstacle():
    evidence = Evidence(
        inspect={"Config": {"User": "1"}, "HostConfig": {}, "State": {"Pid": INIT}},
        made=Unreadable("no root"),
        processes=Unreadable("no root"),
        privileged_files=ContainerFiles((), (), {}, (), "", None),
    )
    _items, obstacles = setting.ask("x", "y", no_new_privileges.of_container, "web", evidence)
    assert [one.reason for one in obstacles] == ["no root"]
