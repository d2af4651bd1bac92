/*
 * Copyright (c) 2026, the containment.docker authors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/*
 * Each attempt runs in a forked child and ends in works(), refused() or absent(), which print its line and exit; so
 * nothing that it opened, mounted or became outlives it. It is harmless by construction: files of the kernel are opened
 * and closed, never written; whatever is mounted is mounted in a mount namespace of the child's own.
 */
#ifndef PROBE_H
#define PROBE_H

#define QUIET_MS 500  /* how long an answer from a socket is waited for */

_Noreturn void works(const char *with);
_Noreturn void refused(const char *why);
_Noreturn void refused_by(int error); /* absent instead where the error says that there is nothing to attempt */
_Noreturn void absent(const char *why);

/* files.c */
void open_for_writing(const char *pattern);
void read_few(const char *path);
void open_secret(const char *path);
void create_file(const char *folder);
void open_block_device(const char *unused);
void open_by_handle(const char *unused);
int can_open_kernel_file(const char *pattern); /* 0, or an errno */

/* mounts.c */
void mount_tmpfs(const char *unused);
void mount_cgroup(const char *unused);
void open_release_agent(const char *unused);
void remount_proc_sys(const char *file);
void remount_sys(const char *file);

/* calls.c */
void new_user_namespace(const char *unused);
void use_keyctl(const char *unused);
void use_bpf(const char *unused);
void use_perf(const char *unused);
void open_crypto_socket(const char *unused);
void become_root(const char *program);
_Noreturn void tell_if_root(void); /* in the setuid program that become_root executes */

/* reach.c */
void ping_engine(const char *unused);
void connect_to(const char *variable);
void see_processes(const char *unused);
void signal_processes(const char *unused);
void see_control_groups(const char *unused);
void see_shared_memory(const char *key);

#endif
