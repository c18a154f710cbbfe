-- What the controller sends to the admin socket, whatever it is about.
local cjson = require "cjson.safe"

local message = {}

local json = cjson.new()
json.decode_max_depth(8)
-- Else 0x10, NaN and Infinity would be numbers.
json.decode_invalid_numbers(false)

function message.is_generation(value)
  return type(value) == "number" and value >= 1 and value < 2 ^ 53 and value % 1 == 0
end

-- A host, or what Kubernetes calls its objects.
function message.is_name(value)
  return type(value) == "string" and #value <= 253 and value:match("^[a-z0-9][a-z0-9.-]*$") ~= nil
end

-- The body of the request.
function message.body()
  ngx.req.read_body()
  return ngx.req.get_body_data() or ""
end

-- What a JSON text says; nil when it is none.
function message.value(text)
  return (json.decode(text))
end

-- Returns an object with a generation, or nil and what is wrong.
function message.decode(text)
  local value = message.value(text)
  if type(value) ~= "table" then
    return nil, "the body is no JSON object"
  end
  if not message.is_generation(value.generation) then
    return nil, "generation is no number from 1"
  end
  return value
end

-- Returns the status for what a writer under store.exclusively could not do, and what is wrong.
function message.refusal(problem, what, conflict)
  if problem == "other generation" then
    return 409, conflict
  end
  if problem == "busy" then
    return 503, "another change is being made"
  end
  ngx.log(ngx.ERR, what, " cannot be stored: ", problem)
  return 507, problem
end

return message
