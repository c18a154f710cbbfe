-- The table that all workers share.
--
-- routes       `<slot><host>` → the route's text. Of the two slots one is served; a whole table is written into the other.
-- table_state  `position`     2 × the number of changes so far + the slot that is served
--              `generation`   the controller's number of the table; written last
--              `count`        how many routes it has
--              `unfinished`   is there while a change is made; stays when its worker dies
--              `writer`       is there while a worker writes
--              `leaving`      is there once this pod ends: no new connection comes to it
--
-- They are two dictionaries so that routes without end cannot push the state out.
local routes = ngx.shared.routes
local state = ngx.shared.table_state

local store = {}

-- Seconds after which a writer that has not finished must be dead: the largest table takes less than one.
local WRITER_SECONDS = 10

local function slot_of(position)
  return position % 2
end

local function delete_slot(slot)
  local first = tostring(slot):byte()
  for _, key in ipairs(routes:get_keys(0)) do
    if key:byte() == first then
      routes:delete(key)
    end
  end
end

local function publish(position, count, generation)
  state:set("unfinished", true)
  state:set("count", count)
  state:set("position", position)
  state:set("generation", generation)
  state:delete("unfinished")
end

-- Which state of the table is served: a number that no other state has had.
function store.position()
  return state:get("position") or 0
end

-- The route's text in that state, or nil. A later state may already be served: ask for the position again.
function store.text(position, host)
  return routes:get(slot_of(position) .. host)
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
  return state:get("leaving")
end

-- A pod that leaves does not come back.
function store.leave()
  state:set("leaving", true)
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

-- Replaces the table by these texts. Returns true; or nil and why, and then nothing has changed.
function store.replace(generation, texts)
  local position = store.position()
  local served = slot_of(position)
  local free = 1 - served
  delete_slot(free)
  local count = 0
  for host, text in pairs(texts) do
    local stored, problem = routes:safe_set(free .. host, text)
    if not stored then
      delete_slot(free)
      return nil, problem
    end
    count = count + 1
  end
  publish(position - served + 2 + free, count, generation)
  delete_slot(served)
  return true
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

-- Changes the table by these texts, and takes out the removed hosts. Returns true; or nil and why, and then nothing has
-- changed.
function store.change(generation, texts, removed)
  local position = store.position()
  local slot = slot_of(position)
  local count = store.count()
  local steps = {}
  state:set("unfinished", true)
  for host, text in pairs(texts) do
    local key = slot .. host
    local before = routes:get(key)
    local stored, problem = routes:safe_set(key, text)
    if not stored then
      if undo(steps) then
        state:delete("unfinished")
      end
      return nil, problem
    end
    steps[#steps + 1] = { key = key, before = before }
    count = before and count or count + 1
  end
  for _, host in ipairs(removed) do
    local key = slot .. host
    if routes:get(key) then
      routes:delete(key)
      count = count - 1
    end
  end
  publish(position + 2, count, generation)
  return true
end

return store
