-- The text of a table or a change (libs/routes/src/table-text.ts): JSON in which each route is a line of its own. It is
-- read line by line: taken apart as a whole a table is many times its size, and of that much memory LuaJIT keeps a part.
local message = require "message"

local lines = {}

local QUOTE, COMMA = 34, 44
local byte, find, sub = string.byte, string.find, string.sub

-- What is in the text before the first route: an object as if it had none. Returns it and where the routes begin; or nil
-- and what is wrong.
local function head_of(text, field)
  local last = find(text, "\n", 1, true)
  local opening = ('"%s":{'):format(field)
  if not last or sub(text, last - #opening, last - 1) ~= opening then
    return nil, ("the body's first line does not end with %s"):format(opening)
  end
  local head, problem = message.decode(sub(text, 1, last - 1) .. "}}")
  if not head then
    return nil, problem
  end
  return head, last + 1
end

-- What follows the last route; the snapshot says there since when each is served, which is not for nginx.
local function is_tail(text, position)
  local tail = sub(text, position, position + #'},"since":{\n' - 1)
  return tail == "}}" or (tail == '},"since":{\n' and sub(text, -3) == "\n}}")
end

-- Returns where the line ends that begins at the position, and where its JSON does; nil where no line is like this.
local function ends_of(text, position)
  local line = find(text, "\n", position, true)
  if not line then
    return nil
  end
  local is_followed = byte(text, line - 1) == COMMA
  -- Only another route follows a comma.
  if is_followed ~= (byte(text, line + 1) == QUOTE) then
    return nil
  end
  return line, is_followed and line - 2 or line - 1
end

-- Calls `take` with `found`, host and text of each route in the field; it returns what is wrong with the route. Returns what
-- the body says besides; or nil and what is wrong. `take` has no table of its own among its upvalues: what LuaJIT compiles
-- of it would hold that for good.
function lines.read(text, field, take, found)
  local head, position = head_of(text, field)
  if not head then
    return nil, position
  end
  while byte(text, position) == QUOTE do
    local line, last = ends_of(text, position)
    if not line then
      return nil, "a route is not on a line of its own"
    end
    local colon = find(text, '":', position, true)
    local host = sub(text, position + 1, (colon or position) - 1)
    if not message.is_name(host) then
      return nil, "there is a key that is no host"
    end
    local problem = take(found, host, sub(text, colon + 2, last))
    if problem then
      return nil, host .. ": " .. problem
    end
    position = line + 1
  end
  if not is_tail(text, position) then
    return nil, "the body does not end after its last route"
  end
  return head
end

return lines
