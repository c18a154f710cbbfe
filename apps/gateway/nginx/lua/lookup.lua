-- The route of a host. Each worker remembers those that it was asked for last, each as it was decoded once for each change
-- of it.
local cjson = require "cjson"
local store = require "store"

local lookup = {}

-- Hosts in one half of what a worker remembers: when the younger half is full, the older one is forgotten. Not all of
-- thousands: what the garbage collector has to walk through costs more than to decode a route again.
local HALF = 1000
local younger, older, count = {}, {}, 0

local function remember(host, entry)
  if count == HALF then
    older, younger, count = younger, {}, 0
  end
  younger[host] = entry
  count = count + 1
end

local function remembered(host)
  local entry = younger[host]
  if not entry then
    entry = older[host]
    if entry then
      older[host] = nil
      remember(host, entry)
    end
  end
  return entry
end

local function forget(host)
  if younger[host] then
    younger[host] = nil
    count = count - 1
  end
  older[host] = nil
end

-- A route as route.lua has it, with its host, the endpoint whose turn it is in `turn`, and `peers`
-- (endpoint.lua).
local function decode(host, text)
  local route = cjson.decode(text)
  route.host = host
  route.peers = {}
  route.turn = #route.endpoints > 0 and math.random(#route.endpoints) or 0
  return route
end

-- Returns the route's text of now, or nil when no service has the host.
lookup.text = store.text

-- Returns the route, or nil when no service has the host.
function lookup.find(host)
  -- First: a change that comes between the two questions is found by the next request.
  local position = store.position()
  local entry = remembered(host)
  if entry and entry.position == position then
    return entry.route
  end
  local text = store.text(host)
  if not text then
    forget(host)
    return nil
  end
  if entry and entry.text == text then
    entry.position = position
    return entry.route
  end
  local route = decode(host, text)
  if entry then
    entry.text, entry.route, entry.position = text, route, position
  else
    remember(host, { text = text, route = route, position = position })
  end
  return route
end

return lookup
