// Numbers that all workers share and each request reads (lua/shared_numbers.lua is the other side).
#ifndef GATEWAY_NUMBERS_H
#define GATEWAY_NUMBERS_H

#include "module.h"

// Of what Lua believes to be here: changed with each change of the structure.
#define GATEWAY_NUMBERS_VERSION 1

#define GATEWAY_ASIDE_PLACES 256

typedef struct {
  uint32_t version;
  // Bytes of all of this.
  uint32_t size;
  // The number of changes of the table so far.
  volatile double position;
  // 1 once this pod ends.
  volatile double leaving;
  // 1 in the place of each endpoint that is set aside; some others have the same place.
  volatile uint8_t aside[GATEWAY_ASIDE_PLACES];
} gateway_numbers_t;

extern gateway_numbers_t *gateway_numbers;

// Called before Lua begins and nginx starts its workers, which have the same memory then, also those that take the place of
// dead ones.
ngx_int_t gateway_make_numbers(ngx_conf_t *cf);

// For Lua.
gateway_numbers_t *gateway_shared_numbers(void);

// The place of an endpoint, as a route has it, in `aside`.
uint32_t gateway_aside_place(const u_char *name, size_t length);

#endif
