#include "numbers.h"
#include "shared.h"

gateway_numbers_t *gateway_numbers;

ngx_int_t gateway_make_numbers(ngx_conf_t *cf)
{
  gateway_numbers_t *numbers = gateway_share(cf, sizeof(gateway_numbers_t));
  if (numbers == NULL) {
    return NGX_ERROR;
  }
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
