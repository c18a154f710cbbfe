-- The route of a host, from a cache that each worker has of its own: a route is decoded once for each change of it.
local cjson = require "cjson"
local lrucache = require "resty.lrucache"
local store = require "store"

local lookup = {}

-- How many upstreams there are in upstreams.conf.
local HTTP1_UPSTREAMS = 64
local HTTP2_UPSTREAMS = 16

-- Hosts that a worker remembers.
local CACHED = 10000
local cache = assert(lrucache.new(CACHED))

local function upstream_of(endpoint, protocol)
  local hash = ngx.crc32_short(endpoint)
  if protocol == "http" then
    return "http1_" .. hash % HTTP1_UPSTREAMS
  end
  return "http2_" .. hash % HTTP2_UPSTREAMS
end

-- A route as route.lua has it, with each endpoint as { address, port, upstream } and the one whose turn it is in `turn`.
local function decode(text)
  local route = cjson.decode(text)
  for index, endpoint in ipairs(route.endpoints) do
    local address, port = endpoint:match("^(.*):(%d+)$")
    route.endpoints[index] = {
      address = address,
      port = tonumber(port),
      upstream = upstream_of(endpoint, route.protocol),
    }
  end
  route.turn = #route.endpoints > 0 and math.random(#route.endpoints) or 0
  return route
end

-- The text of now and the position at which it was read.
local function read(host, position)
  local text = store.text(position, host)
  if text then
    return text, position
  end
  -- Between the two questions a whole new table may have come.
  local now = store.position()
  return store.text(now, host), now
end

-- Returns the route's text of now, or nil when no service has the host.
function lookup.text(host)
  return (read(host, store.position()))
end

-- Returns the route, or nil when no service has the host.
function lookup.find(host)
  local position = store.position()
  local entry = cache:get(host)
  if entry and entry.position == position then
    return entry.route
  end
  local text
  text, position = read(host, position)
  if not text then
    if entry then
      cache:delete(host)
    end
    return nil
  end
  if not entry or entry.text ~= text then
    entry = { text = text, route = decode(text) }
    cache:set(host, entry)
  end
  entry.position = position
  return entry.route
end

return lookup
