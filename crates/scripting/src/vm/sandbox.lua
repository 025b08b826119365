-- The environment of scripts. It is created once per interpreter, and nothing in it can be changed.
--
-- Lua 5.1 has no read-only tables, so scripts get proxies: empty tables whose metatable reads the
-- contents and refuses writes. Functions that would bypass the metatable (rawset, table.insert, ...) are
-- replaced by ones that know proxies. Functions that catch errors pass them through `caught`, see raise.rs.
local host, libraries, legacy = ...
local base = _G
local type, error, select, tostring, tonumber = type, error, select, tostring, tonumber
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

local list_only, list_first, list_and_function = host.list_only, host.list_first, host.list_and_function

local function wrong(number, name, wanted, value)
    error("bad argument #" .. number .. " to '" .. name .. "' (" .. wanted .. " expected, got " .. type(value) .. ")", 3)
end

local known = {}

-- Errors ----------------------------------------------------------------------------------------------------------

-- pcall returns the text of an error that is a table, as scripts older than such errors expect.
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
    -- While a script is being stopped, no hook could end a handler.
    local function handle(value)
        value = caught(value)
        stopped()
        return handler(value)
    end
    return plain_outcome(xpcall(call, handle))
end

-- Tables that cannot be changed -----------------------------------------------------------------------------------

local next = base.next

function known.next(...)
    local list, key = ...
    if type(list) ~= "table" then list_only(...) end
    return next(contents[list] or list, key)
end

function known.pairs(...)
    local list = ...
    if type(list) ~= "table" then list_only(...) end
    local content = contents[list]
    if not content then return next, list, nil end
    return function(_, key) return next(content, key) end, list, nil
end

-- These return the place of their call, which a Lua function cannot return for a tail call.
known.rawget, known.rawset, known.getmetatable, known.setmetatable = host.tables(contents, metatables)

-- The other functions find a proxy empty, and change nothing. The names are those in Lua's messages about wrong
-- arguments. Lua's own loops in C are not interrupted, and `#` may be far beyond the existing elements: a loop of
-- more than STEPS_MAX iterations runs here.
local STEPS_MAX = 100000
local insert, remove, sort = base.table.insert, base.table.remove, base.table.sort
local rawget, rawset = base.rawget, base.rawset
local standing, int32, is_native = host.standing, host.int32, host.is_native

-- Moves elements up from `place` on, as in C.
local function insert_far(list, place, value)
    for at = #list + 1, place + 1, -1 do
        rawset(list, at, rawget(list, at - 1))
    end
    rawset(list, place, value)
end

function base.table.insert(list, ...)
    if type(list) ~= "table" then list_first(list, ...) end
    if contents[list] then return standing() end
    if select("#", ...) == 2 then
        local count, place = #list, (...)
        -- An ordinary position, and few elements to move: uses C's version.
        if type(place) == "number" and place >= 1 and place <= count + 1 and count - place <= STEPS_MAX then
            return insert(list, ...)
        end
        list_first(list, ...)
        place = int32(place)
        if place <= count and count - place > STEPS_MAX then return insert_far(list, place, (select(2, ...))) end
    end
    return insert(list, ...)
end

function base.table.remove(...)
    local list, place = ...
    if type(list) ~= "table" or place ~= nil and type(place) ~= "number" then list_first(...) end
    local count = #list
    if place == nil or count <= STEPS_MAX then return remove(...) end
    place = int32(place)
    if place < 1 or place > count then return end
    local removed = rawget(list, place)
    for at = place, count - 1 do
        rawset(list, at, rawget(list, at + 1))
    end
    rawset(list, count, nil)
    return removed
end

-- Shorter lists are sorted quickly, even in the worst order.
local SORT_MAX = 200

local function less(one, other)
    return one < other
end

function base.table.sort(...)
    local list, before = ...
    if type(list) ~= "table" or before ~= nil and type(before) ~= "function" then list_and_function(...) end
    if #list > SORT_MAX then
        if before == nil then return sort(list, less) end
        if is_native(before) then
            -- Called without a name, as from C.
            local calls = { before }
            return sort(list, function(one, other) return (calls[1](one, other)) end)
        end
    end
    return sort(list, before)
end

function base.table.foreach(...)
    local list, call = ...
    if type(list) ~= "table" or type(call) ~= "function" then list_and_function(...) end
    for key, value in next, list do
        local result = call(key, value)
        if result ~= nil then return result end
    end
end

function base.table.foreachi(...)
    local list, call = ...
    if type(list) ~= "table" or type(call) ~= "function" then list_and_function(...) end
    for at = 1, #list do
        local result = call(at, rawget(list, at))
        if result ~= nil then return result end
    end
end

-- Compiling -------------------------------------------------------------------------------------------------------

-- The maximum length of a source: the lexer counts in 31 bits.
local SOURCE_MAX = 512 * 1024 * 1024

-- Precompiled chunks are refused: they are read as text. The collector is stopped meanwhile, because the compiler
-- of this Lua holds a string that the collector does not see.
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

