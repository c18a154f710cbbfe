-- What nginx itself answers: a page for browsers, a line for others, a status for gRPC.
local lookup = require "lookup"
local requests = require "requests"

local page = {}

-- Of a browser that comes again. A pod takes longer to start, but the first that is ready is routed to at once.
local RETRY_SECONDS = 1

local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

-- https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
local GRPC_UNKNOWN, GRPC_UNIMPLEMENTED, GRPC_UNAVAILABLE = 2, 12, 14
local GRPC_STATUSES = {
  [404] = GRPC_UNIMPLEMENTED,
  [502] = GRPC_UNAVAILABLE,
  [503] = GRPC_UNAVAILABLE,
  [504] = GRPC_UNAVAILABLE,
}

-- By the gate's reason, or the status of an endpoint that failed: a title and a sentence, in which %s is the service.
local MESSAGES = {
  unknown_host = { "Not found", "No service has this host." },
  unknown_path = { "Not found", "%s does not publish this path." },
  too_large = { "Too large", "The body is larger than %s takes." },
  length_required = {
    "Length required",
    "%s limits the size of bodies, so a body must come with its Content-Length.",
  },
  no_endpoints = { "Not ready", "No endpoint of %s is ready." },
  [502] = { "No answer", "No endpoint of %s gave an answer." },
  [504] = { "No answer in time", "No endpoint of %s gave an answer in time." },
  other = { "Not passed on", "The gateway did not pass this request on to %s." },
}

local template

local function escaped(text)
  return (text:gsub("[&<>\"']", ENTITIES))
end

local function filled(values)
  return (template:gsub("{{(%l+)}}", function(name)
    return escaped(values[name])
  end))
end

local function service_of(host)
  local route = lookup.find(host)
  -- It may have gone since the request came.
  return route and ("the service %s in the environment %s"):format(route.service, route.environment) or "the service"
end

local function message_of(status)
  local title, sentence = unpack(MESSAGES[ngx.var.destination] or MESSAGES[status] or MESSAGES.other)
  local text = sentence:format(service_of(ngx.var.host))
  return title, text:sub(1, 1):upper() .. text:sub(2)
end

-- An answer without a body, whose headers are its trailers too.
local function answer_grpc(status, text)
  ngx.status = 200
  ngx.header["Content-Type"] = "application/grpc"
  ngx.header["Content-Length"] = 0
  ngx.header["Grpc-Status"] = GRPC_STATUSES[status] or GRPC_UNKNOWN
  ngx.header["Grpc-Message"] = text
  ngx.send_headers()
end

local function answer_html(values)
  ngx.header["Content-Type"] = "text/html; charset=utf-8"
  ngx.header["Content-Security-Policy"] =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  local body = filled(values)
  ngx.header["Content-Length"] = #body
  ngx.print(body)
end

local function answer_line(text)
  ngx.header["Content-Type"] = "text/plain; charset=utf-8"
  ngx.header["Content-Length"] = #text + 1
  ngx.say(text)
end

local function is_grpc(content_type)
  return content_type ~= nil and content_type:lower():match("^application/grpc%f[^%w-]") ~= nil
end

-- Reads the page for browsers: {{status}}, {{title}}, {{text}} and {{host}} are filled in.
function page.load(path)
  local file = assert(io.open(path, "r"))
  template = file:read("*a")
  file:close()
end

function page.answer()
  requests.answered_here()
  -- Else what is left of the body would be taken for the next request of the connection.
  ngx.req.discard_body()
  local variables, status = ngx.var, ngx.status
  local title, text = message_of(status)
  -- A route may be there a moment later.
  ngx.header["Cache-Control"] = "no-store"
  ngx.header["X-Content-Type-Options"] = "nosniff"
  if status == 503 then
    ngx.header["Retry-After"] = RETRY_SECONDS
  end
  if is_grpc(variables.http_content_type) then
    return answer_grpc(status, text)
  end
  if (variables.http_accept or ""):lower():find("text/html", 1, true) then
    return answer_html({ status = tostring(status), title = title, text = text, host = variables.host })
  end
  answer_line(text)
end

return page
