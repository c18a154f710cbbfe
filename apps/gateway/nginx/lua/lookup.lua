-- The route of a host. Each worker remembers those that it was asked for, each as it was decoded once for each change
-- of it.
local route = require "route"
local store = require "store"

local lookup = {}

-- Hosts that a worker remembers; when they are more, it begins anew. Not all of thousands: what the garbage collector has to
-- walk through costs more than to decode a route again, and each worker has it in its memory.
local MOST = 1000
local remembered, count = {}, 0

local function remember(host, found)
  if not remembered[host] then
    if count == MOST then
      remembered, count = {}, 0
    end
    count = count + 1
  end
  remembered[host] = found
end

local function forget(host)
  if remembered[host] then
    remembered[host] = nil
    count = count - 1
  end
end

-- A route as route.lua reads it, with its host, the text that it was read from, the endpoint whose turn it is in `turn`, and
-- `peers` (endpoint.lua).
local function decode(host, text)
  local found = route.read(text)
  found.host = host
  found.text = text
  found.peers = {}
  found.turn = #found.endpoints > 0 and math.random(#found.endpoints) or 0
  return found
end

-- Returns the route, or nil when no service has the host.
function lookup.find(host)
  -- First: a change that comes between the two questions is found by the next request.
  local position = store.position()
  local before = remembered[host]
  if before and before.position == position then
    return before
  end
  local text = store.text(host)
  if not text then
    forget(host)
    return nil
  end
  if before and before.text == text then
    before.position = position
    return before
  end
  local found = decode(host, text)
  found.position = position
  remember(host, found)
  return found
end

return lookup
