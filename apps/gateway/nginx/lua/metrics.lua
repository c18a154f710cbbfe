-- What is counted. A worker keeps what has come for some routes, and adds it to what all share when they are too many, or a
-- second later: so most requests cost no shared memory. What our module has counted is added the same way. metrics_text.lua
-- shows it.
--
-- metrics      `<host>`               the packed series of a route; its flags are the number of the service that it is of
--              `refused <reason>`     requests that came to no endpoint
--              `websockets <worker>`  how many are open
-- table_state  `counter`              is there while a worker adds to series
local aside = require "aside"
local cjson = require "cjson"
local pause = require "pause"
local series = require "series"
local short_way = require "short_way"
local store = require "store"

local shared = ngx.shared.metrics
local state = ngx.shared.table_state

local metrics = {}

local FLUSH_SECONDS = 1
-- Routes for which a worker keeps what it has counted, at most.
local MOST = 1000
-- Routes that are added at once: that takes a part of a millisecond, in which no request gets its turn.
local AT_ONCE = 100
-- Seconds after which a worker that adds must be dead.
local COUNTER_SECONDS = 5

-- Series of the routes that were asked for since the last flush, by `<host> <number of the service>`; and these keys.
local pending, keys = {}, {}
-- Series that are used again: a new one for each would be garbage a moment later.
local spare = {}
local websockets = 0
local is_full = false

-- A number for a service, from 1; that of another one is other.
local function service_number(route)
  return ngx.crc32_short(route.environment .. " " .. route.service) % (2 ^ 31 - 1) + 1
end

-- Returns the route of a host, as the controller wrote it; nil when the service of that number has not the host.
function metrics.route_of(number, host)
  local text = store.text(host)
  local route = text and cjson.decode(text)
  return route and service_number(route) == number and route or nil
end

-- Never at the cost of another series: a counter that begins anew would look like one that counts on.
local function add(host, number, numbers)
  local before, number_before = shared:get(host)
  if before and number_before == number then
    series.add(numbers, before)
  elseif before and not metrics.route_of(number, host) then
    return
  end
  local stored, problem = shared:safe_set(host, series.pack(numbers), 0, number)
  if not stored and not is_full then
    is_full = true
    ngx.log(ngx.ERR, "requests of some routes are not counted: ", problem)
  end
end

local function set_websockets(count)
  websockets = count
  shared:set("websockets " .. ngx.worker.id(), count)
end

-- Adds the series of some of these keys, and some that our module has, to what all share, and takes them off their lists.
-- Returns false when another worker adds just now.
local function add_some(list)
  if not state:add("counter", ngx.worker.pid(), COUNTER_SECONDS) then
    return false
  end
  for place = #list, math.max(1, #list - AT_ONCE + 1), -1 do
    local key = list[place]
    local numbers, space = pending[key], key:find(" ", 1, true)
    list[place], pending[key] = nil, nil
    add(key:sub(1, space - 1), tonumber(key:sub(space + 1)), numbers)
    series.clear(numbers)
    spare[#spare + 1] = numbers
  end
  short_way.add_counted(AT_ONCE, add)
  state:delete("counter")
  return true
end

-- Adds all that this worker has counted until now; without a pause when the worker ends.
function metrics.flush(ends)
  local list = keys
  -- What comes meanwhile is not in its way.
  keys = {}
  local left = short_way.counted_routes()
  while #list > 0 or left > 0 do
    local added = add_some(list)
    left = added and left - AT_ONCE or left
    if (#list > 0 or left > 0) and not (added and ends) then
      pause()
    end
  end
end

local function series_of(route)
  local key = route.key
  if not key then
    key = route.host .. " " .. service_number(route)
    route.key = key
  end
  -- It counts no request of another route until there is room.
  if short_way.counted_routes() >= MOST then
    add_some(keys)
  end
  local numbers = pending[key]
  if not numbers then
    if #keys >= MOST then
      add_some(keys)
    end
    numbers = table.remove(spare) or series.new()
    pending[key] = numbers
    keys[#keys + 1] = key
  end
  return numbers
end

-- Called by each worker as it starts: also by one that takes the place of a dead one, whose websockets are gone.
function metrics.start()
  set_websockets(0)
  ngx.timer.every(FLUSH_SECONDS, metrics.flush)
  ngx.timer.every(FLUSH_SECONDS, aside.publish)
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
