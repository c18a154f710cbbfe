-- The numbers of one route: requests by class of status, and how long they took.
local ffi = require "ffi"

local series = {
  -- Seconds; those of Prometheus' own clients.
  BOUNDS = { 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10 },
}

-- Places of the numbers: 1xx to 5xx, one more bucket than there are bounds, and two of their own.
local CLASSES = 0
local BUCKETS = 5
local MILLISECONDS = BUCKETS + #series.BOUNDS + 1
local FAILURES = MILLISECONDS + 1
local NUMBERS = FAILURES + 1
-- How many a series has.
series.NUMBERS = NUMBERS

local array = ffi.typeof("double[" .. NUMBERS .. "]")

-- A packed series: which places have a number other than 0, as a sum of powers of 2, and these numbers in turn. Each is
-- written in pieces of seven bits, the lowest first, and all but its last byte have 128 added. Most series have few numbers,
-- and small ones; what is kept for each route counts in the memory of every worker.
local LONGEST_NUMBER = 8
local packing = ffi.new("uint8_t[?]", (1 + NUMBERS) * LONGEST_NUMBER)

-- Returns the place after the number.
local function write(place, number)
  while number >= 128 do
    local low = number % 128
    packing[place] = low + 128
    number = (number - low) / 128
    place = place + 1
  end
  packing[place] = number
  return place + 1
end

-- Returns the number, and the place after it.
local function read(place)
  local number, unit = 0, 1
  while packing[place] >= 128 do
    number = number + (packing[place] - 128) * unit
    unit = unit * 128
    place = place + 1
  end
  return number + packing[place] * unit, place + 1
end

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

function series.clear(numbers)
  ffi.fill(numbers, ffi.sizeof(array))
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
    -- nginx' clock has no more, and never goes backwards for long.
    numbers[MILLISECONDS] = numbers[MILLISECONDS] + math.max(0, math.floor(seconds * 1000 + 0.5))
  end
end

function series.count_failure(numbers)
  numbers[FAILURES] = numbers[FAILURES] + 1
end

function series.pack(numbers)
  local places = 0
  for place = 0, NUMBERS - 1 do
    if numbers[place] ~= 0 then
      places = places + 2 ^ place
    end
  end
  local length = write(0, places)
  for place = 0, NUMBERS - 1 do
    if numbers[place] ~= 0 then
      length = write(length, numbers[place])
    end
  end
  return ffi.string(packing, length)
end

-- Adds what another series had when it was packed.
function series.add(numbers, packed)
  ffi.copy(packing, packed, #packed)
  local places, next = read(0)
  for place = 0, NUMBERS - 1 do
    if places % 2 == 1 then
      local number
      number, next = read(next)
      numbers[place] = numbers[place] + number
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
  return numbers[MILLISECONDS] / 1000
end

function series.failures(numbers)
  return numbers[FAILURES]
end

return series
