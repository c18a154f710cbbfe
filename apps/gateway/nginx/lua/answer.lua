-- What nginx would hand on of an endpoint's answer though it is none.
local answer = {}

-- Interim answers (1xx) would be taken for the final one, and the final one for its body; 101 would make a tunnel of the
-- connection, whether it was asked for or not. What has no status line nginx takes for HTTP/0.9, in which every byte is
-- body, also when it is from here: ngx.status is 9 then, and 520 leads to an answer that brings its own status line.
function answer.check()
  local status = ngx.status
  if status >= 200 or (status == 101 and ngx.var.upgrade ~= "") then
    return
  end
  ngx.exit(status == 9 and ngx.var.server_protocol ~= "HTTP/2.0" and 520 or 502)
end

return answer
