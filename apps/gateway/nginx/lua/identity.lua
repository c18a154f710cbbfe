-- Names of what begins here: the trace of a request, and the request itself. nginx' own $request_id asks OpenSSL for 16
-- bytes each time, which costs more than all that is done here.
local ffi = require "ffi"

ffi.cdef [[
  int RAND_bytes(unsigned char *buf, int num);
]]

local identity = {}

-- Bytes of a trace's id (https://www.w3.org/TR/trace-context/#trace-id), and how many ids are made at once: a loop for each
-- would keep LuaJIT from compiling what calls it as one piece.
local BYTES = 16
local AT_ONCE = 64

-- The two digits of each byte.
local digits = ffi.new("uint16_t[256]")
for byte = 0, 255 do
  ffi.copy(digits + byte, ("%02x"):format(byte), 2)
end

local random = ffi.new("unsigned char[?]", AT_ONCE * BYTES)
local text = ffi.new("uint16_t[?]", AT_ONCE * BYTES)
local used = AT_ONCE

-- Each worker makes its own: they would begin with the same ones otherwise.
local function make()
  assert(ffi.C.RAND_bytes(random, AT_ONCE * BYTES) == 1, "OpenSSL has no random bytes")
  for index = 0, AT_ONCE * BYTES - 1 do
    text[index] = digits[random[index]]
  end
  used = 0
end

-- Returns 32 hexadecimal digits.
function identity.new()
  if used == AT_ONCE then
    make()
  end
  used = used + 1
  -- Not returned at once, as in requests.lua.
  local id = ffi.string(text + (used - 1) * BYTES, 2 * BYTES)
  return id
end

return identity
