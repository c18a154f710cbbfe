-- The file of the admin socket, of which nginx itself takes too little care.
local ffi = require "ffi"

local admin_socket = {}

ffi.cdef [[
  struct gateway_unix_address {
    unsigned short family;
    char path[108];
  };
  int socket(int domain, int type, int protocol);
  int connect(int socket, const struct gateway_unix_address *address, unsigned int size);
  int close(int socket);
  int chmod(const char *path, unsigned int mode);
]]

local AF_UNIX = 1
local SOCK_STREAM = 1
local ECONNREFUSED = 111
local OWNER_ONLY = 384 -- 0600

local function nobody_listens(path)
  local address = ffi.new("struct gateway_unix_address", { family = AF_UNIX, path = path })
  local socket = ffi.C.socket(AF_UNIX, SOCK_STREAM, 0)
  if socket < 0 then
    return false
  end
  local connected = ffi.C.connect(socket, address, ffi.sizeof(address))
  local refused = connected ~= 0 and ffi.errno() == ECONNREFUSED
  ffi.C.close(socket)
  return refused
end

-- A killed nginx leaves its socket behind, and the next one could not bind to the name. One that is in use stays.
function admin_socket.remove_stale(path)
  if nobody_listens(path) then
    os.remove(path)
  end
end

-- nginx opens its unix sockets to everybody, whatever its umask is.
function admin_socket.restrict(path)
  if ffi.C.chmod(path, OWNER_ONLY) ~= 0 then
    ngx.log(ngx.ERR, "the rights of ", path, " cannot be restricted: error ", ffi.errno())
  end
end

return admin_socket
