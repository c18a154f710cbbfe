-- What a request's head says, looked at where nginx has it: as strings of Lua it would be garbage with each request, and
-- may have 64 kB.
local base = require "resty.core.base"
local ffi = require "ffi"
local get_method = ngx.req.get_method

local head = {}

local SLASH = 47
local OK = base.FFI_OK

local text, problem = ffi.new("unsigned char *[1]"), base.get_errmsg_ptr()
local length, lower_case = ffi.new("size_t[1]"), ffi.new("unsigned char[32]")

-- Finds a variable of nginx, whose name is in lower case: `text` and `length` have it then.
local function find(name)
  return ffi.C.ngx_http_lua_ffi_var_get(base.get_request(), name, #name, lower_case, 0, text, length, problem) == OK
end

-- Whether the request line has more than a path between method and version.
local function has_authority()
  local place = #get_method() + 1
  return not find("request") or length[0] <= place or text[0][place] ~= SLASH
end

-- Whether a port may be said: unless Host is just what nginx takes for the host, and the request line has none.
function head.has_port(host)
  return ngx.var.http_host ~= host or has_authority()
end

-- Whether there is anything that headers-of-most.conf does not hand on.
function head.says_more()
  return find("http_upgrade") or find("http_traceparent") or find("http_x_request_id")
end

return head
