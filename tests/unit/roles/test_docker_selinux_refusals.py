# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps role docker_selinux from enforcing: denials and items of the forecast, each until somebody answers for it."""

import pathlib

import pytest
import yaml
from ansible.plugins.filter.core import FilterModule
from ansible.plugins.filter.mathstuff import FilterModule as MathFilterModule
from ansible.plugins.test import core as core_tests
from jinja2.nativetypes import NativeEnvironment

ROLE = pathlib.Path(__file__).parents[3] / "roles" / "docker_selinux"
VARS = yaml.safe_load((ROLE / "vars" / "main.yml").read_text(encoding="utf-8"))
NAMES = ("answered", "denials", "effects", "unlisted", "refusals", "breaks", "shown")
MOUNT = "selinux/mount/container:web:/data"
DENIAL = "selinux/denial/container:web:/srv/page"


def item(id_=MOUNT, sure="likely", **more):
    setting, kind, _subject = id_.split("/", 2)
    return dict(id=id_, setting=setting, kind=kind, sure=sure, message="is denied", remedy="mount it with :z", **more)


def denial(id_=DENIAL, waived="", harmless=False):
    return {"forecast_id": id_, "waived": waived, "harmless": harmless}


def judge(effects=(), denials=(), accept=(), reason="", obstacles=()):
    """{name of a variable of the role without its prefix: its value}."""
    environment = NativeEnvironment()
    environment.filters.update(FilterModule().filters())
    environment.filters.update(MathFilterModule().filters())
    environment.tests.update(core_tests.TestModule().tests())
    lines = [f"{entry['forecast_id']}: read: cure" for entry in denials]
    known = {
        "docker_selinux_accept": list(accept),
        "docker_selinux_forecast_result": {"effects": list(effects), "obstacles": list(obstacles)},
        "docker_selinux_result": {"denials": {"seen": list(denials), "lines": lines, "reason": reason}},
    }
    for name in NAMES:
        known[f"__docker_selinux_{name}"] = environment.from_string(VARS[f"__docker_selinux_{name}"]).render(known)
    return {name: known[f"__docker_selinux_{name}"] for name in NAMES}


def test_nothing_keeps_from_enforcing_where_nothing_breaks():
    assert judge()["breaks"] is False and judge()["refusals"] == []


@pytest.mark.parametrize(
    "effect, breaks",
    [
        (item(), True),
        (item(sure="certain"), True),
        (item(sure="possible"), False),
        (item("selinux/mode/host", "certain"), True),
        (item("selinux/data-root/daemon:/srv/docker"), False),  # the role labels it
        (item(DENIAL, "certain"), False),  # of the time before docker_selinux_denials_since
        (item("selinux-enabled/mount/container:web:/data"), False),  # without SELinux in force it goes on
    ],
)
def test_an_item_keeps_from_enforcing_by_its_id(effect, breaks):
    variables = judge([effect])
    assert variables["breaks"] is breaks
    assert variables["refusals"] == ([f"{effect['id']}: is denied: mount it with :z"] if breaks else [])


def test_an_item_that_somebody_answers_for_is_left_out():
    assert judge([item()], accept=[MOUNT])["breaks"] is False
    assert judge([item()], accept=[MOUNT + "2"])["breaks"] is True
    assert judge([item(waiver={"expired": False})])["breaks"] is False
    assert judge([item(waiver={"expired": True})])["breaks"] is True


def test_a_denial_keeps_from_enforcing_until_somebody_answers_for_it():
    assert judge(denials=[denial()])["refusals"] == [f"{DENIAL}: read: cure"]
    assert judge(denials=[denial()])["breaks"] is True
    for answered in (
        judge(denials=[denial(waived="by ops until 2027-01-31: r")]),
        judge(denials=[denial(harmless=True)]),
        judge(denials=[denial()], accept=[DENIAL]),
        judge([item(DENIAL, "certain", waiver={"expired": False})], [denial()]),
    ):
        assert answered["breaks"] is False and answered["refusals"] == []
    assert judge([item(DENIAL, "certain", waiver={"expired": True})], [denial()])["breaks"] is True


def test_one_answer_leaves_the_others():
    other = DENIAL + "2"
    variables = judge([item(), item(MOUNT + "2")], [denial(), denial(other)], accept=[MOUNT, DENIAL])
    assert variables["refusals"] == [f"{other}: read: cure", f"{MOUNT}2: is denied: mount it with :z"]


def test_what_is_not_known_of_denials_keeps_from_enforcing():
    variables = judge(reason="auditd does not run")
    assert variables["breaks"] is True and variables["refusals"] == []


def test_items_beyond_those_that_are_listed_keep_from_enforcing():
    more = {"setting": "selinux", "subject": "daemon", "reason": "3 more items are not listed"}
    assert judge(obstacles=[more])["breaks"] is True
    assert judge(obstacles=[dict(more, setting="selinux-enabled")])["breaks"] is False
    assert judge(obstacles=[dict(more, reason="web: /srv: it is on nfs")])["breaks"] is False


def test_denials_are_not_shown_twice():
    report = judge([item(), item(DENIAL, "certain")])["shown"]
    assert [effect["id"] for effect in report["effects"]] == [MOUNT] and report["obstacles"] == []


def test_the_refusal_names_each_variable_that_answers():
    tasks = yaml.safe_load((ROLE / "tasks" / "mode.yml").read_text(encoding="utf-8"))
    (message,) = [task["ansible.builtin.assert"]["fail_msg"] for task in tasks if "ansible.builtin.assert" in task]
    options = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"][
        "main"
    ]["options"]
    for name in ("accept", "waivers", "denial_waivers", "denials_since", "accept_denials"):
        assert f"docker_selinux_{name}" in message and f"docker_selinux_{name}" in options
    assert "__docker_selinux_refusals" in message
