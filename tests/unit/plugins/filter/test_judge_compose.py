# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter judge_compose over compose files of real shape: what is asked fails or passes, what the data don't tell is unknown."""

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.containment.docker.plugins.filter.judge_compose import FilterModule

judge_compose = FilterModule().filters()["judge_compose"]

SHOP = """
name: shop
x-hardened: &hardened
  read_only: true
  cap_drop: [ALL]
  security_opt: ["no-new-privileges:true"]
  restart: "on-failure:5"
  pids_limit: 100
  mem_limit: 256m
  logging: {driver: local}
services:
  web:
    <<: *hardened
    image: registry.example/shop/web:${TAG:-latest}
    user: "1000:1000"
    ports: ["127.0.0.1:8080:8080"]
    environment: {PRICE: "$$5", KEY: "${SHOP_KEY}"}
    volumes:
      - static:/srv/static:ro
      - ./conf:/etc/web:ro
    networks: [front]
    depends_on: {db: {condition: service_healthy}}
    healthcheck: {test: ["CMD", "wget", "-q", "localhost:8080"]}
  db:
    <<: *hardened
    image: postgres:17
    user: "999"
    cap_add: [CHOWN]
    volumes:
      - type: volume
        source: data
        target: /var/lib/postgresql/data
    secrets: [db_password]
    deploy: {resources: {limits: {memory: 512M, pids: 200}}}
  agent:
    image: monitoring/agent
    privileged: true
    pid: host
    network_mode: host
    volumes:
      - /:/host:ro
      - /var/run/docker.sock:/var/run/docker.sock
    devices: ["/dev/sda:/dev/sda:r"]
    security_opt: [seccomp=unconfined]
    restart: always
    profiles: [monitoring]
volumes:
  static:
  data: {driver_opts: {type: none, o: bind, device: /srv/db}}
networks: {front: {}}
secrets: {db_password: {file: ./secrets/db}}
"""


def status(text, rule, service="web", **options):
    document = yaml.safe_load(text) if isinstance(text, str) else text
    findings = {f["subject"]: f for f in judge_compose(document, rules=[rule], **options)}
    return findings["container:" + service]["status"] if "container:" + service in findings else None


def service(extra, **top):
    return dict({"services": {"web": dict({"image": "x"}, **extra)}}, **top)


@pytest.mark.parametrize(
    "rule",
    "no-new-privileges capabilities privileged read-only-root memory-limit pids-limit restart-policy "
    "sensitive-mounts engine-sockets non-root-user log-growth host-devices".split(),
)
def test_a_hardened_service_of_the_shop_passes(rule):
    assert status(SHOP, rule, "web") == "pass"
    assert status(SHOP, rule, "db") == "pass"


@pytest.mark.parametrize(
    "rule", "privileged host-namespaces sensitive-mounts engine-sockets seccomp restart-policy memory-limit".split()
)
def test_the_agent_of_the_shop_fails(rule):
    assert status(SHOP, rule, "agent") == "fail"


def test_every_container_rule_is_judged_for_each_service():
    findings = judge_compose(yaml.safe_load(SHOP))
    assert {f["subject"] for f in findings} == {"container:web", "container:db", "container:agent"}
    assert len({f["rule"] for f in findings}) > 20


def test_only_services_of_active_profiles_are_judged_where_they_are_named():
    assert status(SHOP, "privileged", "agent", profiles=[]) is None
    assert status(SHOP, "privileged", "web", profiles=[]) == "pass"
    assert status(SHOP, "privileged", "agent", profiles=["monitoring"]) == "fail"
    assert status(SHOP, "privileged", "agent", profiles=["*"]) == "fail"


@pytest.mark.parametrize(
    "extra, rule",
    [
        ({"privileged": "${P}"}, "privileged"),
        ({"user": "${UID_}"}, "non-root-user"),
        ({"volumes": ["${DIR}:/x"]}, "sensitive-mounts"),
        ({"privileged": "${P:?say it}"}, "privileged"),
        ({"volumes": ["../../etc:/x"]}, "sensitive-mounts"),
        ({"volumes": ["~/x:/x"]}, "sensitive-mounts"),
        ({"extends": {"file": "base.yml", "service": "web"}}, "privileged"),
        ({"elevated": True}, "privileged"),
        ({"volumes": ["data:/x"]}, "sensitive-mounts"),
    ],
)
def test_what_the_data_do_not_tell_is_unknown(extra, rule):
    document = service(extra, volumes={"data": {"external": True}})
    (finding,) = judge_compose(document, rules=[rule])
    assert finding["status"] == "unknown" and finding["seen"]


