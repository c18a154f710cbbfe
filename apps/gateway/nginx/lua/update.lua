-- What the controller sends, checked whole before any of it is used. Routes come out as the texts that are stored.
local cjson = require "cjson.safe"
local message = require "message"
local route = require "route"

local update = {}

-- Returns the texts by host, or nil and what is wrong.
local function texts_of(routes, field)
  if type(routes) ~= "table" then
    return nil, field .. " is no object"
  end
  local texts = {}
  for host, value in pairs(routes) do
    if not message.is_name(host) then
      return nil, field .. " has a key that is no host"
    end
    local parsed, problem = route.parse(value)
    if not parsed then
      return nil, field .. "." .. host .. ": " .. problem
    end
    texts[host] = cjson.encode(parsed)
  end
  return texts
end

-- A whole table: { generation, texts }; or nil and what is wrong.
function update.parse_table(text)
  local body, problem = message.decode(text)
  if not body then
    return nil, problem
  end
  local texts
  texts, problem = texts_of(body.routes, "routes")
  if not texts then
    return nil, problem
  end
  return { generation = body.generation, texts = texts }
end

-- A change: { from, generation, texts, removed }; or nil and what is wrong.
function update.parse_change(text)
  local body, problem = message.decode(text)
  if not body then
    return nil, problem
  end
  if not message.is_generation(body.from) then
    return nil, "from is no number from 1"
  end
  local texts
  texts, problem = texts_of(body.set, "set")
  if not texts then
    return nil, problem
  end
  if type(body.remove) ~= "table" then
    return nil, "remove is no list"
  end
  for _, host in pairs(body.remove) do
    if not message.is_name(host) then
      return nil, "remove has an entry that is no host"
    end
  end
  return { from = body.from, generation = body.generation, texts = texts, removed = body.remove }
end

return update
