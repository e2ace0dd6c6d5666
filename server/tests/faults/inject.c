/* Makes writes and flushes of files below a folder fail while a control file says so. Preloaded into the server by the tests of
 * faults, so that the whole of SQLite and of the program meets the error where the operating system would give it.
 *
 * YIKAO_FAULT_FOLDER   paths that begin with it are affected
 * YIKAO_FAULT_CONTROL  the control file: "ERRNO write|sync|both"; without the file nothing fails
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2 };

/* The error that a call on this descriptor is to give, or 0. System calls are made directly, since ours are replaced. */
static int fault(int fd, int call) {
    const char *folder = getenv("YIKAO_FAULT_FOLDER"), *control = getenv("YIKAO_FAULT_CONTROL");
    char link[64], path[4096], text[32];
    if (!folder || !control) return 0;
    int file = (int)syscall(SYS_openat, AT_FDCWD, control, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0) return 0;
    ssize_t length = (ssize_t)syscall(SYS_read, file, text, sizeof text - 1);
    syscall(SYS_close, file);
    if (length <= 0) return 0;
    text[length] = 0;
    int error = atoi(text), calls = strstr(text, "both") ? WRITE | SYNC : strstr(text, "write") ? WRITE : SYNC;
    if (!(calls & call)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = (ssize_t)syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strncmp(path, folder, strlen(folder)) == 0 ? error : 0;
}

#define FAIL_IF(fd, call) \
    do { \
        int error = fault(fd, call); \
        if (error) { errno = error; return -1; } \
    } while (0)

ssize_t write(int fd, const void *from, size_t count) {
    FAIL_IF(fd, WRITE);
    return (ssize_t)syscall(SYS_write, fd, from, count);
}
ssize_t pwrite(int fd, const void *from, size_t count, off_t at) {
    FAIL_IF(fd, WRITE);
    return (ssize_t)syscall(SYS_pwrite64, fd, from, count, at);
}
ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at) {
    FAIL_IF(fd, WRITE);
    return (ssize_t)syscall(SYS_pwrite64, fd, from, count, at);
}
int ftruncate(int fd, off_t length) {
    FAIL_IF(fd, WRITE);
    return (int)syscall(SYS_ftruncate, fd, length);
}
int ftruncate64(int fd, off64_t length) {
    FAIL_IF(fd, WRITE);
    return (int)syscall(SYS_ftruncate, fd, length);
}
int fallocate(int fd, int mode, off_t at, off_t length) {
    FAIL_IF(fd, WRITE);
    return (int)syscall(SYS_fallocate, fd, mode, at, length);
}
int fsync(int fd) {
    FAIL_IF(fd, SYNC);
    return (int)syscall(SYS_fsync, fd);
}
int fdatasync(int fd) {
    FAIL_IF(fd, SYNC);
    return (int)syscall(SYS_fdatasync, fd);
}
