-- What is known of the requests that run, from the gate to their end. nginx forgets ngx.ctx when it goes on in another
-- location, which it does to answer itself; and a table for each request would be garbage a moment later.
local base = require "resty.core.base"
local ffi = require "ffi"

local cast, number = ffi.cast, ffi.typeof("intptr_t")
local get_request = base.get_request

local requests = {}

-- By the address of nginx' own structure, which is the request's until it ends.
local running = {}
-- Tables whose requests have ended.
local spare, spares = {}, 0

local function key()
  -- Not returned at once, for LuaJIT's sake: a function that ends with a call of a built-in is none that it begins with.
  local place = tonumber(cast(number, get_request()))
  return place
end

local function table_for_one()
  if spares == 0 then
    return {}
  end
  local request = spare[spares]
  spares = spares - 1
  return request
end

-- Begins with the route that a request comes to: { route, turn, tries, read_timeout, is_websocket, is_answered_here }.
function requests.begin(route)
  local place = key()
  local request = running[place] or table_for_one()
  running[place] = request
  request.route = route
  request.turn = 0
  request.tries = 0
  request.read_timeout = false
  request.is_websocket = false
  request.is_answered_here = false
  return request
end

-- What is known of the request of now; nil when it came to no route.
function requests.current()
  return running[key()]
end

-- Notes that nginx answers the request of now itself.
function requests.answered_here()
  local request = running[key()]
  if request then
    request.is_answered_here = true
  end
end

-- Forgets the request of now, which has ended, and returns what was known of it; good until another one begins.
function requests.take()
  local place = key()
  local request = running[place]
  if request then
    running[place] = nil
    spares = spares + 1
    spare[spares] = request
  end
  return request
end

return requests
