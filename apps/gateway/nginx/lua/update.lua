-- What the controller sends, checked whole before any of it is used. Of each route its own text is stored, as the
-- controller wrote it.
local lines = require "lines"
local message = require "message"
local route = require "route"
local store = require "store"

local update = {}

-- Routes after which other requests get their turn: of some milliseconds.
local AT_ONCE = 2000

-- What is wrong with a route, or nil. What is stored already was looked at before.
local function problem_of(host, text)
  if store.text(host) == text or route.is_plain(text) then
    return nil
  end
  return route.problem(message.value(text))
end

-- Puts a route into { texts, count, pause }. Returns what is wrong with it, or nil.
local function take(found, host, text)
  if found.texts[host] then
    return "is there twice"
  end
  found.texts[host] = text
  found.count = found.count + 1
  if found.pause and found.count % AT_ONCE == 0 then
    found.pause()
  end
  return problem_of(host, text)
end

-- A whole table: { generation, texts, count }; or nil and what is wrong. While it is read `pause` is called now and then,
-- when it is given.
function update.parse_table(text, pause)
  local found = { texts = {}, count = 0, pause = pause }
  local head, problem = lines.read(text, "routes", take, found)
  if not head then
    return nil, problem
  end
  found.generation = head.generation
  return found
end

-- A change: { from, generation, texts, removed }; or nil and what is wrong.
function update.parse_change(text)
  local found = { texts = {}, count = 0 }
  local head, problem = lines.read(text, "set", take, found)
  if not head then
    return nil, problem
  end
  if not message.is_generation(head.from) then
    return nil, "from is no number from 1"
  end
  if type(head.remove) ~= "table" then
    return nil, "remove is no list"
  end
  for _, host in pairs(head.remove) do
    if not message.is_name(host) then
      return nil, "remove has an entry that is no host"
    end
  end
  return { from = head.from, generation = head.generation, texts = found.texts, removed = head.remove }
end

return update
