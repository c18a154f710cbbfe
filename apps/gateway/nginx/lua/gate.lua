-- Where a request goes, decided before its body is read.
local aside = require "aside"
local head = require "head"
local identity = require "identity"
local lookup = require "lookup"
local metrics = require "metrics"
local requests = require "requests"
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

local variables = ngx.var

-- Leads to the location that says why.
local function refuse(reason)
  -- A client that waits for "100 Continue" must not be asked for a body that is not wanted.
  ngx.req.clear_header("Expect")
  metrics.count_refused(reason)
  variables.destination = reason
  variables.elsewhere = "@refused"
end

local function is_below(path, parent)
  return path:sub(1, #parent) == parent and (#path == #parent or path:byte(#parent + 1) == 47)
end

-- Both as it is understood and as it is written, which is how the endpoint gets it: `/admin/..%2fapi` may mean either.
local function is_published(parent)
  local written = variables.request_uri:gsub("^[Hh][Tt][Tt][Pp][Ss]?://[^/?]*", ""):match("^[^?]*")
  return is_below(variables.uri, parent) and is_below(written, parent)
end

-- Returns why a body is not taken, or nil. A body without a length would have to be counted while it passes, which nginx
-- cannot do with a limit that only Lua knows; a gRPC call is a stream, which has no size.
local function body_refusal(route)
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

-- Why a request does not come to an endpoint of the route, or nil.
local function refusal(route)
  if route.redirect and variables.scheme == "http" then
    return "https_only"
  end
  if route.path and not is_published(route.path) then
    return "unknown_path"
  end
  local reason = route.body_size and body_refusal(route)
  if reason then
    return reason
  end
  return route.turn == 0 and "no_endpoints" or nil
end

-- Leads to an endpoint of the route, or to a refusal. Returns what is known of the request in the first case.
local function decide_by(route, host)
  if not route then
    return refuse("unknown_host")
  end
  local request = requests.begin(route)
  local reason = refusal(route)
  if reason then
    return refuse(reason)
  end
  local endpoints, turn = route.endpoints, route.turn
  if aside.is_any() then
    turn = aside.next(endpoints, turn)
  end
  route.turn = turn % #endpoints + 1
  request.turn = turn
  request.read_timeout = route.read_timeout
  if route.protocol ~= "http" then
    variables.destination = "http2"
  end
  if head.has_port(host) then
    variables.port_of_host = variables.written_port
  end
  return request
end

local function note_websocket(request)
  if variables.upgrade ~= "" then
    request.read_timeout = request.route.read_timeout or WEBSOCKET_SECONDS
    request.is_websocket = true
    metrics.websocket_opens()
  end
end

-- Returns the request's id. When there is something about the request $elsewhere is the location that takes it: @refused,
-- @more, or @patient or @last, which decide once more.
function gate.decide()
  local host = variables.host
  local route = lookup.find(host)
  -- First: a connection of HTTP/2 has no last answer.
  if route and needs_patience(route) then
    variables.elsewhere = "@patient"
  elseif store.is_leaving() then
    variables.elsewhere = "@last"
  else
    local request = decide_by(route, host)
    if request and head.says_more() then
      variables.elsewhere = "@more"
      note_websocket(request)
    end
  end
  return identity.new()
end

-- The same for @patient and @last, which hand on all that a request says.
function gate.decide_at_last()
  variables.elsewhere = ""
  local host = variables.host
  local request = decide_by(lookup.find(host), host)
  if request then
    note_websocket(request)
  end
  return variables.id
end

return gate
