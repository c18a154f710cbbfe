-- The certificates' interface for the controller: GET and PUT of /certificates (src/nginx-client.ts is the other side).
local cjson = require "cjson"
local certificate_set = require "certificate_set"
local certificates = require "certificates"
local message = require "message"
local store = require "store"

local certificates_admin = {}

local function answer(status, problem)
  ngx.status = status
  ngx.say(cjson.encode({ generation = certificates.generation(), error = problem }))
end

local function put()
  local set, problem = certificate_set.parse(message.body())
  if not set then
    return answer(400, problem)
  end
  local stored
  stored, problem = store.exclusively(function()
    -- One that was overtaken on its way.
    if set.generation <= certificates.generation() then
      return nil, "other generation"
    end
    return certificates.replace(set)
  end)
  if stored then
    return answer(200)
  end
  answer(message.refusal(problem, "the certificates", "a later generation is held"))
end

function certificates_admin.answer()
  local method = ngx.req.get_method()
  if method == "GET" then
    return answer(200)
  end
  if method == "PUT" then
    return put()
  end
  ngx.header.Allow = "GET, PUT"
  answer(405, "there are GET and PUT")
end

return certificates_admin
