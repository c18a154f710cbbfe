-- The endpoint of a request; when nginx asks again because one could not be reached, the next.
local aside = require "aside"
local balancer = require "ngx.balancer"
local endpoint = require "endpoint"
local metrics = require "metrics"
local requests = require "requests"
local tries = require "tries"

local peer = {}

-- How many other endpoints are tried; proxy_next_upstream_tries has them and the first.
local MORE_TRIES = 2

-- Node and uvicorn close an idle connection after 5 seconds; a request that is sent just then cannot always be repeated.
local IDLE_SECONDS = 4
-- After which a connection is not kept, so that what belongs to it does not grow without end.
local REQUESTS_OF_A_CONNECTION = 1000

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
  local request = requests.current()
  local route, tried = request.route, request.tries
  if tried == 0 then
    begin(route.endpoints)
  else
    request.turn = next_turn(route, request.turn, tried)
  end
  request.tries = tried + 1
  local read_timeout = request.read_timeout
  if route.connect_timeout or read_timeout then
    balancer.set_timeouts(route.connect_timeout, read_timeout, read_timeout)
  end
  local found = endpoint.of(route, request.turn)
  assert(balancer.set_current_peer(found.address, found.port))
  assert(balancer.enable_keepalive(IDLE_SECONDS, REQUESTS_OF_A_CONNECTION))
end

return peer
