-- Numbers that all workers share and each request reads: to ask a shared dictionary for one takes its lock, and costs more
-- than all else that Lua does for a request. Whoever writes one must be alone in that, or write nothing but the same. Our
-- module has them (module/numbers.h).
local ffi = require "ffi"

ffi.cdef [[
  typedef struct {
    uint32_t version, size;
    volatile double position, leaving;
    volatile uint8_t aside[256];
  } gateway_numbers_t;
  gateway_numbers_t *gateway_shared_numbers(void);
]]

local VERSION = 1

local numbers = ffi.C.gateway_shared_numbers()
assert(
  numbers ~= nil and numbers.version == VERSION and numbers.size == ffi.sizeof("gateway_numbers_t"),
  "the gateway's module has other numbers"
)

return numbers
