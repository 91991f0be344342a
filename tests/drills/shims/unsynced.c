/* What a disk forgets when the power goes: writes to a database that no fsync has followed.
 *
 * Preloaded into a server. Before each write to a file whose name holds FORGETS, what stood there
 * goes to the log FORGETS_LOG; after each fsync the log says so. Whoever kills the server undoes
 * what came after the last fsync of each file (tests/drills/forgetful.py).
 *
 * A record: kind (1 write, 2 synced), device, inode, offset, size of the file before, length, bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static int is_ours(int fd) {
    const char *part = getenv("FORGETS");
    char link[64], path[4096];
    if (part == NULL || fd < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strstr(path, part) != NULL && strstr(path, "-shm") == NULL;
}

static void note(int kind, int fd, off_t offset, size_t length) {
    static int told = -1;
    struct stat about;
    if (told < 0)
        told = open(getenv("FORGETS_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (told < 0 || fstat(fd, &about) != 0) abort();
    char *bytes = malloc(length + 1);
    ssize_t held = length ? pread(fd, bytes, length, offset) : 0;
    if (held < 0) abort();
    int64_t head[6] = {kind, (int64_t)about.st_dev, (int64_t)about.st_ino, offset, about.st_size,
                       held};
    struct iovec parts[2] = {{head, sizeof head}, {bytes, (size_t)held}};
    if (writev(told, parts, 2) != (ssize_t)sizeof head + held) abort();
    free(bytes);
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define WRITES(name, type) \
    ssize_t name(int fd, const void *bytes, size_t length, type offset) { \
        REAL(name); \
        if (!is_ours(fd)) return real(fd, bytes, length, offset); \
        pthread_mutex_lock(&turn); \
        note(1, fd, offset, length); \
        ssize_t done = real(fd, bytes, length, offset); \
        pthread_mutex_unlock(&turn); \
        return done; \
    }

WRITES(pwrite, off_t)
WRITES(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(write);
    if (!is_ours(fd)) return real(fd, bytes, length);
    pthread_mutex_lock(&turn);
    note(1, fd, lseek(fd, 0, SEEK_CUR), length);
    ssize_t done = real(fd, bytes, length);
    pthread_mutex_unlock(&turn);
    return done;
}

#define TRUNCATES(name, type) \
    int name(int fd, type size) { \
        REAL(name); \
        struct stat about; \
        if (!is_ours(fd) || fstat(fd, &about) != 0) return real(fd, size); \
        pthread_mutex_lock(&turn); \
        note(1, fd, size, about.st_size > size ? (size_t)(about.st_size - size) : 0); \
        int done = real(fd, size); \
        pthread_mutex_unlock(&turn); \
        return done; \
    }

TRUNCATES(ftruncate, off_t)
TRUNCATES(ftruncate64, off64_t)

#define SYNCS(name) \
    int name(int fd) { \
        REAL(name); \
        if (!is_ours(fd)) return real(fd); \
        pthread_mutex_lock(&turn); \
        int done = real(fd); \
        if (done == 0) note(2, fd, 0, 0); \
        pthread_mutex_unlock(&turn); \
        return done; \
    }

SYNCS(fsync)
SYNCS(fdatasync)
