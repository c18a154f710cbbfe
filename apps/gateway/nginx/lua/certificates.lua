-- The certificates that all workers share, and the one that a client gets.
--
-- certificates  `generation`             the controller's number of the set; written last
--               `<generation>:names`     { <host or *.domain>: <number of its certificate> }
--               `<generation>:<number>`  { certificate, key } of PEM texts; the first is for whoever names no host we know
--
-- Nothing is ever pushed out: what does not fit is refused.
local cjson = require "cjson"
local ssl = require "ngx.ssl"

local certificates = {}

local dictionary = ngx.shared.certificates

-- What this worker has read of the set: by its number each certificate that was asked for, ready for OpenSSL.
local held = { generation = 0, names = {}, parsed = {} }

local function key_of(generation, what)
  return generation .. ":" .. what
end

-- Takes out every set but this one.
local function delete_others(generation)
  local prefix = key_of(generation, "")
  for _, key in ipairs(dictionary:get_keys(0)) do
    if key ~= "generation" and key:sub(1, #prefix) ~= prefix then
      dictionary:delete(key)
    end
  end
end

-- Returns whether all of the set is stored; or nil and why not.
local function store(set)
  for number, pair in ipairs(set.pairs) do
    local stored, problem = dictionary:safe_set(key_of(set.generation, number), cjson.encode(pair))
    if not stored then
      return nil, problem
    end
  end
  local stored, problem = dictionary:safe_set(key_of(set.generation, "names"), cjson.encode(set.names))
  if not stored then
    return nil, problem
  end
  return dictionary:safe_set("generation", set.generation)
end

-- The number of the set; 0 when there is none.
function certificates.generation()
  return dictionary:get("generation") or 0
end

-- Replaces all by a set as certificate_set.lua has it. Returns true; or nil and why, and then nothing has changed.
-- Only one worker at a time may write.
function certificates.replace(set)
  -- What a worker left behind that died as it wrote would take the place of this one.
  delete_others(certificates.generation())
  local stored, problem = store(set)
  delete_others(certificates.generation())
  return stored, problem
end

-- Brings `held` to the set of now.
local function refresh()
  local generation = certificates.generation()
  if generation == held.generation then
    return
  end
  local names = dictionary:get(key_of(generation, "names"))
  held = { generation = generation, names = names and cjson.decode(names) or {}, parsed = {} }
end

local function number_of(name)
  local names = held.names
  return names[name] or names[name:gsub("^[^.]*", "*", 1)] or 1
end

-- The certificate of a number: { chain, key }; nil when the set is no longer there.
local function parsed(number)
  local found = held.parsed[number]
  if found then
    return found
  end
  local text = dictionary:get(key_of(held.generation, number))
  if not text then
    return nil
  end
  local pair = cjson.decode(text)
  found = { chain = assert(ssl.parse_pem_cert(pair.certificate)), key = assert(ssl.parse_pem_priv_key(pair.key)) }
  held.parsed[number] = found
  return found
end

-- Gives the client of this handshake the certificate of the host that it names: one for just that host before a
-- wildcard, and the first of the set when it names none or one that no certificate has.
function certificates.present()
  local name = (ssl.server_name() or ""):lower():gsub("%.$", "")
  refresh()
  local found = parsed(number_of(name))
  if not found then
    -- Between the two questions another set may have come.
    refresh()
    found = parsed(number_of(name))
  end
  if not found then
    return ngx.exit(ngx.ERROR)
  end
  assert(ssl.set_cert(found.chain))
  assert(ssl.set_priv_key(found.key))
end

return certificates
