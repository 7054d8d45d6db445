/* A clock that stands where HADIR_TEST_SECONDS says, for a box without a clock battery; or that goes
 * by as many seconds more than the true one as the file HADIR_TEST_CLOCK says, now. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long seconds_in(const char *file) {
    char text[32] = {0};
    int opened = open(file, O_RDONLY | O_CLOEXEC);
    if (opened < 0) {
        return 0;
    }
    ssize_t read_bytes = read(opened, text, sizeof text - 1);
    close(opened);
    return read_bytes > 0 ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    const char *seconds = getenv("HADIR_TEST_SECONDS");
    const char *file = getenv("HADIR_TEST_CLOCK");
    if (clock == CLOCK_REALTIME && seconds != NULL) {
        at->tv_sec = atol(seconds);
        at->tv_nsec = 0;
        return 0;
    }
    int failed = (int)syscall(SYS_clock_gettime, clock, at);
    if (clock == CLOCK_REALTIME && file != NULL) {
        at->tv_sec += seconds_in(file);
    }
    return failed;
}
