-- A route as the controller writes it (Route in libs/routes).
local cjson = require "cjson"
local message = require "message"

local route = {}

local FIELDS = { environment = true, service = true, port = true, protocol = true, endpoints = true, proxy = true }
local PROTOCOLS = { http = true, h2c = true, grpc = true }
local UNITS = { [""] = 1, k = 1024, m = 1024 ^ 2, g = 1024 ^ 3 }

-- The text of a route without settings, which route.problem lets through.
local NAME = [["[a-z0-9][a-z0-9.-]{0,252}+"]]
local PORT = [[(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])]]
local ENDPOINT = [["(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\]):]] .. PORT .. [["]]
local PLAIN = [[^\{"environment":]] .. NAME .. [[,"service":]] .. NAME .. [[,"port":]] .. NAME
  .. [[,"protocol":"(?:http|h2c|grpc)","endpoints":\[(?:]] .. ENDPOINT .. [[(?:,]] .. ENDPOINT .. [[)*+)?+\]\}$]]

local function is_endpoint(value)
  if type(value) ~= "string" then
    return false
  end
  local port = value:match("^%d+%.%d+%.%d+%.%d+:(%d+)$") or value:match("^%[[%x:.]+%]:(%d+)$")
  port = tonumber(port)
  return port ~= nil and port >= 1 and port <= 65535
end

local function are_endpoints(value)
  if type(value) ~= "table" then
    return false
  end
  local count = 0
  for _, endpoint in pairs(value) do
    if not is_endpoint(endpoint) then
      return false
    end
    count = count + 1
  end
  -- An object has other keys than a list.
  return count == #value
end

local function is_seconds(value)
  return value == nil or (type(value) == "number" and value > 0 and value < 1e6)
end

-- Bytes; nil for no limit, which is what 0 says to nginx too.
local function bytes_of(size)
  local number, unit = size:match("^(%d+)([kmg]?)$")
  local bytes = tonumber(number) * UNITS[unit]
  return bytes > 0 and bytes or nil
end

-- The longest time that the controller lets through: two years.
local MOST_HSTS_SECONDS = 63072000

local function is_hsts(value)
  return value == nil
    or (type(value) == "number" and value >= 0 and value <= MOST_HSTS_SECONDS and value % 1 == 0)
end

local function problem_of_proxy(proxy)
  if not is_seconds(proxy.connectTimeout) or not is_seconds(proxy.readTimeout) then
    return "proxy has a timeout that is no number of seconds"
  end
  local size, path = proxy.bodySize, proxy.path
  if size ~= nil and (type(size) ~= "string" or not size:match("^%d+[kmg]?$")) then
    return "proxy.bodySize is no size such as 10m"
  end
  if path ~= nil and (type(path) ~= "string" or path:sub(1, 1) ~= "/") then
    return "proxy.path is no path"
  end
  if proxy.redirect ~= nil and proxy.redirect ~= "https" then
    return "proxy.redirect is not https"
  end
  return not is_hsts(proxy.hsts) and "proxy.hsts is no whole number of seconds" or nil
end

-- Without a slash at its end; nil for every path.
local function path_of(path)
  local trimmed = path:gsub("/+$", "")
  return trimmed ~= "" and trimmed or nil
end

-- What is wrong with a route, or nil.
function route.problem(value)
  if type(value) ~= "table" then
    return "is no object"
  end
  for field in pairs(value) do
    if not FIELDS[field] then
      return "has a field that no route has"
    end
  end
  for _, field in ipairs({ "environment", "service", "port" }) do
    if not message.is_name(value[field]) then
      return field .. " is no name"
    end
  end
  if not PROTOCOLS[value.protocol] then
    return "protocol is none of http, h2c, grpc"
  end
  if not are_endpoints(value.endpoints) then
    return "endpoints is no list of addresses with ports"
  end
  local proxy = value.proxy
  if proxy ~= nil and type(proxy) ~= "table" then
    return "proxy is no object"
  end
  return proxy and problem_of_proxy(proxy)
end

-- Whether a text is a route without settings, and nothing wrong with it: most are, and of 10,000 of them taken apart
-- LuaJIT would have to collect the pieces.
function route.is_plain(text)
  return ngx.re.find(text, PLAIN, "jo") ~= nil
end

-- A route as it is stored: { environment, service, protocol, endpoints, connect_timeout, read_timeout, body_size, path,
-- redirect, hsts }, with seconds, bytes, the header's value, and nil for what the route does not say.
function route.read(text)
  local value = cjson.decode(text)
  local proxy = value.proxy
  if proxy then
    value.proxy = nil
    value.connect_timeout = proxy.connectTimeout
    value.read_timeout = proxy.readTimeout
    value.body_size = proxy.bodySize and bytes_of(proxy.bodySize)
    value.path = proxy.path and path_of(proxy.path)
    value.redirect = proxy.redirect
    value.hsts = proxy.hsts and ("max-age=%d"):format(proxy.hsts)
  end
  return value
end

return route
