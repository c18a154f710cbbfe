// What a worker has counted of requests on the short way, until it is added to what all workers share (adding.h).
#ifndef GATEWAY_COUNTED_H
#define GATEWAY_COUNTED_H

#include "route.h"

// Bounds of the buckets of time, and all numbers: as in lua/series.lua.
#define GATEWAY_BOUNDS 11
#define GATEWAY_NUMBERS_OF_SERIES (5 + GATEWAY_BOUNDS + 1 + 2)

// For Lua too.
typedef struct gateway_counted_s {
  const u_char *host;
  size_t host_length;
  uint32_t service_number;
  gateway_route_t *route;
  // As lua/series.lua has them.
  double numbers[GATEWAY_NUMBERS_OF_SERIES];
} gateway_counted_t;

// Counts a request with its status from 200 to 599. NGX_DECLINED when there is no room until Lua has made some.
ngx_int_t gateway_count(gateway_route_t *route, ngx_uint_t status, ngx_msec_int_t milliseconds);

// For Lua, which compares them with its own: bytes of a gateway_counted_t, and the upper bound of a bucket in milliseconds.
int gateway_counted_size(void);
int gateway_bound(unsigned int bucket);

// Of how many routes something has been counted, and the first of them, or NULL. For Lua too.
int gateway_counted_routes(void);
gateway_counted_t *gateway_first_counted(void);

// Forgets the first, which is added. For Lua too.
void gateway_forget_counted(void);

#endif
