/* Copyright (c) 2026, the containment.docker authors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A process that is weak in one thread, capability set or namespace and looks strong elsewhere. Harmless by construction:
 * it only gives up what it has, makes namespaces, mounts its own proc in a mount namespace of its own, and sleeps.
 *
 * hide WORD...: each word is done in turn, then it sleeps until it is killed.
 *   thread       the rest in a second thread; the first one becomes strong
 *   late-thread  the same, and the first thread ends
 *   child        the rest in a child; the parent becomes strong
 *   orphan       the rest in a grandchild whose parent ends
 *   zombie       leave a child that has ended and that nobody waits for
 *   threads=N    N more threads that only sleep
 *   uid=N        all user ids and group ids, keeping the permitted set
 *   caps=SET     SYS_ADMIN, SYS_PTRACE and SETPCAP in this set only, or with what it needs: none, all, bounding, permitted,
 *                inheritable, ambient, effective
 *   ns=A,B       namespaces of its own: mnt, pid, net, ipc, uts, cgroup, user
 *   proc         a writable proc at /mnt, in a mount namespace of its own
 *   strong       no capability in any set, uid 1000, no_new_privs
 *   argv=TEXT    call itself so in its arguments
 */

#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KEPT (1ULL << CAP_SYS_ADMIN | 1ULL << CAP_SYS_PTRACE | 1ULL << CAP_SETPCAP)
#define EVERY (~0ULL)

static char *own_argument;
static size_t own_space;

static void fail(const char *what)
{
    fprintf(stderr, "hide: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void must(long result, const char *what)
{
    if (result < 0)
        fail(what);
}

static void sleep_for_ever(void)
{
    for (;;)
        pause();
}

static unsigned long long permitted(void)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    must(syscall(SYS_capget, &head, data), "capget");
    return data[0].permitted | (unsigned long long)data[1].permitted << 32;
}

/* The raw calls are of this thread only; those of the C library would reach all threads. */
static void set_capabilities(unsigned long long effective, unsigned long long allowed, unsigned long long inherited)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {
        {(unsigned)effective, (unsigned)allowed, (unsigned)inherited},
        {(unsigned)(effective >> 32), (unsigned)(allowed >> 32), (unsigned)(inherited >> 32)},
    };
    must(syscall(SYS_capset, &head, data), "capset");
}

static void keep_in_bounding(unsigned long long kept)
{
    for (int one = 0; prctl(PR_CAPBSET_READ, one) >= 0; one++)
        if (!(kept >> one & 1) && prctl(PR_CAPBSET_READ, one) == 1)
            must(prctl(PR_CAPBSET_DROP, one), "drop from the bounding set");
}

static void capabilities(const char *set)
{
    unsigned long long has = permitted(), kept = has & KEPT;
    set_capabilities(has, has, 0);
    if (!strcmp(set, "all"))
        return;
    if (!strcmp(set, "inheritable") || !strcmp(set, "ambient"))
        set_capabilities(has, has, kept);
    if (has >> CAP_SETPCAP & 1)
        keep_in_bounding(!strcmp(set, "bounding") ? kept : 0);
    if (!strcmp(set, "ambient")) {
        must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0), "raise an ambient capability");
        set_capabilities(0, kept, kept);
    } else if (!strcmp(set, "inheritable")) {
        set_capabilities(0, 0, kept);
    } else if (!strcmp(set, "permitted")) {
        set_capabilities(0, kept, 0);
    } else if (!strcmp(set, "effective")) {
        set_capabilities(kept, kept, 0);
    } else {
        set_capabilities(0, 0, 0);
    }
}

static void user(long id)
{
    unsigned long long has = permitted();
    must(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), "keep capabilities");
    must(syscall(SYS_setresgid, id, id, id), "setresgid");
    must(syscall(SYS_setresuid, id, id, id), "setresuid");
    set_capabilities(has, has, 0);
}

static void strong(void)
{
    if (permitted() >> CAP_SETUID & 1)
        user(1000);
    capabilities("none");
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
}

static void unshare_all(char *names)
{
    static const struct { const char *name; int flag; } known[] = {
        {"mnt", CLONE_NEWNS}, {"pid", CLONE_NEWPID}, {"net", CLONE_NEWNET}, {"ipc", CLONE_NEWIPC},
        {"uts", CLONE_NEWUTS}, {"cgroup", CLONE_NEWCGROUP}, {"user", CLONE_NEWUSER},
    };
    char *rest = NULL;
    for (char *name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (!strcmp(name, known[i].name))
                must(unshare(known[i].flag), name);
}

static void own_proc(void)
{
    must(unshare(CLONE_NEWNS), "unshare mounts");
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make mounts private");
    must(mount("proc", "/mnt", "proc", 0, NULL), "mount proc");
}

static void *sleeper(void *nothing)
{
    sleep_for_ever();
    return nothing;
}

static void *rest_in_thread(void *words);

static void go_on(char **words)
{
    for (; *words; words++) {
        char *word = *words, *value = strchr(word, '=');
        pthread_t thread;
        value = value ? value + 1 : word;
        if (!strcmp(word, "thread") || !strcmp(word, "late-thread")) {
            if (pthread_create(&thread, NULL, rest_in_thread, words + 1))
                fail("pthread_create");
            strong();
            if (!strcmp(word, "late-thread"))
                syscall(SYS_exit, 0);
            sleep_for_ever();
        } else if (!strcmp(word, "child") || !strcmp(word, "orphan") || !strcmp(word, "zombie")) {
            pid_t pid = fork();
            must(pid, "fork");
            if (!strcmp(word, "zombie")) {
                if (!pid)
                    _exit(0);
            } else if (pid) {
                if (!strcmp(word, "orphan") && getpid() != 1)
                    _exit(0);
                strong();
                sleep_for_ever();
            }
        } else if (!strncmp(word, "threads=", 8)) {
            for (int left = atoi(value); left > 0; left--)
                if (pthread_create(&thread, NULL, sleeper, NULL))
                    fail("pthread_create");
        } else if (!strncmp(word, "uid=", 4)) {
            user(atol(value));
        } else if (!strncmp(word, "caps=", 5)) {
            capabilities(value);
        } else if (!strncmp(word, "ns=", 3)) {
            unshare_all(value);
        } else if (!strcmp(word, "proc")) {
            own_proc();
        } else if (!strcmp(word, "strong")) {
            strong();
        } else if (!strncmp(word, "argv=", 5)) {
            char text[256];
            snprintf(text, sizeof text, "%s", value);
            for (char *at = text; *at; at++)
                if (*at == ' ')
                    *at = 0;
            memset(own_argument, 0, own_space);
            memcpy(own_argument, text, own_space < sizeof text ? own_space : sizeof text);
            prctl(PR_SET_NAME, "containerd-shim", 0, 0, 0);
        } else {
            errno = EINVAL;
            fail(word);
        }
    }
}

static void *rest_in_thread(void *words)
{
    go_on(words);
    sleep_for_ever();
    return NULL;
}

int main(int count, char **arguments)
{
    char *words[64] = {NULL};
    for (int i = 1; i < count && i < 63; i++)
        words[i - 1] = strdup(arguments[i]);
    own_argument = arguments[0];
    own_space = arguments[count - 1] + strlen(arguments[count - 1]) - arguments[0];
    signal(SIGTERM, SIG_DFL);
    go_on(words);
    sleep_for_ever();
}
