-- The world that scripts see. It is made once for an interpreter, and nothing in it can be changed.
--
-- Lua 5.1 has no tables that cannot be written, so scripts get stand-ins: a table that is empty, whose metatable leads
-- to the contents and refuses to write. Functions that would go past the metatable (rawset, table.insert, ...) are
-- replaced by ones that know stand-ins. What catches errors passes them through `caught`, see raise.rs.
local host, libraries, legacy = ...
local base = _G
local type, error, select, tostring = type, error, select, tostring
local byte, sub, concat = string.byte, string.sub, table.concat
local caught, stopped, refuse, missing = host.caught, host.stopped, host.refuse, host.missing

local contents = {}   -- of each stand-in
local metatables = {} -- that getmetatable shows of a stand-in; false for none

local function stand_in(content, metatable)
    local standing = base.setmetatable({}, { __index = content, __newindex = refuse })
    contents[standing] = content
    metatables[standing] = metatable or false
    return standing
end

local function wrong(number, name, wanted, value)
    error("bad argument #" .. number .. " to '" .. name .. "' (" .. wanted .. " expected, got " .. type(value) .. ")", 3)
end

local known = {}

-- Errors ----------------------------------------------------------------------------------------------------------

-- pcall gives the text of an error that is a table, as scripts from before such errors expect it.
local function text_of(value)
    value = caught(value)
    if type(value) == "table" then
        local text = value.err
        if type(text) == "string" or type(text) == "number" then return text end
    end
    return value
end

local function outcome(ok, ...)
    if ok then return true, ... end
    stopped()
    return false, text_of((...))
end

local function plain_outcome(ok, ...)
    if ok then return true, ... end
    stopped()
    return false, caught((...))
end

local pcall, xpcall, resume = base.pcall, base.xpcall, base.coroutine.resume

function known.pcall(call, ...)
    return outcome(pcall(call, ...))
end

function known.xpcall(...)
    if select("#", ...) < 2 then error("bad argument #2 to 'xpcall' (value expected)", 2) end
    local call, handler = ...
    local function handle(value)
        return handler(caught(value))
    end
    return plain_outcome(xpcall(call, handle))
end

-- Tables that cannot be changed -----------------------------------------------------------------------------------

local next = base.next

function known.next(list, key)
    if type(list) ~= "table" then wrong(1, "next", "table", list) end
    return next(contents[list] or list, key)
end

function known.pairs(list)
    if type(list) ~= "table" then wrong(1, "pairs", "table", list) end
    local content = contents[list]
    if not content then return next, list, nil end
    return function(_, key) return next(content, key) end, list, nil
end

-- These say where they were called, which a function in Lua cannot say of a tail call.
known.rawget, known.rawset, known.getmetatable, known.setmetatable = host.tables(contents, metatables)

-- The others of this library find a stand-in empty, and change nothing. The name is that in Lua's words about wrong
-- arguments.
local insert = base.table.insert
local standing = host.standing

function base.table.insert(list, ...)
    if contents[list] then return standing() end
    return insert(list, ...)
end

-- Compiling -------------------------------------------------------------------------------------------------------

-- So long a source may be: the lexer counts in 31 bits.
local SOURCE_MAX = 512 * 1024 * 1024

-- Compiled chunks are not taken: they are read as text. The collector rests meanwhile, because the compiler of this Lua
-- holds a string that the collector does not know of.
local collect, loadstring = base.collectgarbage, base.loadstring

local function compile(source, name)
    if #source > SOURCE_MAX then return nil, "chunk is too long" end
    if byte(source, 1) == 27 then source = " " .. source end
    collect("stop")
    local chunk, problem = loadstring(source, name)
    collect("restart")
    return chunk, problem
end

function known.loadstring(source, name)
    if type(source) == "number" then source = tostring(source) end
    if type(source) ~= "string" then wrong(1, "loadstring", "string", source) end
    if name == nil then name = source end
    if type(name) ~= "string" and type(name) ~= "number" then wrong(2, "loadstring", "string", name) end
    return compile(source, name)
end

function known.load(reader, name)
    if type(reader) ~= "function" then wrong(1, "load", "function", reader) end
    local pieces, size = {}, 0
    while true do
        local piece = reader()
        if type(piece) == "number" then piece = tostring(piece) end
        if piece == nil or piece == "" then break end
        if type(piece) ~= "string" then return nil, "reader function must return a string" end
        pieces[#pieces + 1] = piece
        size = size + #piece
        if size > SOURCE_MAX then return nil, "chunk is too long" end
    end
    return compile(concat(pieces), name or "=(load)")
end

-- More results than Lua's stack takes are refused before they are counted in 31 bits.
local unpack, tonumber = base.unpack, base.tonumber

function known.unpack(list, first, last)
    if last ~= nil then
        local low, high = tonumber(first or 1), tonumber(last)
        if low and high and high - low >= 7997 then error("too many results to unpack", 2) end
        return unpack(list, first, last)
    end
    if first ~= nil then return unpack(list, first) end
    -- Each argument takes a place on the stack that a result could have.
    return unpack(list)
end

-- Matching goes one call of C's deeper with many an item of a pattern, and does not watch the stack.
local PATTERN_MAX = 10000
local find, match, gmatch, gsub = base.string.find, base.string.match, base.string.gmatch, base.string.gsub

local function check(pattern)
    if type(pattern) == "string" and #pattern > PATTERN_MAX then error("malformed pattern (too long)", 3) end
end

function base.string.find(text, pattern, start, plain)
    if not plain then check(pattern) end
    return find(text, pattern, start, plain)
end

function base.string.match(text, pattern, ...)
    check(pattern)
    return match(text, pattern, ...)
end

function base.string.gmatch(text, pattern)
    check(pattern)
    return gmatch(text, pattern)
end

base.string.gfind = base.string.gmatch

function base.string.gsub(text, pattern, ...)
    check(pattern)
    return gsub(text, pattern, ...)
end

-- The globals -----------------------------------------------------------------------------------------------------

for _, name in base.ipairs {
    "assert", "collectgarbage", "error", "gcinfo", "ipairs", "rawequal", "select", "tonumber", "tostring", "type",
    "_VERSION",
} do
    known[name] = base[name]
end
if legacy then
    for _, name in base.ipairs { "getfenv", "newproxy", "setfenv" } do
        known[name] = base[name]
    end
end

base.math.random, base.math.randomseed = host.random, host.randomseed
function base.coroutine.resume(...)
    return plain_outcome(resume(...))
end

known.string = stand_in(base.string)
known.math = stand_in(base.math)
known.table = stand_in(base.table)
known.coroutine = stand_in(base.coroutine)
known.os = stand_in({ clock = base.os.clock })
for name, library in base.pairs(libraries) do
    known[name] = stand_in(library)
end
host.string_metatable(stand_in({ __index = known.string }))

-- What is looked up in vain is an error.
base.setmetatable(known, { __index = missing })
local shown = stand_in({ __index = missing })
local way = { __index = known, __newindex = refuse }
local world = base.setmetatable({}, way)
contents[world] = known
metatables[world] = shown
known._G = world

-- What a library of functions sees while it is loaded.
local loading = base.setmetatable({}, { __index = missing })
local register = base.setmetatable(host.register, { __index = missing })
loading.redis = stand_in(register, shown)
loading.server = loading.redis

-- How a function of a library is called: the callback and its arguments are put in place first.
local callback, keys, args

local function prepare(...)
    callback, keys, args = ...
end

local function prepared()
    local call, first, second = callback, keys, args
    callback, keys, args = nil, nil, nil
    return call(first, second)
end

return world, known, way, loading, prepare, prepared
