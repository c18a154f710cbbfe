-- The certificates that the controller sends, checked whole before any of them is used.
local message = require "message"
local ssl = require "ngx.ssl"

local certificate_set = {}

-- A host, or `*.` and a domain.
local function is_name(value)
  return type(value) == "string" and #value <= 253 and message.is_name((value:gsub("^%*%.", "")))
end

-- Returns what is wrong with a certificate, or nil.
local function problem_of(value)
  if type(value) ~= "table" then
    return "is no object"
  end
  if type(value.names) ~= "table" then
    return "has no names"
  end
  for _, name in pairs(value.names) do
    if not is_name(name) then
      return "has a name that is no host"
    end
  end
  if type(value.certificate) ~= "string" or not ssl.parse_pem_cert(value.certificate) then
    return "has a certificate that cannot be read"
  end
  if type(value.key) ~= "string" or not ssl.parse_pem_priv_key(value.key) then
    return "has a key that cannot be read"
  end
end

-- Returns { generation, pairs, names }: the texts of each certificate, and by name the number of the first that has it;
-- or nil and what is wrong.
function certificate_set.parse(text)
  local body, malformed = message.decode(text)
  if not body then
    return nil, malformed
  end
  if type(body.certificates) ~= "table" or #body.certificates == 0 then
    return nil, "certificates is no list with at least one"
  end
  local set = { generation = body.generation, pairs = {}, names = {} }
  for number, value in ipairs(body.certificates) do
    local problem = problem_of(value)
    if problem then
      return nil, ("certificates[%d] %s"):format(number - 1, problem)
    end
    set.pairs[number] = { certificate = value.certificate, key = value.key }
    for _, name in ipairs(value.names) do
      set.names[name] = set.names[name] or number
    end
  end
  return set
end

return certificate_set
