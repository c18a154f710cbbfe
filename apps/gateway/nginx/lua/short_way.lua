-- What our module (module/) knows of the requests that it led to their endpoints, and has counted of them.
local base = require "resty.core.base"
local ffi = require "ffi"
local lookup = require "lookup"
local series = require "series"

local C, get_request = ffi.C, base.get_request

ffi.cdef(([[
  typedef struct {
    const unsigned char *host;
    size_t host_length;
    uint32_t service_number;
    void *route;
    double numbers[%d];
  } gateway_counted_t;
  int gateway_tries(void *request, const unsigned char **id, int *is_answered_here);
  int gateway_counted_size(void);
  int gateway_bound(unsigned int bucket);
  int gateway_counted_routes(void);
  gateway_counted_t *gateway_first_counted(void);
  void gateway_forget_counted(void);
  int gateway_add_counted(int most);
]]):format(series.NUMBERS))

assert(C.gateway_counted_size() == ffi.sizeof("gateway_counted_t"), "the gateway's module has other series")
for bucket, bound in ipairs(series.BOUNDS) do
  assert(C.gateway_bound(bucket - 1) == math.floor(bound * 1000 + 0.5), "the gateway's module has other buckets")
end
assert(C.gateway_bound(#series.BOUNDS) == -1, "the gateway's module has more buckets")

local short_way = {}

local ID_DIGITS = 32

local id, is_answered_here = ffi.new("const unsigned char *[1]"), ffi.new("int[1]")

-- What is known of the request of now, as in requests.lua but without a turn; nil when it was not on the short way, or the
-- service that it came to has the host no more.
function short_way.take()
  local tries = C.gateway_tries(get_request(), id, is_answered_here)
  if tries < 0 then
    return nil
  end
  local variables = ngx.var
  variables.id = ffi.string(id[0], ID_DIGITS)
  variables.destination, variables.tries = "http1", tries
  local route = lookup.find(variables.host)
  return route and { route = route, tries = tries, is_answered_here = is_answered_here[0] == 1, is_short = true }
end

-- How many routes have requests that were counted.
function short_way.counted_routes()
  return C.gateway_counted_routes()
end

-- Adds what was counted for up to so many of these routes to what all workers share. What the module leaves to others `add`
-- gets: host, number of the service and numbers (series.lua).
function short_way.add_counted(most, add)
  while most > 0 do
    most = most - C.gateway_add_counted(most)
    local counted = C.gateway_first_counted()
    if most == 0 or counted == nil then
      return
    end
    add(ffi.string(counted.host, counted.host_length), counted.service_number, counted.numbers)
    C.gateway_forget_counted()
    most = most - 1
  end
end

return short_way
