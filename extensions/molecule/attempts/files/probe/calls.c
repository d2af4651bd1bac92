/*
 * Copyright (c) 2026, the containment.docker authors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* System calls that seccomp profiles and capabilities keep from a container, and uid 0 through a setuid file. */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe.h"

#define ORDINARY 1000

void new_user_namespace(const char *unused) {
    (void)unused;
    if (unshare(CLONE_NEWUSER) != 0)
        refused_by(errno);
    works("unshare");
}

/* Asks for the session keyring's number. */
void use_keyctl(const char *unused) {
    (void)unused;
    if (syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0) < 0 && errno != ENOKEY)
        refused_by(errno);
    works("session keyring");
}

/* Asks for the number of the first loaded program; that there is none is an answer too. */
void use_bpf(const char *unused) {
    union bpf_attr attributes;

    (void)unused;
    memset(&attributes, 0, sizeof attributes);
    if (syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &attributes, sizeof attributes) != 0 && errno != ENOENT)
        refused_by(errno);
    works("program numbers");
}

/* Counts nothing, of this process. */
void use_perf(const char *unused) {
    struct perf_event_attr attributes;

    (void)unused;
    memset(&attributes, 0, sizeof attributes);
    attributes.type = PERF_TYPE_SOFTWARE;
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_SW_DUMMY;
    attributes.disabled = attributes.exclude_kernel = attributes.exclude_hv = 1;
    if (syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0) < 0)
        refused_by(errno);
    works("an event of its own");
}

/*
 * Opens a socket of the kernel's cryptography, and closes it: no algorithm is bound, nothing is sent. A seccomp filter is asked
 * before the kernel looks for the family, so that a filter's refusal shows also where the kernel has none.
 */
void open_crypto_socket(const char *unused) {
    int descriptor = socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    (void)unused;
    if (descriptor < 0 && errno == EAFNOSUPPORT)
        absent("EAFNOSUPPORT");
    if (descriptor < 0)
        refused_by(errno);
    close(descriptor);
    works("a socket");
}

/* As an ordinary user, execute a copy of this program that is setuid root. */
void become_root(const char *program) {
    char *argv[] = {(char *)program, NULL}, *environment[] = {NULL};

    if (geteuid() == 0 &&
        (setgroups(0, NULL) != 0 || setresgid(ORDINARY, ORDINARY, ORDINARY) != 0 ||
         setresuid(ORDINARY, ORDINARY, ORDINARY) != 0))
        absent("can't be an ordinary user first");
    execve(program, argv, environment);
    refused_by(errno);
}

_Noreturn void tell_if_root(void) {
    unsigned inside, outside;
    FILE *map = fopen("/proc/self/uid_map", "r");

    if (geteuid() != 0)
        refused("still an ordinary user");
    if (!map || fscanf(map, "%u %u", &inside, &outside) != 2)
        absent("no uid_map");
    if (inside != 0 || outside != 0)
        refused("root is an ordinary user on the host");
    works("root on the host");
}
