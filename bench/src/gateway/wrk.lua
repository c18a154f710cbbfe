-- Asks for one host after the other, of a file with one a line, and says at its end what came of it.
local requests = {}
local turn = 0

function init(args)
  for host in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", "/", { Host = host })
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"refused":%d,"broken":%d,"late":%d,"otherStatus":%d,"p99":%d}\n',
    summary.requests, summary.duration, errors.connect, errors.read + errors.write, errors.timeout, errors.status,
    latency:percentile(99)))
end
