-- Who did what, appended in the transaction of the change. Each entry carries the hash of the account's one before, so
-- that one that is changed or taken out shows.
CREATE TABLE audit_entries (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,                -- from 1 in each account, without gaps
  project_id TEXT,                        -- no foreign key: the entry outlives its project
  action TEXT NOT NULL,
  subject TEXT NOT NULL,                  -- public id of what was changed
  note TEXT NOT NULL,
  actor TEXT NOT NULL,
  address TEXT NOT NULL,
  request_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  previous BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX audit_entries_number ON audit_entries (account_id, number);
CREATE INDEX audit_entries_created ON audit_entries (account_id, created_at);
CREATE INDEX audit_entries_project ON audit_entries (project_id, created_at) WHERE project_id IS NOT NULL;
CREATE INDEX audit_entries_subject ON audit_entries (subject, created_at);

-- The first answer to a request with an Idempotency-Key, written in the transaction of its change.
CREATE TABLE idempotency_records (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  credential TEXT NOT NULL,               -- public id of the key or user
  route TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request BLOB NOT NULL,                  -- SHA-256 of what was asked
  awaited TEXT,                           -- what the answer waits for; NULL where it waits for nothing
  created_at INTEGER NOT NULL,
  answer BLOB                             -- sealed: it may show a secret; NULL while it is awaited
) STRICT;
CREATE UNIQUE INDEX idempotency_records_key ON idempotency_records (account_id, credential, route, idempotency_key);
CREATE INDEX idempotency_records_created ON idempotency_records (created_at);