@pytest.mark.parametrize(
    "extra, options, rule, wanted",
    [
        ({"privileged": "${P}"}, {"variables": {"P": "true"}}, "privileged", "fail"),
        ({"privileged": "${P:-true}"}, {}, "privileged", "fail"),
        ({"privileged": "${P-true}"}, {"variables": {"P": ""}}, "privileged", "pass"),
        ({"privileged": "${P:-${Q:-true}}"}, {}, "privileged", "fail"),
        ({"privileged": "${P:+true}"}, {}, "privileged", "pass"),
        ({"privileged": "${P:+true}"}, {"variables": {"P": "1"}}, "privileged", "fail"),
        ({"volumes": ["../../etc:/x"]}, {"project_directory": "/srv/shop"}, "sensitive-mounts", "fail"),
        ({"volumes": ["~/x:/x"]}, {"variables": {"HOME": "/root"}}, "sensitive-mounts", "fail"),
        ({"volumes": ["data:/x"]}, {}, "sensitive-mounts", "fail"),
        ({"volumes": [{"type": "bind", "source": "/etc", "target": "/x"}]}, {}, "sensitive-mounts", "fail"),
        ({"volumes": [{"type": "tmpfs", "target": "/x"}]}, {}, "sensitive-mounts", "pass"),
        ({"secrets": ["shadow"]}, {}, "sensitive-mounts", "fail"),
        ({"configs": [{"source": "c", "target": "/c"}]}, {}, "sensitive-mounts", "pass"),
        ({"use_api_socket": True}, {}, "engine-sockets", "fail"),
        ({"pid": "service:db"}, {}, "host-namespaces", "unknown"),
        ({"deploy": {"resources": {"limits": {"memory": "64M"}}}}, {}, "memory-limit", "pass"),
        ({"deploy": {"restart_policy": {"condition": "any"}}}, {}, "restart-policy", "fail"),
        ({"deploy": {"restart_policy": {"condition": "any"}}, "restart": "no"}, {}, "restart-policy", "fail"),
        ({"deploy": {"restart_policy": {"delay": "5s"}}, "restart": "always"}, {}, "restart-policy", "pass"),
        ({"security_opt": ["systempaths=unconfined"]}, {}, "kernel-filesystems", "fail"),
        ({"restart": False}, {}, "restart-policy", "pass"),
        ({"logging": {"driver": "json-file", "options": {"max-size": "1m"}}}, {}, "log-growth", "pass"),
        ({"gpus": "all"}, {}, "host-devices", "fail"),
        ({"devices": [{"source": "/dev/mem", "target": "/dev/x"}]}, {}, "host-devices", "fail"),
        ({"userns_mode": "host"}, {}, "userns-remap", "fail"),
        ({"cgroup": "host"}, {}, "host-namespaces", "fail"),
        ({"network_mode": "host"}, {}, "host-namespaces", "fail"),
        ({"x-note": 1, "annotations": {"a": "b"}}, {}, "privileged", "pass"),
    ],
)
def test_what_a_service_asks_for_is_judged(extra, options, rule, wanted):
    document = service(
        extra,
        volumes={"data": {"driver_opts": {"type": "none", "o": "bind", "device": "/etc"}}},
        secrets={"shadow": {"file": "/etc/shadow"}},
        configs={"c": {"content": "x"}},
    )
    assert status(document, rule, **options) == wanted


BASE = {"services": {"web": {"image": "x", "privileged": True, "cap_add": ["SYS_ADMIN"], "volumes": ["/etc:/a"]}}}


@pytest.mark.parametrize(
    "extra, rule, wanted",
    [
        ({}, "privileged", "fail"),
        ({"privileged": False}, "privileged", "pass"),
        ({"privileged": False, "cap_add": ["CHOWN"]}, "capabilities", "fail"),
        ({"volumes": ["/srv/a:/a"]}, "sensitive-mounts", "pass"),
        ({"volumes": ["/srv/a:/b"]}, "sensitive-mounts", "fail"),
    ],
)
def test_what_is_extended_counts_where_the_service_says_nothing_else(extra, rule, wanted):
    document = service(dict(extra, extends={"file": "base.yml", "service": "web"}))
    assert status(document, rule, files={"base.yml": BASE}) == wanted
    same = {"services": dict(BASE["services"], other=dict(extra, extends="web", image="y"))}
    assert status(same, rule, "other") == wanted


def test_an_included_document_is_unknown():
    findings = judge_compose(dict(service({}), include=["other.yml"]), rules=["privileged"])
    assert [(f["subject"], f["status"]) for f in findings] == [
        ("container:web", "pass"),
        ("container:(included)", "unknown"),
    ]


@pytest.mark.parametrize(
    "document, words",
    [
        ({}, "no services"),
        ({"services": {"web": []}}, "no mapping"),
        ({"services": {"a b": {}}}, "compose refuses"),
        (service({"privileged": "perhaps"}), "service web: privileged takes true or false"),
        (service({"cap_add": "ALL"}), "cap_add takes a list"),
        (service({"mem_limit": "much"}), "a size"),
        (service({"secrets": ["none"]}), "there is no 'none'"),
        (service({"extends": "web"}), "extends itself"),
        (service({"extends": "other"}), "there is none"),
    ],
)
def test_what_compose_itself_refuses_is_an_error(document, words):
    with pytest.raises(AnsibleFilterError, match=words):
        judge_compose(document)


