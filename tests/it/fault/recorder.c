/* Records what a process does to the files below one directory, in one order: creations,
 * writes with their data, truncations, syncs, renames, removals. Preloaded into a child of
 * the power-loss test, which rebuilds from the record what a disk could hold after a power
 * cut at any instant.
 *
 * HADIR_RECORD_DIR  the directory, an absolute path
 * HADIR_RECORD_LOG  the record, outside of the directory
 *
 * A record: kind (1 byte), inode (8), offset or size (8), two lengths (4 each), then the two
 * byte strings; numbers in the machine's order. Writes to the file `acks` in the directory
 * are the child's acknowledgements and have a kind of their own. Memory that SQLite shares
 * between connections (-shm) is not recorded: it is made anew after a power cut.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#undef open
#undef open64
#undef pwrite
#undef ftruncate

enum { FD_MAX = 4096, ACKS = 1, TRACKED = 2 };

/* A sync takes this long at least, as on a slow disk: who answers before it, is seen. */
static const struct timespec sync_pause = {0, 3000000};

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static size_t root_length;
static int record = -1;
static char state[FD_MAX];
static uint64_t inode[FD_MAX];

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("HADIR_RECORD_LOG");
    root = getenv("HADIR_RECORD_DIR");
    if (!root || !path) return;
    root_length = strlen(root);
    record = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (record < 0) abort();
}

static int below(const char *path) {
    if (record < 0 || strncmp(path, root, root_length) != 0) return 0;
    if (path[root_length] != '/' && path[root_length] != 0) return 0;
    size_t length = strlen(path);
    return !(length > 4 && strcmp(path + length - 4, "-shm") == 0);
}

static void put(const void *bytes, size_t count) {
    if (REAL(write)(record, bytes, count) != (ssize_t)count) abort();
}

static void note(char kind, uint64_t node, uint64_t at, const void *a, uint32_t a_bytes,
                 const void *b, uint32_t b_bytes) {
    unsigned char head[25];
    head[0] = (unsigned char)kind;
    memcpy(head + 1, &node, 8);
    memcpy(head + 9, &at, 8);
    memcpy(head + 17, &a_bytes, 4);
    memcpy(head + 21, &b_bytes, 4);
    put(head, sizeof head);
    if (a_bytes) put(a, a_bytes);
    if (b_bytes) put(b, b_bytes);
}

static uint64_t node_of(int fd) {
    struct stat found;
    if (fstat(fd, &found) != 0) abort();
    return found.st_ino;
}

static int tracked(int fd) { return fd >= 0 && fd < FD_MAX ? state[fd] : 0; }

static int open_recorded(int at, const char *path, int flags, mode_t mode) {
    if (record < 0 || path[0] != '/' || !below(path)) return REAL(openat)(at, path, flags, mode);
    pthread_mutex_lock(&order);
    struct stat before;
    int fresh = (flags & O_CREAT) && stat(path, &before) != 0;
    int fd = REAL(openat)(at, path, flags, mode);
    if (fd >= FD_MAX) abort();
    if (fd >= 0) {
        size_t length = strlen(path);
        int acks = length > 5 && strcmp(path + length - 5, "/acks") == 0;
        state[fd] = acks ? ACKS : TRACKED;
        inode[fd] = node_of(fd);
        if (fresh && !acks) note('C', inode[fd], 0, path, (uint32_t)length, 0, 0);
        if (!fresh && (flags & O_TRUNC) && !acks) note('T', inode[fd], 0, 0, 0, 0, 0);
    }
    pthread_mutex_unlock(&order);
    return fd;
}

static mode_t mode_of(int flags, va_list list) {
    return (flags & (O_CREAT | O_TMPFILE)) ? (mode_t)va_arg(list, int) : 0;
}

