-- Endpoints that could not be reached. They are set aside, for all workers, until one of them could connect again.
--
-- aside  `<address>:<port>`        as a route has it and $upstream_addr too: until when it is left in peace; its flags are how often it was tried in vain
--        `<address>:<port> trial`  is there while a worker tries it
local endpoint = require "endpoint"
local ffi = require "ffi"
local numbers = require "shared_numbers"

ffi.cdef [[
  uint32_t gateway_aside_place(const char *name, size_t length);
]]

local entries = ngx.shared.aside

local aside = {}

-- Seconds from one trial to the next: doubled with each that is in vain, up to the longest.
local FIRST_SECONDS = 1
local LONGEST_SECONDS = 10
-- Seconds after which an endpoint that no request has met is forgotten: it may have left the cluster.
local FORGET_SECONDS = 60
-- Seconds that a connection may take, as proxy_connect_timeout in forward.conf.
local CONNECT_SECONDS = 5
-- Seconds for which a worker goes by what it knows: while all endpoints are well, requests do not ask the dictionary.
local KNOWN_SECONDS = 0.1

-- Places of `numbers.aside`, which tells our module of the endpoints that it leaves to Lua.
local PLACES = 256

local known_at = 0
local is_any = false

local function place_of(name)
  return ffi.C.gateway_aside_place(name, #name)
end

local function leave_in_peace(name, failures)
  local seconds = math.min(FIRST_SECONDS * 2 ^ (failures - 1), LONGEST_SECONDS)
  entries:set(name, ngx.now() + seconds, seconds + FORGET_SECONDS, failures)
end

-- Runs in a timer: a connection of our own, so that no request has to wait for it.
local function try(premature, name)
  if premature then
    return
  end
  local socket = ngx.socket.tcp()
  socket:settimeout(CONNECT_SECONDS * 1000)
  if socket:connect(endpoint.parts(name)) then
    socket:close()
    entries:delete(name)
    aside.publish()
    ngx.log(ngx.WARN, "the endpoint ", name, " can be reached again")
  else
    local _, failures = entries:get(name)
    leave_in_peace(name, (failures or 0) + 1)
  end
  entries:delete(name .. " trial")
end

local function is_aside(name)
  local peace_until = entries:get(name)
  if not peace_until then
    return false
  end
  -- Only who adds the entry tries; it goes by itself should its worker die.
  if ngx.now() >= peace_until and entries:add(name .. " trial", true, CONNECT_SECONDS + 1) then
    local started, problem = ngx.timer.at(0, try, name)
    if not started then
      ngx.log(ngx.ERR, "the endpoint ", name, " cannot be tried: ", problem)
    end
  end
  return true
end

-- Whether any endpoint is set aside; of what another worker did it may hear a tenth of a second late.
function aside.is_any()
  local now = ngx.now()
  if now - known_at >= KNOWN_SECONDS or now < known_at then
    known_at = now
    is_any = #entries:get_keys(1) > 0
  end
  return is_any
end

-- The first endpoint from `turn` on that is not set aside; when all are, `turn`: it may be well again.
function aside.next(endpoints, turn)
  for step = 0, #endpoints - 1 do
    local candidate = (turn + step - 1) % #endpoints + 1
    if not is_aside(endpoints[candidate]) then
      return candidate
    end
  end
  return turn
end

-- Tells our module which endpoints are set aside now. What another worker does meanwhile it may miss until it is called again:
-- then a request tries the endpoint once more, and goes on to the next.
function aside.publish()
  local taken = {}
  for _, key in ipairs(entries:get_keys(0)) do
    taken[place_of(key)] = not key:find(" ", 1, true) or taken[place_of(key)]
  end
  for place = 0, PLACES - 1 do
    local value = taken[place] and 1 or 0
    if numbers.aside[place] ~= value then
      numbers.aside[place] = value
    end
  end
end

-- How many endpoints are set aside.
function aside.count()
  local count = 0
  for _, key in ipairs(entries:get_keys(0)) do
    if not key:find(" ", 1, true) then
      count = count + 1
    end
  end
  return count
end

-- Sets an endpoint aside. One that is already is judged by its trials alone.
function aside.add(name)
  if not entries:get(name) then
    leave_in_peace(name, 1)
    known_at, is_any = ngx.now(), true
    numbers.aside[place_of(name)] = 1
    ngx.log(ngx.WARN, "the endpoint ", name, " cannot be reached and is set aside")
  end
end

return aside
