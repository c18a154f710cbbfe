-- The shortest pause in which other requests get their turn: for one of 0 Debian's nginx has a warning.
local SECONDS = 0.001

local function pause()
  ngx.sleep(SECONDS)
end

return pause
