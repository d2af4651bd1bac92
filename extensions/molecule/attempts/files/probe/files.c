/*
 * Copyright (c) 2026, the containment.docker authors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What can be opened: the kernel's files, the host's files, its disk. Nothing is written, and a few bytes are read. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "probe.h"

#define IS_MASK (-1)

/* Where the same file may be: its own place, and a mount of the host's /proc or /sys. */
static const char *const PLACES[] = {"", "/host"};

/* A mask is the null device, bound over the file: it opens, and there is nothing behind it. */
static int is_kernel_file(int fd) {
    struct statfs fs;

    if (fstatfs(fd, &fs) != 0)
        return 0;
    return fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC || fs.f_type == CGROUP_SUPER_MAGIC ||
           fs.f_type == CGROUP2_SUPER_MAGIC;
}

static int try_opening(const char *path) {
    int error, fd = open(path, O_WRONLY | O_CLOEXEC); /* neither O_CREAT nor O_TRUNC: opened, never written */

    if (fd < 0)
        return errno;
    error = is_kernel_file(fd) ? 0 : IS_MASK;
    close(fd);
    return error;
}

int can_open_kernel_file(const char *pattern) {
    glob_t found;
    int error = ENOENT;

    if (glob(pattern, GLOB_BRACE, NULL, &found) != 0)
        return ENOENT;
    for (size_t i = 0; i < found.gl_pathc && error != 0; i++)
        error = try_opening(found.gl_pathv[i]);
    globfree(&found);
    return error;
}

void open_for_writing(const char *pattern) {
    int worst = ENOENT;

    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        char path[256];
        int error;

        snprintf(path, sizeof path, "%s%s", PLACES[i], pattern);
        error = can_open_kernel_file(path);
        if (error == 0)
            works(path);
        if (error != ENOENT)
            worst = error;
    }
    if (worst == IS_MASK)
        refused("masked");
    refused_by(worst);
}

void read_few(const char *name) {
    int error = ENOENT;

    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        char path[256], few[8];
        int fd;

        snprintf(path, sizeof path, "%s%s", PLACES[i], name);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0 && is_kernel_file(fd) && read(fd, few, sizeof few) > 0)
            works(path);
        if (fd >= 0 || errno != ENOENT)
            error = fd >= 0 ? IS_MASK : errno;
        if (fd >= 0)
            close(fd);
    }
    if (error == IS_MASK)
        refused("masked");
    refused_by(error);
}

void open_secret(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        refused_by(errno);
    works(path);
}

/* A file in a folder of the host that belongs to its root; removed again. */
void create_file(const char *folder) {
    char path[256];
    int fd;

    snprintf(path, sizeof path, "%s/probe-%ld", folder, (long)getpid());
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        refused_by(errno);
    close(fd);
    unlink(path);
    works(folder);
}

/* The first disk of the machine: opened for reading, nothing is read, and the node is removed. */
void open_block_device(const char *unused) {
    unsigned number[2];
    char node[64];
    int fd, error;
    FILE *partitions = fopen("/proc/partitions", "r");

    (void)unused;
    if (!partitions || fscanf(partitions, "%*[^0-9]%u %u", &number[0], &number[1]) != 2)
        absent("no disk");
    snprintf(node, sizeof node, "/probe-%ld", (long)getpid());
    if (mknod(node, S_IFBLK | 0600, makedev(number[0], number[1])) != 0)
        refused_by(errno);
    fd = open(node, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    error = errno;
    unlink(node);
    if (fd < 0)
        refused_by(error);
    works("a node made here");
}

/* The root of the host's filesystem from which the engine mounts /etc/hostname: inode 2 on ext4. Opened and closed. */
void open_by_handle(const char *unused) {
    struct {
        struct file_handle head;
        unsigned inode, generation;
    } handle = {.head = {.handle_bytes = 8, .handle_type = 1}, .inode = 2};
    int from = open("/etc/hostname", O_RDONLY | O_CLOEXEC);

    (void)unused;
    if (from < 0)
        absent("no file of the host");
    if (open_by_handle_at(from, &handle.head, O_RDONLY | O_DIRECTORY | O_CLOEXEC) < 0)
        refused_by(errno);
    works("inode 2");
}
