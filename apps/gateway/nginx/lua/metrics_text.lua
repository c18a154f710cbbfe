-- What metrics.lua has counted, as Prometheus reads it: https://prometheus.io/docs/instrumenting/exposition_formats
local aside = require "aside"
local metrics = require "metrics"
local pause = require "pause"
local series = require "series"
local store = require "store"

local shared = ngx.shared.metrics

local metrics_text = {}

-- Routes after which other requests get their turn: there may be thousands.
local ROUTES_AT_ONCE = 100

-- What is shown of the series of a host: its labels, and the series as it is packed. Nothing when the service that it is of
-- has not the host any more.
local function shown(host)
  local packed, number = shared:get(host)
  local route = packed and metrics.route_of(number, host)
  if route then
    return ('environment="%s",service="%s",host="%s"'):format(route.environment, route.service, host), packed
  end
end

-- Returns the series by their labels. One whose route is gone goes with it.
local function collect()
  local found, read = {}, 0
  for _, host in ipairs(shared:get_keys(0)) do
    -- What is no host has a space.
    if not host:find(" ", 1, true) then
      local labels, packed = shown(host)
      if labels then
        found[labels] = series.new()
        series.add(found[labels], packed)
      else
        shared:delete(host)
      end
      read = read + 1
      if read % ROUTES_AT_ONCE == 0 then
        pause()
      end
    end
  end
  return found
end

local function print_head(name, kind, help)
  ngx.print(("# HELP berth_gateway_%s %s\n# TYPE berth_gateway_%s %s\n"):format(name, help, name, kind))
end

local function print_value(name, kind, help, value)
  print_head(name, kind, help)
  ngx.print(("berth_gateway_%s %d\n"):format(name, value))
end

-- Prints what `lines` puts into the list for each route.
local function print_routes(found, lines)
  local list, read = {}, 0
  for labels, numbers in pairs(found) do
    lines(list, labels, numbers)
    read = read + 1
    if read % ROUTES_AT_ONCE == 0 then
      ngx.print(list)
      ngx.flush(true)
      list = {}
    end
  end
  ngx.print(list)
end

local function request_lines(list, labels, numbers)
  for class = 1, 5 do
    local count = series.requests(numbers, class)
    if count > 0 then
      list[#list + 1] = ('berth_gateway_requests_total{%s,class="%dxx"} %d\n'):format(labels, class, count)
    end
  end
end

local function seconds_lines(list, labels, numbers)
  local count = 0
  for index = 1, #series.BOUNDS + 1 do
    count = count + series.bucket(numbers, index)
    list[#list + 1] = ('berth_gateway_request_seconds_bucket{%s,le="%s"} %d\n'):format(
      labels,
      series.BOUNDS[index] or "+Inf",
      count
    )
  end
  list[#list + 1] = ("berth_gateway_request_seconds_sum{%s} %.3f\n"):format(labels, series.seconds(numbers))
  list[#list + 1] = ("berth_gateway_request_seconds_count{%s} %d\n"):format(labels, count)
end

local function failure_lines(list, labels, numbers)
  list[#list + 1] = ("berth_gateway_endpoint_failures_total{%s} %d\n"):format(labels, series.failures(numbers))
end

local function print_refused()
  print_head("refused_requests_total", "counter", "Requests that nginx answered itself, by the reason.")
  for _, key in ipairs(shared:get_keys(0)) do
    local reason = key:match("^refused (%S+)$")
    if reason then
      ngx.print(('berth_gateway_refused_requests_total{reason="%s"} %d\n'):format(reason, shared:get(key)))
    end
  end
end

local function open_websockets()
  local count = 0
  for worker = 0, ngx.worker.count() - 1 do
    count = count + (shared:get("websockets " .. worker) or 0)
  end
  return count
end

function metrics_text.answer()
  metrics.flush()
  local found = collect()
  print_head("requests_total", "counter", "Requests by the class of their status.")
  print_routes(found, request_lines)
  print_head("request_seconds", "histogram", "Seconds from the first byte of a request to the last of its answer.")
  print_routes(found, seconds_lines)
  print_head("endpoint_failures_total", "counter", "Tries in which an endpoint gave no answer.")
  print_routes(found, failure_lines)
  print_refused()
  print_value("endpoints_aside", "gauge", "Endpoints that are set aside because they cannot be reached.", aside.count())
  print_value("websockets_open", "gauge", "Websockets that are open.", open_websockets())
  print_value("nginx_routes", "gauge", "Routes in the table that nginx serves.", store.count())
  print_value("nginx_generation", "gauge", "Number of the table that nginx serves.", store.generation())
end

return metrics_text
