-- The table that all workers share.
--
-- routes       `<host>` → the route's text
-- table_state  `generation`   the controller's number of the table; written last
--              `count`        how many routes it has
--              `unfinished`   is there while a change is made; stays when its worker dies
--              `writer`       is there while a worker writes
-- numbers      position       the number of changes so far; written after what they change
--              leaving        1 once this pod ends: no new connection comes to it
--
-- They are two dictionaries so that routes without end cannot push the state out.
local numbers = require "shared_numbers"

local routes = ngx.shared.routes
local state = ngx.shared.table_state

local store = {}

-- Seconds after which a writer that has not finished must be dead: the largest table takes less than one.
local WRITER_SECONDS = 10

local function publish(count, generation)
  state:set("unfinished", true)
  state:set("count", count)
  numbers.position = numbers.position + 1
  state:set("generation", generation)
  state:delete("unfinished")
end

-- Which state of the table is served: a number that no other state has had.
function store.position()
  return numbers.position
end

-- The route's text, or nil. A change may be half made: whoever remembers the text asks for the position before it.
function store.text(host)
  return routes:get(host)
end

-- The number of the table; 0 when there is none, or a change was left unfinished and nothing is sure.
function store.generation()
  return not state:get("unfinished") and state:get("generation") or 0
end

function store.count()
  return state:get("count") or 0
end

function store.has_table()
  return (state:get("generation") or 0) > 0
end

function store.is_leaving()
  return numbers.leaving == 1
end

-- A pod that leaves does not come back.
function store.leave()
  numbers.leaving = 1
end

-- Runs `write` while no other worker writes, and returns what it returns; or nil and "busy".
function store.exclusively(write)
  if not state:add("writer", ngx.worker.pid(), WRITER_SECONDS) then
    return nil, "busy"
  end
  local done, result, problem = pcall(write)
  state:delete("writer")
  if not done then
    error(result, 0)
  end
  return result, problem
end

-- Undoes in the opposite order, so that the memory that each step needs is there again.
local function undo(steps)
  for index = #steps, 1, -1 do
    local step = steps[index]
    if step.before then
      local stored = routes:safe_set(step.key, step.before)
      if not stored then
        return false
      end
    else
      routes:delete(step.key)
    end
  end
  return true
end

-- Writes the texts that are other than before. Returns how many routes there are more than before; or nil and why, and then
-- nothing has changed.
local function write(texts)
  local steps, more = {}, 0
  state:set("unfinished", true)
  for host, text in pairs(texts) do
    local before = routes:get(host)
    if before ~= text then
      local stored, problem = routes:safe_set(host, text)
      if not stored then
        if undo(steps) then
          -- A worker may have read what was undone.
          numbers.position = numbers.position + 1
          state:delete("unfinished")
        end
        return nil, problem
      end
      steps[#steps + 1] = { key = host, before = before }
      more = before and more or more + 1
    end
  end
  return more
end

-- Takes out every route but these.
local function delete_others(texts)
  for _, host in ipairs(routes:get_keys(0)) do
    if not texts[host] then
      routes:delete(host)
    end
  end
end

-- Replaces the table by { generation, texts, count }. Returns true; or nil and why, and then nothing has changed.
function store.replace(new)
  -- What a change that was left unfinished has written is not counted.
  local held = store.generation() > 0 and store.count()
  local more, problem = write(new.texts)
  if not more then
    return nil, problem
  end
  -- Else those that are there are just the new ones.
  if not held or held + more > new.count then
    delete_others(new.texts)
  end
  publish(new.count, new.generation)
  return true
end

-- Changes the table by these texts, and takes out the removed hosts. Returns true; or nil and why, and then nothing has
-- changed.
function store.change(generation, texts, removed)
  local more, problem = write(texts)
  if not more then
    return nil, problem
  end
  local count = store.count() + more
  for _, host in ipairs(removed) do
    if routes:get(host) then
      routes:delete(host)
      count = count - 1
    end
  end
  publish(count, generation)
  return true
end

return store
