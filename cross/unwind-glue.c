/* What GCC's static unwinder needs and musl does not have.
 *
 * GCC 12 finds the unwind tables of an address through _dl_find_object(), which is glibc's.
 * A static program is a single object, the first one that dl_iterate_phdr() shows, so its
 * tables are the answer for every address. */
#define _GNU_SOURCE
#include <link.h>
#include <pthread.h>
#include <string.h>

/* The layout of glibc's struct dl_find_object on 64-bit machines. */
struct object {
    unsigned long long flags;
    void *map_start;
    void *map_end;
    struct link_map *link_map;
    void *eh_frame;
    unsigned long long reserved[7];
};

static int read_first_object(struct dl_phdr_info *info, size_t size, void *data)
{
    struct object *object = data;
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_GNU_EH_FRAME)
            object->eh_frame = (void *)(info->dlpi_addr + header->p_vaddr);
    }
    return 1;
}

int _dl_find_object(void *address, struct object *result)
{
    (void)address;
    memset(result, 0, sizeof *result);
    dl_iterate_phdr(read_first_object, result);
    return result->eh_frame ? 0 : -1;
}

/* The unwinder refers to these weakly. A weak reference takes nothing out of libc.a, and the
 * program would crash at its start; the strong ones of this table do. */
void *const hadir_unwinder_needs[] = {
    pthread_once,        pthread_key_create, pthread_key_delete,
    pthread_getspecific, pthread_setspecific, pthread_create,
    pthread_mutex_lock,  pthread_mutex_trylock, pthread_mutex_unlock,
};
