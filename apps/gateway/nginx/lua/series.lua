-- The numbers of one route: requests by class of status, and how long they took.
local ffi = require "ffi"

local series = {
  -- Seconds; those of Prometheus' own clients.
  BOUNDS = { 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10 },
}

-- Places of the numbers: 1xx to 5xx, one more bucket than there are bounds, and two of their own.
local CLASSES = 0
local BUCKETS = 5
local SECONDS = BUCKETS + #series.BOUNDS + 1
local FAILURES = SECONDS + 1
local NUMBERS = FAILURES + 1

local array = ffi.typeof("double[" .. NUMBERS .. "]")
local NUMBER_BYTES = ffi.sizeof("double")

-- A packed series: which places have a number other than 0, as a sum of powers of 2, and these numbers in turn. Most have
-- few, and what is kept for each route counts in the memory of every worker.
local packing = ffi.new("double[?]", 1 + NUMBERS)

local SWITCHING_PROTOCOLS = 101

local function bucket_of(seconds)
  local bounds = series.BOUNDS
  for index = 1, #bounds do
    if seconds <= bounds[index] then
      return index - 1
    end
  end
  return #bounds
end

function series.new()
  return array()
end

-- A websocket is no request that takes hours, so its time is not counted.
function series.count(numbers, status, seconds)
  local class = math.floor(status / 100)
  if class < 1 or class > 5 then
    return
  end
  local place = CLASSES + class - 1
  numbers[place] = numbers[place] + 1
  if status ~= SWITCHING_PROTOCOLS then
    place = BUCKETS + bucket_of(seconds)
    numbers[place] = numbers[place] + 1
    numbers[SECONDS] = numbers[SECONDS] + seconds
  end
end

function series.count_failure(numbers)
  numbers[FAILURES] = numbers[FAILURES] + 1
end

function series.pack(numbers)
  local places, count = 0, 0
  for place = 0, NUMBERS - 1 do
    if numbers[place] ~= 0 then
      places = places + 2 ^ place
      count = count + 1
      packing[count] = numbers[place]
    end
  end
  packing[0] = places
  return ffi.string(packing, (1 + count) * NUMBER_BYTES)
end

-- Adds what another series had when it was packed.
function series.add(numbers, packed)
  ffi.copy(packing, packed, #packed)
  local places, count = packing[0], 0
  for place = 0, NUMBERS - 1 do
    if places % 2 == 1 then
      count = count + 1
      numbers[place] = numbers[place] + packing[count]
    end
    places = math.floor(places / 2)
  end
end

-- Requests of a class, 1 to 5.
function series.requests(numbers, class)
  return numbers[CLASSES + class - 1]
end

-- Requests in a bucket alone, 1 to one more than there are bounds.
function series.bucket(numbers, index)
  return numbers[BUCKETS + index - 1]
end

function series.seconds(numbers)
  return numbers[SECONDS]
end

function series.failures(numbers)
  return numbers[FAILURES]
end

return series
