-- POSTs articles whose slugs never repeat: wrk … -s post.lua URL -- ROUND
local threads = 0
function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(args)
  round = args[1]
  sent = 0
  text = string.rep("Burrs decide how even the grounds are. ", 25)
end

function request()
  sent = sent + 1
  local slug = string.format("%s-%d-%d", round, id, sent)
  return wrk.format("POST", nil, nil,
    '{"title":"Grinder ' .. slug .. '","slug":"' .. slug .. '","markdown":"' .. text .. '"}')
end

dofile(debug.getinfo(1, "S").source:match("^@(.*)post%.lua$") .. "summary.lua")
