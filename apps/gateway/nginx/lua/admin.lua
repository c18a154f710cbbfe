-- The interface for the controller: GET, PUT and PATCH of /table, and PUT of /leaving (src/nginx-client.ts is the other
-- side).
local cjson = require "cjson"
local message = require "message"
local pause = require "pause"
local store = require "store"
local update = require "update"

local admin = {}

local function answer(status, fields)
  ngx.status = status
  fields.generation = store.generation()
  ngx.say(cjson.encode(fields))
end

local function answer_table()
  answer(200, { routes = store.count() })
end

-- What a writer found, as an answer.
local function answer_written(written, problem)
  if written then
    return answer_table()
  end
  local status, text = message.refusal(problem, "the routes", "another generation is held")
  answer(status, { error = text })
end

-- Memory in kB that the garbage collector walks through at once.
local PIECE = 256

-- LuaJIT would keep for later what a whole table took. Twice: what was left over while the garbage collector was on its way
-- is found only when it begins anew.
local function give_back(premature)
  local rounds = 0
  while not premature and rounds < 2 do
    if collectgarbage("step", PIECE) then
      rounds = rounds + 1
    end
    pause()
  end
end

local function put()
  local new, problem = update.parse_table(message.body(), pause)
  if not new then
    return answer(400, { error = problem })
  end
  answer_written(store.exclusively(function()
    -- One that was overtaken on its way.
    if new.generation <= store.generation() then
      return nil, "other generation"
    end
    return store.replace(new)
  end))
  ngx.timer.at(0, give_back)
end

local function patch()
  local change, problem = update.parse_change(message.body())
  if not change then
    return answer(400, { error = problem })
  end
  answer_written(store.exclusively(function()
    if change.from ~= store.generation() or change.generation <= change.from then
      return nil, "other generation"
    end
    return store.change(change.generation, change.texts, change.removed)
  end))
end

local METHODS = { GET = answer_table, PUT = put, PATCH = patch }

local function refuse_method(allowed)
  ngx.header.Allow = allowed
  answer(405, { error = "there is " .. allowed })
end

function admin.answer()
  local method = METHODS[ngx.req.get_method()]
  if method then
    return method()
  end
  refuse_method("GET, PUT, PATCH")
end

function admin.leave()
  if ngx.req.get_method() ~= "PUT" then
    return refuse_method("PUT")
  end
  store.leave()
  answer_table()
end

return admin
