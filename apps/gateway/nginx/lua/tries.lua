-- The tries of a request, as nginx's variables have them: lists with one entry each.
local tries = {}

-- The entry of a try, from 1; the last one's without a number; nil when there is none.
local function entry(list, number)
  local index, last = 0, nil
  for item in (list or ""):gmatch("[^, ]+") do
    index, last = index + 1, item
    if index == number then
      return item
    end
  end
  return not number and last or nil
end

-- Whether nothing could be sent in that try: no connection came about. What was sent and not answered says less of the
-- endpoint than of the request, and whether the endpoint is ready is for its readiness probe to judge.
function tries.was_unreachable(number)
  return entry(ngx.var.upstream_bytes_sent, number) == "0"
end

-- The endpoint of a try, from 1.
function tries.endpoint(number)
  return entry(ngx.var.upstream_addr, number)
end

-- The endpoint of the last try, or nil.
function tries.last_endpoint()
  return entry(ngx.var.upstream_addr)
end

-- Seconds that the last try took.
function tries.last_seconds()
  return tonumber(entry(ngx.var.upstream_response_time)) or 0
end

return tries
