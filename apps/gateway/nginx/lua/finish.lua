-- What is noted of a request when it has ended.
local aside = require "aside"
local lookup = require "lookup"
local metrics = require "metrics"
local tries = require "tries"

local finish = {}

-- nginx's own status for a client that went away.
local CLIENT_GONE = 499
-- Seconds that it must have waited for a connection for that to say something of the endpoint.
local LONG_SECONDS = 1

local function note_client_gone(route)
  if tries.was_unreachable() and tries.last_seconds() >= LONG_SECONDS then
    metrics.count_failure(route)
    aside.add(tries.last_endpoint())
  end
end

-- Whether the gate let a websocket through: then it gave the name of an upstream.
local function was_websocket()
  local variables = ngx.var
  return variables.upgrade ~= "" and (variables.destination or ""):find("^%d+_http%d$") ~= nil
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

local function note(route, tried, status)
  local variables = ngx.var
  variables.environment = route.environment
  variables.service = route.service
  if tried ~= 1 then
    variables.tries = tried
  end
  metrics.count(route, status, ngx.now() - ngx.req.start_time())
end

function finish.note()
  local context, status = ngx.ctx, ngx.status
  local route = context.route
  if route then
    if status == CLIENT_GONE then
      note_client_gone(route)
    end
    if context.is_websocket then
      metrics.websocket_ends()
    end
    return note(route, context.tries, status)
  end
  -- What is no request did not come to the gate.
  local variables = ngx.var
  if (variables.id or "") == "" then
    variables.id = variables.request_id
  end
  -- nginx has forgotten the context of a request that it answers itself, and its route may be gone.
  if was_websocket() then
    metrics.websocket_ends()
  end
  route = lookup.find(variables.host or "")
  if route then
    note_answered_here(route)
    note(route, tries.count(), status)
  end
end

return finish
