#include "request.h"

#include <sys/random.h>

#define BYTES (GATEWAY_ID_DIGITS / 2)

// Ids for which the system is asked at once.
#define AT_ONCE 64

static u_char random_bytes[AT_ONCE * BYTES];
// Each worker makes its own: this is so when they start.
static size_t used = sizeof(random_bytes);

ngx_int_t gateway_write_id(u_char *id)
{
  if (used == sizeof(random_bytes)) {
    // Of no more than 256 bytes a part cannot come.
    for (size_t got = 0; got < sizeof(random_bytes); got += 256) {
      if (getrandom(random_bytes + got, 256, 0) != 256) {
        return NGX_ERROR;
      }
    }
    used = 0;
  }
  (void) ngx_hex_dump(id, random_bytes + used, BYTES);
  used += BYTES;
  return NGX_OK;
}
