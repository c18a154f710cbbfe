#include "numbers.h"

#include <sys/mman.h>

gateway_numbers_t *gateway_numbers;

static void give_back(void *numbers)
{
  (void) munmap(numbers, sizeof(gateway_numbers_t));
}

ngx_int_t gateway_make_numbers(ngx_conf_t *cf)
{
  ngx_pool_cleanup_t *cleanup = ngx_pool_cleanup_add(cf->pool, 0);
  if (cleanup == NULL) {
    return NGX_ERROR;
  }
  gateway_numbers_t *numbers =
      mmap(NULL, sizeof(gateway_numbers_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (numbers == MAP_FAILED) {
    ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno, "there is no memory to share");
    return NGX_ERROR;
  }
  cleanup->handler = give_back;
  cleanup->data = numbers;
  numbers->version = GATEWAY_NUMBERS_VERSION;
  numbers->size = sizeof(gateway_numbers_t);
  gateway_numbers = numbers;
  return NGX_OK;
}

gateway_numbers_t *gateway_shared_numbers(void)
{
  return gateway_numbers;
}

uint32_t gateway_aside_place(const u_char *name, size_t length)
{
  return ngx_murmur_hash2((u_char *) name, length) % GATEWAY_ASIDE_PLACES;
}
