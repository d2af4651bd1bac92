/*
 * Copyright (c) 2026, the containment.docker authors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What can be mounted, always in a mount namespace of the child's own from which nothing propagates. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "probe.h"

#define HERE "/tmp"
#define FIRST_CGROUP_NAMESPACE 0xEFFFFFFBU /* PROC_CGROUP_INIT_INO of the kernel */

static void enter_own_mounts(void) {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        refused_by(errno);
}

/* In the machine's own cgroup namespace a mount would set the options of what is mounted there already. */
static void keep_out_of_the_machine(void) {
    struct stat own;

    if (stat("/proc/self/ns/cgroup", &own) != 0 || own.st_ino == FIRST_CGROUP_NAMESPACE)
        absent("the machine's own cgroup namespace");
}

void mount_tmpfs(const char *unused) {
    (void)unused;
    enter_own_mounts();
    if (mount("tmpfs", HERE, "tmpfs", 0, "size=4k") != 0)
        refused_by(errno);
    works("in an own mount namespace");
}

/*
 * Mounts each version 1 hierarchy that the kernel uses already until `enough` says so: a controller that is bound to
 * none is left alone, as mounting it would take it away from version 2.
 */
static int mount_used_hierarchies(int (*enough)(void)) {
    char line[128], controller[64];
    int hierarchy, error = ENOENT;
    FILE *groups = fopen("/proc/cgroups", "r");

    while (groups && fgets(line, sizeof line, groups)) {
        if (sscanf(line, "%63[a-z_] %d", controller, &hierarchy) != 2 || hierarchy == 0)
            continue;
        if (mount("cgroup", HERE, "cgroup", 0, controller) != 0) {
            error = errno;
            continue;
        }
        error = enough();
        if (error == 0)
            return 0;
        umount(HERE);
    }
    return error;
}

static int is_enough(void) {
    return 0;
}

void mount_cgroup(const char *unused) {
    int error;

    (void)unused;
    keep_out_of_the_machine();
    enter_own_mounts();
    if (mount("cgroup2", HERE, "cgroup2", 0, NULL) == 0)
        works("version 2");
    error = errno;
    if (mount_used_hierarchies(is_enough) == 0)
        works("version 1");
    refused_by(error);
}

static int has_release_agent(void) {
    return can_open_kernel_file(HERE "/release_agent");
}

/* Also without mounting, where the hierarchies are there already. */
void open_release_agent(const char *unused) {
    int error;

    (void)unused;
    if (can_open_kernel_file("/sys/fs/cgroup/*/release_agent") == 0)
        works("/sys/fs/cgroup");
    if (can_open_kernel_file("/host/sys/fs/cgroup/*/release_agent") == 0)
        works("/host/sys/fs/cgroup");
    keep_out_of_the_machine();
    enter_own_mounts();
    error = mount_used_hierarchies(has_release_agent);
    if (error != 0)
        refused_by(error);
    works("mounted");
}

/* This mount only: without MS_BIND the filesystem itself would change, for all who have it mounted. */
static int make_writable(const char *path) {
    struct statvfs now;

    if (statvfs(path, &now) != 0)
        return errno;
    /* the flags nosuid, nodev and noexec have the same values in both */
    return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | (now.f_flag & (ST_NOSUID | ST_NODEV | ST_NOEXEC)), NULL)
               ? errno
               : 0;
}

void remount_proc_sys(const char *file) {
    int error;

    enter_own_mounts();
    error = make_writable("/proc/sys");
    if (error == 0 || error == EINVAL) /* no mount of its own: then nothing made it read-only */
        error = can_open_kernel_file(file);
    if (error != 0)
        refused_by(error);
    works(file);
}

/* Where /sys can't be made writable, a new one, in a network namespace of the child's own. */
void remount_sys(const char *file) {
    char path[128];
    int error;

    enter_own_mounts();
    error = make_writable("/sys");
    snprintf(path, sizeof path, "/sys%s", file);
    if (error == 0 && can_open_kernel_file(path) == 0)
        works(path);
    if (unshare(CLONE_NEWNET) != 0 || mount("sysfs", HERE, "sysfs", 0, NULL) != 0)
        refused_by(errno);
    snprintf(path, sizeof path, HERE "%s", file);
    error = can_open_kernel_file(path);
    if (error != 0)
        refused_by(error);
    works("a new one");
}
