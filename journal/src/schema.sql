-- What the batch is: one row.
CREATE TABLE batch (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version TEXT NOT NULL,            -- of the program
  shard INTEGER NOT NULL,           -- counted from 1
  shards INTEGER NOT NULL,
  listing TEXT NOT NULL             -- SHA-256 over all scenarios asked for
) STRICT;

-- The files of the batch, as they were named.
CREATE TABLE file (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;

-- The scenarios asked for, in their order.
CREATE TABLE scenario (
  position INTEGER PRIMARY KEY,
  file INTEGER NOT NULL REFERENCES file (number),
  number INTEGER NOT NULL,          -- within the file
  name TEXT NOT NULL,
  estate TEXT NOT NULL,             -- SHA-256 over the facts of the estate
  scenario TEXT NOT NULL,           -- SHA-256 over what the scenario says
  is_own INTEGER NOT NULL           -- whether it is in the shard
) STRICT;

CREATE INDEX scenario_of_file ON scenario (file, number);

-- What came of scenarios, of this batch and of those before it: all that a result depends on is its key.
CREATE TABLE result (
  estate TEXT NOT NULL,
  scenario TEXT NOT NULL,
  version TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'done', 'limit', 'failed', 'crashed')),
  attempts INTEGER NOT NULL,        -- how often it was begun
  milliseconds INTEGER NOT NULL,    -- of the last attempt that ended
  why TEXT,                         -- there is no plan
  standing TEXT,
  uncovered INTEGER,
  spend TEXT,                       -- a decimal number
  currency TEXT,
  objective TEXT,                   -- JSON
  pieces TEXT,                      -- of the plan, a JSON list of numbers
  digest TEXT,                      -- SHA-256 over the digests of the pieces
  PRIMARY KEY (estate, scenario, version)
) STRICT;

-- What plans are made of. Most of a plan is that of other plans too.
CREATE TABLE piece (
  number INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL
) STRICT;

-- Plans of parts of scenarios, for scenarios that share them: they need not be solved again. No result needs one.
CREATE TABLE part (
  digest TEXT NOT NULL,             -- SHA-256 over the facts of the part
  version TEXT NOT NULL,            -- of the program
  run INTEGER NOT NULL,             -- the last one that asked for it or found it
  plan BLOB NOT NULL,               -- for licit alone
  PRIMARY KEY (digest, version)
) STRICT;

-- For other programs: every scenario of the batch with what came of it.
CREATE VIEW summary AS
SELECT scenario.position, file.name AS file, scenario.name, coalesce(result.status, 'open') AS status,
       result.standing, result.uncovered, result.spend, result.currency, result.attempts, result.milliseconds,
       result.why, result.objective,
       (SELECT group_concat(text, '') FROM
         (SELECT piece.text FROM json_each(result.pieces) AS part JOIN piece ON piece.number = part.value ORDER BY part.key)
       ) AS plan
FROM scenario JOIN batch JOIN file ON file.number = scenario.file
LEFT JOIN result ON result.estate = scenario.estate AND result.scenario = scenario.scenario
                AND result.version = batch.version
WHERE scenario.is_own ORDER BY scenario.position;
