-- The table in the file that the controller keeps, so that nginx serves before it hears from the controller.
local store = require "store"
local update = require "update"

local snapshot = {}

local function read(path)
  local file, problem, code = io.open(path, "r")
  if not file then
    local ENOENT = 2
    return nil, code ~= ENOENT and problem or nil
  end
  local text = file:read("*a")
  file:close()
  return text, not text and "it cannot be read" or nil
end

local function load(path)
  local text, problem = read(path)
  if not text then
    return problem
  end
  local found
  found, problem = update.parse_table(text)
  if not found then
    return problem
  end
  local _, failure = store.replace(found.generation, found.texts)
  return failure
end

-- Loads the table, unless there is one already. Whatever the file is, nginx starts.
function snapshot.load(path)
  if store.has_table() then
    return
  end
  local done, problem = pcall(load, path)
  if not done or problem then
    ngx.log(ngx.ERR, "the snapshot ", path, " is left out: ", problem)
  end
  -- Each worker starts with a copy of this process's memory.
  collectgarbage()
end

return snapshot
