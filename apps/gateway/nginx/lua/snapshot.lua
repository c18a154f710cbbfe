-- The table and the certificates in the files that the controller keeps, so that nginx serves before it hears from the
-- controller.
local certificate_set = require "certificate_set"
local certificates = require "certificates"
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

-- Hands what `parse` makes of the file to `take`. Returns what is wrong; nothing is when there is no file.
local function load(path, parse, take)
  local text, problem = read(path)
  if not text then
    return problem
  end
  local found
  found, problem = parse(text)
  if not found then
    return problem
  end
  local _, failure = take(found)
  return failure
end

-- Whatever the file is, nginx starts.
local function try(path, parse, take)
  local done, problem = pcall(load, path, parse, take)
  if not done or problem then
    ngx.log(ngx.ERR, "the snapshot ", path, " is left out: ", problem)
  end
  -- Each worker starts with a copy of this process's memory.
  collectgarbage()
end

-- Loads the table, unless there is one already.
function snapshot.load_table(path)
  if not store.has_table() then
    try(path, update.parse_table, store.replace)
  end
end

-- Loads the certificates, unless there are some already.
function snapshot.load_certificates(path)
  if certificates.generation() == 0 then
    try(path, certificate_set.parse, certificates.replace)
  end
end

return snapshot
