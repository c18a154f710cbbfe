-- A route as the controller writes it (Route in libs/routes), checked and reduced to what serving it needs.
local message = require "message"

local route = {}

local PROTOCOLS = { http = true, h2c = true, grpc = true }
local UNITS = { [""] = 1, k = 1024, m = 1024 ^ 2, g = 1024 ^ 3 }

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

-- Without a slash at its end; nil for every path.
local function path_of(path)
  local trimmed = path:gsub("/+$", "")
  return trimmed ~= "" and trimmed or nil
end

-- Returns { environment, service, protocol, endpoints, connect_timeout, read_timeout, body_size, path, redirect, hsts }:
-- seconds, bytes, the header's value, and nil for what the route does not say; or nil and what is wrong.
function route.parse(value)
  if type(value) ~= "table" then
    return nil, "is no object"
  end
  for _, field in ipairs({ "environment", "service", "port" }) do
    if not message.is_name(value[field]) then
      return nil, field .. " is no name"
    end
  end
  if not PROTOCOLS[value.protocol] then
    return nil, "protocol is none of http, h2c, grpc"
  end
  if not are_endpoints(value.endpoints) then
    return nil, "endpoints is no list of addresses with ports"
  end
  local proxy = value.proxy or {}
  if type(proxy) ~= "table" then
    return nil, "proxy is no object"
  end
  if not is_seconds(proxy.connectTimeout) or not is_seconds(proxy.readTimeout) then
    return nil, "proxy has a timeout that is no number of seconds"
  end
  local size, path = proxy.bodySize, proxy.path
  if size ~= nil and (type(size) ~= "string" or not size:match("^%d+[kmg]?$")) then
    return nil, "proxy.bodySize is no size such as 10m"
  end
  if path ~= nil and (type(path) ~= "string" or path:sub(1, 1) ~= "/") then
    return nil, "proxy.path is no path"
  end
  if proxy.redirect ~= nil and proxy.redirect ~= "https" then
    return nil, "proxy.redirect is not https"
  end
  if not is_hsts(proxy.hsts) then
    return nil, "proxy.hsts is no whole number of seconds"
  end
  return {
    environment = value.environment,
    service = value.service,
    protocol = value.protocol,
    endpoints = value.endpoints,
    connect_timeout = proxy.connectTimeout,
    read_timeout = proxy.readTimeout,
    body_size = size and bytes_of(size),
    path = path and path_of(path),
    redirect = proxy.redirect,
    hsts = proxy.hsts and ("max-age=%d"):format(proxy.hsts),
  }
end

return route
