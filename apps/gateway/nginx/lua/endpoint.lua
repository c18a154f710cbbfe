-- An endpoint as a route has it (`10.244.0.5:8080`, `[fd00::1]:8080`), taken apart.
local endpoint = {}

-- The upstreams in upstreams.conf, by the hash of an endpoint.
local HTTP1_UPSTREAMS, HTTP2_UPSTREAMS = {}, {}
for number = 0, 63 do
  HTTP1_UPSTREAMS[number] = number .. "_http1"
end
for number = 0, 15 do
  HTTP2_UPSTREAMS[number] = number .. "_http2"
end

local COLON = 58

-- Returns the address and the port.
function endpoint.parts(name)
  local colon = #name
  while name:byte(colon) ~= COLON do
    colon = colon - 1
  end
  return name:sub(1, colon - 1), tonumber(name:sub(colon + 1))
end

-- The upstream in which connections to the endpoint are kept.
local function upstream(name, protocol)
  local hash = ngx.crc32_short(name)
  if protocol == "http" then
    return HTTP1_UPSTREAMS[hash % 64]
  end
  return HTTP2_UPSTREAMS[hash % 16]
end

-- Returns the endpoint of a route at that turn as { address, port, upstream }, which the route keeps: of many endpoints few
-- may have their turn before the route changes.
function endpoint.of(route, turn)
  local found = route.peers[turn]
  if not found then
    local name = route.endpoints[turn]
    local address, port = endpoint.parts(name)
    found = { address = address, port = port, upstream = upstream(name, route.protocol) }
    route.peers[turn] = found
  end
  return found
end

return endpoint
