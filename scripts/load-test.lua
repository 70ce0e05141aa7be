-- What wrk measured, for scripts/load-test: a line of counts, and one for each latency that occurred (in microseconds, and how often),
-- so that percentiles of several runs are exact and no mean of percentiles.
local authorization = os.getenv("LOAD_AUTHORIZATION")
if authorization and authorization ~= "" then
  wrk.headers["Authorization"] = authorization
end

done = function(summary, latency)
  local out = assert(io.open(os.getenv("LOAD_OUT"), "w"))
  local errors = summary.errors
  out:write(string.format("run %d %d %d %d %d %d\n", summary.requests, summary.duration,
    errors.connect, errors.read + errors.write, errors.timeout, errors.status))
  for i = 1, #latency do
    local value, count = latency(i)
    out:write(string.format("latency %d %d\n", value, count))
  end
  out:close()
end
