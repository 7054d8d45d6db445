/* A clock that stands where HADIR_TEST_SECONDS says, for a box without a clock battery. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *at) {
    const char *seconds = getenv("HADIR_TEST_SECONDS");
    if (clock == CLOCK_REALTIME && seconds != NULL) {
        at->tv_sec = atol(seconds);
        at->tv_nsec = 0;
        return 0;
    }
    return (int)syscall(SYS_clock_gettime, clock, at);
}
