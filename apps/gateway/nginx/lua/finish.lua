-- What is noted of a request when it has ended.
local aside = require "aside"
local lookup = require "lookup"
local metrics = require "metrics"
local requests = require "requests"
local short_way = require "short_way"
local tries = require "tries"

local finish = {}

-- nginx's own status for a client that went away.
local CLIENT_GONE = 499
-- Seconds that it must have waited for a connection for that to say something of the endpoint.
local LONG_SECONDS = 1

local variables = ngx.var

local function note_client_gone(route)
  if tries.was_unreachable() and tries.last_seconds() >= LONG_SECONDS then
    metrics.count_failure(route)
    aside.add(tries.last_endpoint())
  end
end

-- A request for which nginx answered itself. lua/peer.lua is asked after each failed try but the last.
local function note_answered_here(route)
  local endpoint = tries.last_endpoint()
  if not endpoint then
    return
  end
  metrics.count_failure(route)
  if tries.was_unreachable() then
    aside.add(endpoint)
  end
end

-- Tries of the short way after which another endpoint was tried; lua/peer.lua notes its own when it is asked for the next.
local function note_failed_tries(route, tried)
  for number = 1, tried - 1 do
    metrics.count_failure(route)
    if tries.was_unreachable(number) then
      aside.add(tries.endpoint(number))
    end
  end
end

local function note(route, tried, status)
  variables.environment = route.environment
  variables.service = route.service
  if tried ~= 1 then
    variables.tries = tried
  end
  metrics.count(route, status, ngx.now() - ngx.req.start_time())
end

-- What is no request did not come to the gate, and what has a host that nobody has did not come to a route.
local function note_without_route()
  if (variables.id or "") == "" then
    variables.id = variables.request_id
  end
  variables.tries = 0
  local route = lookup.find(variables.host or "")
  if route then
    note(route, 0, ngx.status)
  end
end

function finish.note()
  local request = requests.take() or short_way.take()
  if not request then
    return note_without_route()
  end
  local route, status = request.route, ngx.status
  if request.is_websocket then
    metrics.websocket_ends()
  end
  if request.is_short then
    note_failed_tries(route, request.tries)
  end
  if request.is_answered_here then
    note_answered_here(route)
  elseif status == CLIENT_GONE then
    note_client_gone(route)
  end
  note(route, request.tries, status)
end

return finish
