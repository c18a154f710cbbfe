-- Numbers that all workers share and each request reads: to ask a shared dictionary for one takes its lock, and costs more
-- than all else that Lua does for a request. Whoever writes one must be alone in that, or write nothing but the same.
local ffi = require "ffi"

ffi.cdef [[
  typedef struct { volatile double position, leaving; } gateway_numbers;
  void *mmap(void *address, size_t length, int protection, int flags, int file, long offset);
]]

local READ_AND_WRITE = 3
local SHARED_ANONYMOUS = 0x21
local NO_FILE = -1

-- Loaded before nginx starts its workers, which have the same memory then, also those that take the place of dead ones.
local address = ffi.C.mmap(nil, ffi.sizeof("gateway_numbers"), READ_AND_WRITE, SHARED_ANONYMOUS, NO_FILE, 0)
assert(ffi.cast("intptr_t", address) ~= -1, "there is no memory to share")

return ffi.cast("gateway_numbers *", address)
