# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest

from ansible_collections.containment.docker.plugins.module_utils.selinux import file_contexts

POLICY = rb"""
# what container-selinux says of Docker's data, and some of the rest
/.*	system_u:object_r:default_t:s0
/	-d	system_u:object_r:root_t:s0
/var/lib(/.*)?	system_u:object_r:var_lib_t:s0
/var/lib/docker(/.*)?	system_u:object_r:container_var_lib_t:s0
/var/lib/docker/.*/config\.env	--	system_u:object_r:container_ro_file_t:s0
/var/lib/docker/overlay2(/.*)?	system_u:object_r:container_ro_file_t:s0
/var/lib/docker/containers/.*/.*\.log	--	system_u:object_r:container_log_t:s0
/var/run/docker\.sock	-s	system_u:object_r:container_var_run_t:s0
/proc/.*	<<none>>
/home/[^/]+(/.*)?	system_u:object_r:user_home_t:s0
/srv/([^/]*/)?www(/.*)?	system_u:object_r:httpd_sys_content_t:s0
/usr/lib(64)?/x|/opt/y	system_u:object_r:lib_t:s0
/opt/\d+	system_u:object_r:opt_t:s0
a line of three fields	--
"""
LOCAL = b"/var/lib/docker/keep(/.*)?\tsystem_u:object_r:site_t:s0\n/var/run/docker.* system_u:object_r:wide_t:s0\n"
CONTEXTS = file_contexts.parse([POLICY, LOCAL])


@pytest.mark.parametrize(
    "path, kind, wanted",
    [
        ("/", "dir", "root_t"),
        ("/nowhere", "", "default_t"),
        ("/var/lib/docker", "dir", "container_var_lib_t"),
        ("/var/lib/docker/", "dir", "container_var_lib_t"),
        ("/var//lib/docker", "dir", "container_var_lib_t"),
        ("/var/lib/dockerish", "dir", "var_lib_t"),
        ("/var/lib/docker/overlay2/ab/diff", "dir", "container_ro_file_t"),  # the last that matches
        ("/var/lib/docker/containers/ab/ab-json.log", "file", "container_log_t"),
        ("/var/lib/docker/containers/ab/ab-json.log", "dir", "container_var_lib_t"),  # of another kind
        ("/var/lib/docker/containers/ab/ab-json.log", "", "container_log_t"),
        ("/var/lib/docker/containers/ab/ab-jsonxlog", "file", "container_var_lib_t"),
        ("/var/lib/docker/keep/x", "dir", "site_t"),
        ("/var/run/docker.sock", "socket", "container_var_run_t"),  # no pattern, so before the site's pattern
        ("/var/run/docker.pid", "file", "wide_t"),
        ("/proc/self", "dir", None),
        ("/home/a/b\nc", "file", "user_home_t"),
        ("/srv/www", "dir", "httpd_sys_content_t"),
        ("/srv/a/www/x", "dir", "httpd_sys_content_t"),
        ("/usr/lib64/x", "dir", "lib_t"),
        ("/opt/y", "dir", "lib_t"),
        ("/opt/42", "dir", "opt_t"),
    ],
)
def test_lookup(path, kind, wanted):
    context = CONTEXTS.lookup(path, kind)
    assert context == (wanted and "system_u:object_r:%s:s0" % wanted)


def test_nothing_is_known():
    assert file_contexts.parse([b""]).lookup("/etc") is None


@pytest.mark.parametrize(
    "subs, dist, path, wanted",
    [
        (b"/data/docker /var/lib/docker\n", b"", "/data/docker/overlay2/x", "container_ro_file_t"),
        (b"/data/docker /var/lib/docker\n", b"", "/data/docker", "container_var_lib_t"),
        (b"/data/docker /var/lib/docker\n", b"", "/data/dockers", "default_t"),
        (b"/data/docker/ /var/lib/docker/\n", b"", "/data/docker", "container_var_lib_t"),
        (b"", b"/run /var/run\n", "/run/docker.sock", "container_var_run_t"),
        (b"/x /run\n", b"/run /var/run\n", "/x/docker.sock", "container_var_run_t"),  # both
        (b"/a /var/lib\n/a/b /home/u\n", b"", "/a/b/c", "user_home_t"),
        (b"# /etc /home/u\n", b"", "/etc", "default_t"),
    ],
)
def test_equivalences(subs, dist, path, wanted):
    assert file_contexts.parse([POLICY], subs, dist).lookup(path) == "system_u:object_r:%s:s0" % wanted


def test_an_expression_that_only_pcre_knows_is_passed_over():
    contexts = file_contexts.parse([b"/a/.* u:r:one:s0\n/a/(?R)x.* u:r:two:s0\n"])
    assert contexts.lookup("/a/b") == "u:r:one:s0"


def test_load(tmp_path):
    directory = tmp_path / "etc/selinux/targeted/contexts/files"
    directory.mkdir(parents=True)
    with pytest.raises(FileNotFoundError):
        file_contexts.load("targeted", str(tmp_path))
    (directory / "file_contexts").write_bytes(POLICY)
    assert file_contexts.load("targeted", str(tmp_path)).lookup("/var/lib/docker/keep") == (
        "system_u:object_r:container_var_lib_t:s0"
    )
    (directory / "file_contexts.local").write_bytes(LOCAL)
    (directory / "file_contexts.homedirs").write_bytes(b"/home/u u:r:home:s0\n")
    (directory / "file_contexts.subs").write_bytes(b"/data /var/lib/docker\n")
    (directory / "file_contexts.subs_dist").write_bytes(b"/export/home /home\n")
    contexts = file_contexts.load("targeted", str(tmp_path))
    assert contexts.lookup("/data/keep") == "system_u:object_r:site_t:s0"
    assert contexts.lookup("/export/home/u") == "u:r:home:s0"


@pytest.mark.parametrize("policy", ["", "../x", "a/b", ".."])
def test_a_name_that_leads_elsewhere(policy):
    with pytest.raises(ValueError):
        file_contexts.load(policy)
