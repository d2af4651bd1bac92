# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A remedy is named only where it cures, and with what it opens: by the answers of RHEL's policies."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.selinux import booleans, mount_access, remedies
from ansible_collections.containment.docker.plugins.module_utils.selinux.access import Unanswered

from .. import recorded_policy

WEB = "system_u:system_r:container_t:s0:c1,c2"
OFF = {boolean.name: False for boolean in booleans.BOOLEANS}
RHEL9 = {
    name: False for name in OFF if name.startswith("virt") or name in ("container_use_devices", "container_use_cephfs")
}
RHEL9.update(virt_use_nfs=True, container_read_certs=False, container_manage_cgroup=False)
RHEL10 = dict(RHEL9, container_read_public_content=False, container_manage_public_content=False)


def describe_remedy(of_type, source="/data/x", kind="dir", read_only=True, release="rhel9", remapped=False, **more):
    needs = mount_access.list_needs(kind, read_only)
    read = () if read_only else mount_access.list_needs(kind, True)
    level = more.pop("level", "s0")
    use = remedies.Use(WEB, "system_u:object_r:%s:%s" % (of_type, level), kind, source, needs, read, **more)
    known = RHEL9 if release == "rhel9" else RHEL10
    return remedies.describe(use, remedies.Policy(recorded_policy.policy(release), known, remapped))


@pytest.mark.parametrize("release", ["rhel9", "rhel10"])
@pytest.mark.parametrize("of_type", ["default_t", "var_t", "unlabeled_t", "user_home_t"])
def test_what_is_nobodys_is_relabelled(of_type, release):
    text = describe_remedy(of_type, release=release, read_only=False)
    assert text.startswith("mount it with :Z, or with :z if other containers use it, too")
    assert "setsebool" not in text and "--volume" not in text
    assert "by --volume instead of --mount" in describe_remedy(of_type, release=release, by_mount=True)


@pytest.mark.parametrize(
    "of_type, source",
    [
        ("mysqld_db_t", "/var/lib/mysql"),
        ("httpd_sys_content_t", "/var/www/html"),
        ("var_log_t", "/var/log"),
        ("passwd_file_t", "/etc/passwd"),
        ("cert_t", "/etc/pki/tls"),
        ("usr_t", "/usr/share"),
    ],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_what_is_the_hosts_is_never_relabelled(of_type, source, read_only):
    text = describe_remedy(of_type, source, read_only=read_only)
    assert "with :Z" not in text and "mount it with :z" not in text


def test_a_services_data_say_what_a_relabel_would_cut_off():
    assert "this one is mysqld_db_t" in describe_remedy("mysqld_db_t", "/var/lib/mysql", read_only=False)


def test_logs_have_a_domain_that_reads_them():
    text = describe_remedy("var_log_t", "/var/log")
    assert text == (
        "run it with --security-opt label=type:container_logreader_t: this container then reads all logs of the host"
        " that it is given"
    )
    assert "logreader" not in describe_remedy("var_log_t", "/var/log", read_only=False)  # it may not write


def test_web_content_has_a_boolean():
    text = describe_remedy("httpd_sys_content_t", "/var/www/html")
    assert text.startswith("setsebool -P virt_sandbox_share_apache_content on: then every container reads")


def test_certificates_are_read_and_never_written_and_it_says_that_keys_are_among_them():
    text = describe_remedy("cert_t", "/etc/pki/tls")
    assert text.startswith("setsebool -P container_read_certs on: then every container reads")
    assert "/etc/pki/tls/private" in text
    assert "container_read_certs" not in describe_remedy("cert_t", "/etc/pki/tls", read_only=False)


def test_where_only_writing_is_denied_a_read_only_mount_will_do():
    for of_type in ("usr_t", "etc_t"):
        text = describe_remedy(of_type, "/usr/share/zoneinfo", read_only=False)
        assert text == "mount it read-only (:ro) if it only reads there, which the policy allows"
    assert ":ro" not in describe_remedy("var_t", read_only=False)


def test_cephfs_is_what_the_kernel_calls_it():
    """Under RHEL's policy cephfs_t is another name of fs_t, and the kernel tells fs_t."""
    ask = recorded_policy.policy("rhel9")

    def as_alias(source, target, tclass, permissions):
        return ask(source, target.replace(":fs_t:", ":cephfs_t:"), tclass, permissions)

    needs = mount_access.list_needs("dir", False)
    use = remedies.Use(WEB, "system_u:object_r:fs_t:s0", "dir", "/mnt/ceph", needs, labels=False)
    text = remedies.describe(use, remedies.Policy(as_alias, RHEL9))
    assert text.startswith("setsebool -P container_use_cephfs on")


def test_public_content_has_booleans_from_rhel_10_on():
    assert "container_read_public_content on" in describe_remedy("public_content_t", "/data/pub", release="rhel10")
    assert "setsebool" not in describe_remedy("public_content_t", "/data/pub", release="rhel9")
    assert "container_manage_public_content on" in describe_remedy(
        "public_content_rw_t", "/data/pub", release="rhel10", read_only=False
    )


def test_a_boolean_that_is_on_cures_nothing_more():
    use = remedies.Use(
        WEB, "system_u:object_r:cifs_t:s0", "dir", "/mnt/c", mount_access.list_needs("dir", True), labels=False
    )
    ask = recorded_policy.policy("rhel9")
    assert "virt_use_samba on" in remedies.describe(use, remedies.Policy(ask, {"virt_use_samba": False}))
    assert "setsebool" not in remedies.describe(use, remedies.Policy(ask, {"virt_use_samba": True}))
    assert "setsebool" not in remedies.describe(use, remedies.Policy(ask, {}))


def test_a_disk_is_given_and_not_mounted():
    text = describe_remedy("fixed_disk_device_t", "/dev/sda", kind="block", read_only=False)
    assert text.startswith("give it with --device") and "setsebool" not in text
    text = describe_remedy("fixed_disk_device_t", "/dev/sda", kind="block", read_only=False, remapped=True)
    assert "container_use_devices on" in text and "the host's disks and memory among them" in text


def test_another_containers_files_are_shared_by_both():
    assert "another container's categories: mount it with :z in each" in describe_remedy(
        "container_file_t", level="s0:c3,c4"
    )


def test_what_keeps_no_labels_is_mounted_with_a_context():
    assert "context=" in describe_remedy("iso9660_t", "/mnt/cd", labels=False)


def test_without_a_policy_nothing_is_promised():
    def silent(*question):
        raise Unanswered("no policy is loaded")

    use = remedies.Use(WEB, "u:r:var_t:s0", "dir", "/data", mount_access.list_needs("dir", True))
    assert remedies.describe(use, remedies.Policy(silent, OFF)) == "what cures it can't be told: no policy is loaded"


@pytest.mark.parametrize("boolean", booleans.BOOLEANS, ids=lambda boolean: boolean.name)
def test_no_boolean_is_said_to_add_more_than_was_recorded(boolean):
    recorded = recorded_policy.added_by(boolean.name)
    allowed = recorded_policy.policy("rhel9")
    if not recorded:
        assert boolean.name in recorded_policy.NOT_RHELS
    for (of_type, tclass), permissions in boolean.adds.items() if recorded else ():
        of_type = "cephfs_t" if of_type == "fs_t" else of_type
        needed = permissions & recorded_policy.list_permissions(tclass)
        beside = [name for name in needed if name not in recorded.get((of_type, tclass), ())]
        if beside:
            assert not allowed(WEB, "system_u:object_r:%s:s0" % of_type, tclass, tuple(beside)).denied
