-- What is counted. A worker keeps what has come since a second ago and adds it to what all share then, so that a request
-- costs no shared memory. metrics_text.lua shows it.
--
-- metrics  `<worker> <environment> <service> <host>`  the packed series of a route, which that worker alone writes
--          `refused <reason>`                         requests that came to no endpoint
--          `websockets <worker>`                      how many are open
local series = require "series"

local shared = ngx.shared.metrics

local metrics = {}

local FLUSH_SECONDS = 1

-- Series of the routes that were asked for since the last flush, by what follows the worker in their keys.
local pending = {}
local websockets = 0
local is_full = false

local function series_of(route)
  local key = route.key
  if not key then
    key = route.environment .. " " .. route.service .. " " .. route.host
    route.key = key
  end
  local numbers = pending[key]
  if not numbers then
    numbers = series.new()
    pending[key] = numbers
  end
  return numbers
end

-- Never at the cost of another series: a counter that begins anew would look like one that counts on.
local function store(key, numbers)
  local stored, problem = shared:safe_set(key, series.pack(numbers))
  if not stored and not is_full then
    is_full = true
    ngx.log(ngx.ERR, "requests of some routes are not counted: ", problem)
  end
end

local function set_websockets(count)
  websockets = count
  shared:set("websockets " .. ngx.worker.id(), count)
end

-- Adds what this worker has counted to what all share.
function metrics.flush()
  local flushed = pending
  pending = {}
  for route_key, numbers in pairs(flushed) do
    local key = ngx.worker.id() .. " " .. route_key
    local before = shared:get(key)
    if before then
      series.add(numbers, before)
    end
    store(key, numbers)
  end
end

-- Called by each worker as it starts: also by one that takes the place of a dead one, whose websockets are gone.
function metrics.start()
  set_websockets(0)
  ngx.timer.every(FLUSH_SECONDS, metrics.flush)
end

function metrics.count(route, status, seconds)
  series.count(series_of(route), status, seconds)
end

-- An endpoint could not be reached, or gave no answer that can be passed on.
function metrics.count_failure(route)
  series.count_failure(series_of(route))
end

function metrics.count_refused(reason)
  shared:incr("refused " .. reason, 1, 0)
end

function metrics.websocket_opens()
  set_websockets(websockets + 1)
end

function metrics.websocket_ends()
  set_websockets(websockets - 1)
end

return metrics
