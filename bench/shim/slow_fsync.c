/* Preloaded: every fsync and fdatasync takes BENCH_FSYNC_MS milliseconds longer, as on a slow disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_longer(void)
{
    const char *told = getenv("BENCH_FSYNC_MS");
    double ms = told ? atof(told) : 0;
    struct timespec pause;

    pause.tv_sec = (time_t)(ms / 1000);
    pause.tv_nsec = (long)((ms - pause.tv_sec * 1000.0) * 1e6);
    while (nanosleep(&pause, &pause) != 0)
        ;
}

int fsync(int file)
{
    static int (*real)(int);

    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_longer();
    return real(file);
}

int fdatasync(int file)
{
    static int (*real)(int);

    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_longer();
    return real(file);
}