TEXT = "services: {web: {image: x, privileged: true}}"


def judged(document, rule):
    (finding,) = judge_compose(document, rules=[rule])
    return finding["status"]


def test_text_is_taken_as_a_list_of_files_is():
    assert judged(TEXT, "privileged") == "fail"
    assert judged([TEXT, "services: {web: {privileged: !reset null}}"], "privileged") == "pass"
    assert judged([TEXT, "services: {web: {privileged: !override false}}"], "privileged") == "pass"
    assert judged([TEXT, {"services": {"web": {"privileged": False}}}], "privileged") == "pass"


def test_tags_alone_take_a_value_out_or_leave_it():
    assert judged("services: {web: {image: x, cap_add: !reset [ALL]}}", "capabilities") == "pass"
    assert judged("services: {web: {image: x, cap_add: !override [ALL]}}", "capabilities") == "fail"


BOMB = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 8)}]\n" for before, name in zip("abcdefgh", "bcdefghi")
)


@pytest.mark.parametrize(
    "text, words",
    [
        (BOMB, "more than"),
        ("a: &a [*a]\n", "contains itself"),
        ("services: [", "no YAML"),
        ("services: !!python/object:os.system {}", "no YAML"),
        ("services: !other 1", "no YAML"),
        ("x" * 2000000, "characters"),
        ("- 1", "no mapping"),
    ],
)
def test_text_that_is_no_compose_file_is_refused(text, words):
    with pytest.raises(AnsibleFilterError, match=words):
        judge_compose(text)


PART = "services: {part: {image: x, privileged: '${P:-false}', volumes: ['./conf:/c', '../../etc:/up']}}"


def included(entry, files, **options):
    """{service: status} of the rule sensitive-mounts."""
    document = dict(service({}), include=[entry])
    findings = judge_compose(document, files=files, rules=[options.pop("rule", "sensitive-mounts")], **options)
    return {finding["subject"].partition(":")[2]: finding["status"] for finding in findings}


def test_included_document_is_judged_below_its_own_directory():
    files = {"./sub/part.yaml": PART}
    assert included("sub/part.yaml", files, project_directory="/srv") == {"web": "pass", "part": "fail"}
    assert included("sub/part.yaml", files, project_directory="/srv/x") == {"web": "pass", "part": "pass"}
    assert included("sub/part.yaml", files) == {"web": "pass", "part": "unknown"}


def test_environment_of_an_included_document_counts_after_the_project_s():
    entry = {"path": "sub/part.yaml", "env_file": "sub/.env"}
    options = {"rule": "privileged", "project_directory": "/srv/x"}
    assert included(entry, {"sub/part.yaml": PART}, **options)["(included)"] == "unknown"
    files = {"sub/part.yaml": PART, "sub/.env": {"P": "true"}}
    assert included(entry, files, **options)["part"] == "fail"
    assert included(entry, files, variables={"P": "false"}, **options)["part"] == "pass"


@pytest.mark.parametrize(
    "files, words",
    [
        ({"a.yaml": {"include": ["a.yaml"], "services": {}}}, "includes itself"),
        ({"a.yaml": {"services": {"web": {"image": "y"}}}}, "in the document and in one that it includes"),
        ({"a.yaml": "services: ["}, "files: no YAML"),
    ],
)
def test_include_that_compose_refuses_is_an_error(files, words):
    with pytest.raises(AnsibleFilterError, match=words):
        judge_compose(dict(service({}), include=["a.yaml"]), files=files)


def test_paths_of_an_extended_service_are_below_its_own_file():
    base = {"services": {"web": {"image": "x", "volumes": ["./conf:/c", "../../../etc:/etc2"]}}}
    document = service({"extends": {"file": "a/b/base.yml", "service": "web"}})
    options = {"rules": ["sensitive-mounts"], "files": {"a/b/base.yml": base}}
    assert judge_compose(document, project_directory="/srv", **options)[0]["status"] == "fail"
    assert judge_compose(document, project_directory="/srv/x", **options)[0]["status"] == "pass"


def test_source_that_only_a_variable_tells_is_below_the_extended_file_too():
    base = {"services": {"web": {"image": "x", "volumes": ["${D}:/c"]}}}
    document = service({"extends": {"file": "a/base.yml", "service": "web"}})
    options = {"rules": ["sensitive-mounts"], "files": {"a/base.yml": base}, "project_directory": "/srv"}
    assert judge_compose(document, variables={"D": "../../etc"}, **options)[0]["status"] == "fail"
    assert judge_compose(document, variables={"D": "/srv/a$b"}, **options)[0]["status"] == "pass"
    assert judge_compose(document, **options)[0]["status"] == "unknown"