-- C counts the results in 32 bits: a count out of this range is refused here.
local unpack, range = base.unpack, host.range
local INT_MIN, INT_MAX = -2147483648, 2147483647

local function is_int(value)
    return type(value) == "number" and value >= INT_MIN and value <= INT_MAX
end

function known.unpack(...)
    local list, first, last = ...
    if first == nil and last == nil and type(list) == "table" then return unpack(list) end
    if last == nil and type(list) == "table" then last = #list end
    if type(list) ~= "table" or not is_int(first) or not is_int(last) then
        first, last = range(...)
        last = last or #list
    end
    if first > last then return end
    if last - first >= 8000 then error("too many results to unpack", 2) end
    return unpack(list, first, last)
end

-- Patterns --------------------------------------------------------------------------------------------------------

-- C's matcher is used where it cannot work for long: on subjects up to a length that depends on the pattern. All
-- others use Rust's, including all calls that must be refused. gmatch and gsub call scripts' functions: they loop here.
local find, match, gmatch, gsub = base.string.find, base.string.match, base.string.gmatch, base.string.gsub
local slow_find, slow_match, substitute = host.find, host.match, host.substitute
local next_match, next_found, subject = host.next_match, host.next_found, host.subject

-- A table of the results of `compute` for strings, cleared when it has become large; -1 for any other value.
local KNOWN_MAX = 1000
local function known_of(compute)
    local count = 0
    return base.setmetatable({}, {
        __index = function(all, text)
            if type(text) ~= "string" then return -1 end
            local value = compute(text)
            if #text > 200 then return value end
            if count >= KNOWN_MAX then
                count = 0
                for key in next, all do all[key] = nil end
            end
            count = count + 1
            all[text] = value
            return value
        end,
    })
end

-- Subjects of a pattern up to this length use C's matcher.
local limits = known_of(host.subject_limit)
-- The maximum length of a replacement without captures.
local literal = known_of(function(text) return find(text, "%", 1, true) and -1 or #text end)

function base.string.find(...)
    local text, pattern, start = ...
    if type(text) == "string" and #text <= limits[pattern] and (start == nil or type(start) == "number") then
        return find(...)
    end
    return slow_find(...)
end

function base.string.match(...)
    local text, pattern, start = ...
    if type(text) == "string" and #text <= limits[pattern] and (start == nil or type(start) == "number") then
        return match(...)
    end
    return slow_match(...)
end

function base.string.gmatch(...)
    local text, pattern = ...
    if type(text) ~= "string" or type(pattern) ~= "string" then text, pattern = subject(...) end
    -- A pattern that is anchored elsewhere is not anchored here, and takes longer.
    if #text <= limits[pattern] and byte(pattern) ~= 94 then return gmatch(text, pattern) end
    local from = 0
    local function step(behind, ...)
        from = behind or from
        return ...
    end
    return function()
        return step(next_match(text, pattern, from))
    end
end

base.string.gfind = base.string.gmatch

local function replacement_of(call, list, whole, ...)
    local value
    if call then value = call(...) else value = list[(...)] end
    if not value then return whole end
    local kind = type(value)
    if kind ~= "string" and kind ~= "number" then error("invalid replacement value (a " .. kind .. ")", 4) end
    return value
end

function base.string.gsub(...)
    local text, pattern, replacement, most = ...
    local kind = type(replacement)
    local is_short = type(text) == "string" and #text <= limits[pattern] and (most == nil or type(most) == "number")
    if kind ~= "function" and kind ~= "table" then
        if is_short and kind == "string" and literal[replacement] >= 0 then return gsub(...) end
        return substitute(...)
    end
    if is_short and kind == "function" then return gsub(...) end
    -- Wrong arguments are refused with the same messages.
    if type(text) ~= "string" or type(pattern) ~= "string" or most ~= nil then
        text, pattern, most = subject(...)
    end
    local call, list = kind == "function" and replacement, replacement
    local pieces, size, count, from, copied = {}, 0, 0, 0, 1
    local function step(behind, first, last, ...)
        if not behind then return false end
        pieces[size + 1] = sub(text, copied, first - 1)
        pieces[size + 2] = replacement_of(call, list, sub(text, first, last), ...)
        size, count, from, copied = size + 2, count + 1, behind, last + 1
        return true
    end
    while (not most or count < most) and step(next_found(text, pattern, from, not call)) do end
    pieces[size + 1] = sub(text, copied)
    return concat(pieces), count
end

base.string.rep = host.rep

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

-- Reading a missing global is an error.
base.setmetatable(known, { __index = missing })
local shown = stand_in({ __index = missing })
local way = { __index = known, __newindex = refuse }
local world = base.setmetatable({}, way)
contents[world] = known
metatables[world] = shown
known._G = world

-- The environment of a library of functions while it is loaded.
local loading = base.setmetatable({}, { __index = missing })
local register = base.setmetatable(host.register, { __index = missing })
loading.redis = stand_in(register, shown)
loading.server = loading.redis

-- How a function of a library is called: the callback and its arguments are stored first.
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
