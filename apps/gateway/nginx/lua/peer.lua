-- The endpoint of a request; when nginx asks again because one could not be reached, the next.
local balancer = require "ngx.balancer"

local peer = {}

-- How many other endpoints are tried; proxy_next_upstream_tries has them and the first.
local MORE_TRIES = 2

function peer.choose()
  local context = ngx.ctx
  local route, turn = context.route, context.turn
  local endpoints = route.endpoints
  if not context.tried then
    context.tried = true
    if #endpoints > 1 then
      balancer.set_more_tries(math.min(#endpoints - 1, MORE_TRIES))
    end
  end
  if route.connect_timeout or context.read_timeout then
    balancer.set_timeouts(route.connect_timeout, context.read_timeout, context.read_timeout)
  end
  local endpoint = endpoints[turn]
  context.turn = turn % #endpoints + 1
  assert(balancer.set_current_peer(endpoint.address, endpoint.port))
end

return peer
