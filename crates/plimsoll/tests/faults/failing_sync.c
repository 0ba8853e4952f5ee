/* A disk that cannot keep what is written, for the process that is started with this library in
 * LD_PRELOAD. Calls of fsync and fdatasync are counted together, from 1.
 *
 *   FAULT_SIDE   the file that every fault is written down in, before it is done
 *   FAULT_ONCE   the number of the only call that fails, with EIO
 *   FAULT_FROM   the number of the first of all the calls that fail, with EIO
 *   FAULT_SPARE_SQLITE  what SQLite syncs is neither counted nor failed: `all`, or `directories`
 *                       alone, since it takes no notice of those that fail
 *   FAULT_LIE    any value: calls succeed and nothing is synced
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long calls;

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

static void path_of(int fd, char path[512]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, 511);
    path[length > 0 ? length : 0] = 0;
}

static int is_spared(int fd) {
    const char *spare = getenv("FAULT_SPARE_SQLITE");
    char thread[17] = {0};
    struct stat found;
    if (!spare || prctl(PR_GET_NAME, thread) || strncmp(thread, "sqlx-sqlite", 11))
        return 0;
    return !strcmp(spare, "all") || (!fstat(fd, &found) && S_ISDIR(found.st_mode));
}

static void write_down(long call, int fd) {
    const char *side = getenv("FAULT_SIDE");
    if (!side)
        return;
    char path[512], line[600];
    path_of(fd, path);
    int size = snprintf(line, sizeof line, "%ld %s\n", call, path);
    int out = open(side, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (out >= 0) {
        if (write(out, line, size) != size)
            abort();
        close(out);
    }
}

/* 0 to go on, 1 to say that it was done, -1 to fail. */
static int judge(int fd) {
    if (is_spared(fd))
        return 0;
    long call = atomic_fetch_add(&calls, 1) + 1;
    if (getenv("FAULT_LIE"))
        return 1;
    long once = number("FAULT_ONCE"), from = number("FAULT_FROM");
    if ((once && call == once) || (from && call >= from)) {
        write_down(call, fd);
        errno = EIO;
        return -1;
    }
    return 0;
}

int fsync(int fd) {
    static int (*real)(int);
    int verdict = judge(fd);
    if (verdict)
        return verdict < 0 ? -1 : 0;
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return real(fd);
}

int fdatasync(int fd) {
    static int (*real)(int);
    int verdict = judge(fd);
    if (verdict)
        return verdict < 0 ? -1 : 0;
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return real(fd);
}
