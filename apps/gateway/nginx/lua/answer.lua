-- What is seen to before an answer goes to the client.
local requests = require "requests"

local answer = {}

local HSTS = "Strict-Transport-Security"

-- An endpoint that says it itself is not corrected.
local function say_hsts(value)
  if ngx.var.scheme == "https" and not ngx.header[HSTS] then
    ngx.header[HSTS] = value
  end
end

-- Interim answers (1xx) would be taken for the final one, and the final one for its body; 101 would make a tunnel of the
-- connection, whether it was asked for or not. What has no status line nginx takes for HTTP/0.9, in which every byte is
-- body, also when it is from here: ngx.status is 9 then, and 520 leads to an answer that brings its own status line.
local function stop_what_is_none(status)
  if status == 101 and ngx.var.upgrade ~= "" then
    return
  end
  requests.answered_here()
  ngx.exit(status == 9 and ngx.var.server_protocol ~= "HTTP/2.0" and 520 or 502)
end

function answer.check()
  local status = ngx.status
  if status < 200 then
    return stop_what_is_none(status)
  end
  local request = requests.current()
  if request and request.route.hsts then
    say_hsts(request.route.hsts)
  end
end

return answer
