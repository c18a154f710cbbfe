#include "shared.h"

#include <sys/mman.h>

typedef struct {
  void *memory;
  size_t size;
} gateway_shared_t;

static void give_back(void *data)
{
  gateway_shared_t *shared = data;
  (void) munmap(shared->memory, shared->size);
}

void *gateway_share(ngx_conf_t *cf, size_t size)
{
  ngx_pool_cleanup_t *cleanup = ngx_pool_cleanup_add(cf->pool, sizeof(gateway_shared_t));
  if (cleanup == NULL) {
    return NULL;
  }
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno, "there is no memory to share");
    return NULL;
  }
  gateway_shared_t *shared = cleanup->data;
  shared->memory = memory;
  shared->size = size;
  cleanup->handler = give_back;
  return memory;
}
