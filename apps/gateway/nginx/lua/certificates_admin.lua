-- The certificates' interface for the controller: GET and PUT of /certificates (src/nginx-client.ts is the other side).
local cjson = require "cjson"
local certificate_set = require "certificate_set"
local certificates = require "certificates"
local store = require "store"

local certificates_admin = {}

local function answer(status, problem)
  ngx.status = status
  ngx.say(cjson.encode({ generation = certificates.generation(), error = problem }))
end

local function put()
  ngx.req.read_body()
  local set, problem = certificate_set.parse(ngx.req.get_body_data() or "")
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
  if problem == "other generation" then
    return answer(409, "a later generation is held")
  end
  if problem == "busy" then
    return answer(503, "another change is being made")
  end
  ngx.log(ngx.ERR, "the certificates cannot be stored: ", problem)
  answer(507, problem)
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