#define OPEN(name)                                                  \
    int name(const char *path, int flags, ...) {                    \
        va_list list;                                               \
        va_start(list, flags);                                      \
        mode_t mode = mode_of(flags, list);                         \
        va_end(list);                                               \
        return open_recorded(AT_FDCWD, path, flags, mode);          \
    }
#define OPENAT(name)                                                \
    int name(int at, const char *path, int flags, ...) {            \
        va_list list;                                               \
        va_start(list, flags);                                      \
        mode_t mode = mode_of(flags, list);                         \
        va_end(list);                                               \
        return open_recorded(at, path, flags, mode);                \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    if (!tracked(fd)) return REAL(close)(fd);
    pthread_mutex_lock(&order);
    state[fd] = 0;
    int done = REAL(close)(fd);
    pthread_mutex_unlock(&order);
    return done;
}

static void note_write(int fd, const void *bytes, ssize_t count, off_t at) {
    if (count <= 0) return;
    note(state[fd] == ACKS ? 'A' : 'W', inode[fd], (uint64_t)at, bytes, (uint32_t)count, 0, 0);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    if (!tracked(fd)) return REAL(write)(fd, bytes, count);
    pthread_mutex_lock(&order);
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = REAL(write)(fd, bytes, count);
    note_write(fd, bytes, done, at);
    pthread_mutex_unlock(&order);
    return done;
}

static ssize_t pwrite_recorded(int fd, const void *bytes, size_t count, off_t at) {
    if (!tracked(fd)) return REAL(pwrite64)(fd, bytes, count, at);
    pthread_mutex_lock(&order);
    ssize_t done = REAL(pwrite64)(fd, bytes, count, at);
    note_write(fd, bytes, done, at);
    pthread_mutex_unlock(&order);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
    return pwrite_recorded(fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    return pwrite_recorded(fd, bytes, count, at);
}

static int truncate_recorded(int fd, off_t size) {
    if (!tracked(fd)) return REAL(ftruncate64)(fd, size);
    pthread_mutex_lock(&order);
    int done = REAL(ftruncate64)(fd, size);
    if (done == 0) note('T', inode[fd], (uint64_t)size, 0, 0, 0, 0);
    pthread_mutex_unlock(&order);
    return done;
}

int ftruncate(int fd, off_t size) { return truncate_recorded(fd, size); }

int ftruncate64(int fd, off64_t size) { return truncate_recorded(fd, size); }

static int sync_recorded(int fd, int (*sync)(int)) {
    if (!tracked(fd)) return sync(fd);
    nanosleep(&sync_pause, 0);
    pthread_mutex_lock(&order);
    int done = sync(fd);
    if (done == 0) note('S', inode[fd], 0, 0, 0, 0, 0);
    pthread_mutex_unlock(&order);
    return done;
}

int fsync(int fd) { return sync_recorded(fd, REAL(fsync)); }

int fdatasync(int fd) { return sync_recorded(fd, REAL(fdatasync)); }

int rename(const char *from, const char *to) {
    if (record < 0 || (!below(from) && !below(to))) return REAL(rename)(from, to);
    pthread_mutex_lock(&order);
    int done = REAL(rename)(from, to);
    if (done == 0) note('R', 0, 0, from, (uint32_t)strlen(from), to, (uint32_t)strlen(to));
    pthread_mutex_unlock(&order);
    return done;
}

int unlink(const char *path) {
    if (!below(path)) return REAL(unlink)(path);
    pthread_mutex_lock(&order);
    int done = REAL(unlink)(path);
    if (done == 0) note('U', 0, 0, path, (uint32_t)strlen(path), 0, 0);
    pthread_mutex_unlock(&order);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    if (!below(path)) return REAL(mkdir)(path, mode);
    pthread_mutex_lock(&order);
    int done = REAL(mkdir)(path, mode);
    struct stat found;
    if (done == 0 && stat(path, &found) == 0)
        note('D', found.st_ino, 0, path, (uint32_t)strlen(path), 0, 0);
    pthread_mutex_unlock(&order);
    return done;
}
