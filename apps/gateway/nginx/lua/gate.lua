-- Where a request goes, decided before its body is read.
local aside = require "aside"
local endpoint = require "endpoint"
local identity = require "identity"
local lookup = require "lookup"
local metrics = require "metrics"
local store = require "store"

local gate = {}

-- Seconds that a websocket may be silent when its service does not say: clients and servers ping more often.
local WEBSOCKET_SECONDS = 3600

-- client_body_timeout in forward.conf.
local BODY_SECONDS = 60

-- What follows the host in an address over HTTPS: the port at which clients find port 8443, unless it is HTTPS' own.
local https_port = os.getenv("HTTPS_PORT") or "443"
assert(https_port:match("^%d+$") and tonumber(https_port) <= 65535, "HTTPS_PORT is no port number")
gate.https_port = https_port ~= "443" and ":" .. https_port or ""

local HAS_BODY = { POST = true, PUT = true, PATCH = true }

-- A client that waits for "100 Continue" must not be asked for a body that is not wanted.
local function refuse(reason)
  ngx.req.clear_header("Expect")
  metrics.count_refused(reason)
  return reason
end

local function is_below(path, parent)
  return path:sub(1, #parent) == parent and (#path == #parent or path:byte(#parent + 1) == 47)
end

-- Both as it is understood and as it is written, which is how the endpoint gets it: `/admin/..%2fapi` may mean either.
local function is_published(variables, parent)
  local written = variables.request_uri:gsub("^[Hh][Tt][Tt][Pp][Ss]?://[^/?]*", ""):match("^[^?]*")
  return is_below(variables.uri, parent) and is_below(written, parent)
end

-- Returns why a body is not taken, or nil. A body without a length would have to be counted while it passes, which nginx
-- cannot do with a limit that only Lua knows; a gRPC call is a stream, which has no size.
local function body_refusal(variables, route)
  local length = tonumber(variables.content_length)
  if length then
    return length > route.body_size and "too_large" or nil
  end
  if route.protocol == "grpc" then
    return nil
  end
  local is_open = variables.http_transfer_encoding
    or (variables.server_protocol == "HTTP/2.0" and HAS_BODY[variables.request_method])
  return is_open and "length_required" or nil
end

-- Whether nothing may come of the request's body for longer than client_body_timeout says: over HTTP/2 a body may be a
-- stream, and while its endpoint takes nothing, for which a route may give it more time, nginx blames the client.
local function needs_patience(route)
  local may_stream = route.protocol ~= "http" or (route.read_timeout or 0) > BODY_SECONDS
  return may_stream and ngx.req.http_version() == 2
end

-- Returns the name of an upstream, with the endpoint for peer.lua in ngx.ctx; or the reason of a refusal.
local function destination_by(route, variables)
  if not route then
    return refuse("unknown_host")
  end
  if route.redirect and variables.scheme == "http" then
    return refuse("https_only")
  end
  if route.hsts and variables.scheme == "https" then
    variables.hsts = route.hsts
  end
  if route.path and not is_published(variables, route.path) then
    return refuse("unknown_path")
  end
  local refusal = route.body_size and body_refusal(variables, route)
  if refusal then
    return refuse(refusal)
  end
  local endpoints = route.endpoints
  local turn = route.turn
  if turn == 0 then
    return refuse("no_endpoints")
  end
  if aside.is_any() then
    turn = aside.next(endpoints, turn)
  end
  route.turn = turn % #endpoints + 1

  local context = ngx.ctx
  context.route = route
  context.turn = turn
  context.read_timeout = route.read_timeout
  if variables.upgrade ~= "" then
    context.read_timeout = route.read_timeout or WEBSOCKET_SECONDS
    context.is_websocket = true
    metrics.websocket_opens()
  end
  return endpoint.of(route, turn).upstream
end

-- Returns the name of an upstream, or the reason of a refusal; or `patient` or `leaving`, and then the location @patient
-- or @last asks once more.
function gate.destination()
  local variables = ngx.var
  variables.id, variables.span = identity.new()
  local route = lookup.find(variables.host)
  -- First: a connection of HTTP/2 has no last answer.
  if route and needs_patience(route) then
    return "patient"
  end
  if store.is_leaving() then
    return "leaving"
  end
  return destination_by(route, variables)
end

-- The same, and never one of these two.
function gate.last_destination()
  local variables = ngx.var
  return destination_by(lookup.find(variables.host), variables)
end

return gate
