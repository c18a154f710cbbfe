-- Names of what begins here: the trace of a request, its span, and the request itself. nginx' own $request_id asks
-- OpenSSL for 16 bytes each time, which costs more than all that is done here.
local ffi = require "ffi"

ffi.cdef [[
  int RAND_bytes(unsigned char *buf, int num);
]]

local identity = {}

-- Bytes of a trace's id (https://www.w3.org/TR/trace-context/#trace-id), and how many are asked for at once.
local BYTES = 16
local POOL = 64 * BYTES

-- The two digits of each byte.
local digits = ffi.new("uint16_t[256]")
for byte = 0, 255 do
  ffi.copy(digits + byte, ("%02x"):format(byte), 2)
end

local pool = ffi.new("unsigned char[?]", POOL)
local text = ffi.new("uint16_t[?]", BYTES)
local used = POOL

-- Each worker asks for its own: they would begin with the same bytes otherwise.
local function fill()
  assert(ffi.C.RAND_bytes(pool, POOL) == 1, "OpenSSL has no random bytes")
  used = 0
end

-- Returns 32 hexadecimal digits, and the first 16 of them.
function identity.new()
  if used == POOL then
    fill()
  end
  for index = 0, BYTES - 1 do
    text[index] = digits[pool[used + index]]
  end
  used = used + BYTES
  return ffi.string(text, 2 * BYTES), ffi.string(text, BYTES)
end

return identity
