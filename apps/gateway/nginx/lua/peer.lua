-- The endpoint of a request; when nginx asks again because one could not be reached, the next.
local aside = require "aside"
local balancer = require "ngx.balancer"
local endpoint = require "endpoint"
local metrics = require "metrics"
local tries = require "tries"

local peer = {}

-- How many other endpoints are tried; proxy_next_upstream_tries has them and the first.
local MORE_TRIES = 2

local function begin(endpoints)
  if #endpoints > 1 then
    balancer.set_more_tries(math.min(#endpoints - 1, MORE_TRIES))
  end
end

-- The turn after a try that failed.
local function next_turn(route, turn, tried)
  local endpoints = route.endpoints
  metrics.count_failure(route)
  if tries.was_unreachable(tried) then
    aside.add(endpoints[turn])
  end
  turn = turn % #endpoints + 1
  return aside.is_any() and aside.next(endpoints, turn) or turn
end

function peer.choose()
  local context = ngx.ctx
  local route, tried = context.route, context.tries or 0
  local endpoints = route.endpoints
  if tried == 0 then
    begin(endpoints)
  else
    context.turn = next_turn(route, context.turn, tried)
  end
  context.tries = tried + 1
  if route.connect_timeout or context.read_timeout then
    balancer.set_timeouts(route.connect_timeout, context.read_timeout, context.read_timeout)
  end
  local found = endpoint.of(route, context.turn)
  assert(balancer.set_current_peer(found.address, found.port))
end

return peer
