-- An endpoint as a route has it (`10.244.0.5:8080`, `[fd00::1]:8080`), taken apart.
local endpoint = {}

local COLON = 58

-- Returns the address and the port.
function endpoint.parts(name)
  local colon = #name
  while name:byte(colon) ~= COLON do
    colon = colon - 1
  end
  return name:sub(1, colon - 1), tonumber(name:sub(colon + 1))
end

-- Returns the endpoint of a route at that turn as { address, port }, which the route keeps: of many endpoints few may have
-- their turn before the route changes.
function endpoint.of(route, turn)
  local found = route.peers[turn]
  if not found then
    local address, port = endpoint.parts(route.endpoints[turn])
    found = { address = address, port = port }
    route.peers[turn] = found
  end
  return found
end

return endpoint
