-- Users who sign in with a password, the tokens that they are given, and the keys that sign these; keywords of a whole
-- account in the orders in which a planner looks at them.
ALTER TABLE users ADD COLUMN username TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN first_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN last_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN signed_in_since INTEGER NOT NULL DEFAULT 0;

CREATE TABLE refresh_tokens (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  family TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX refresh_tokens_digest ON refresh_tokens (digest);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_account ON refresh_tokens (account_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

CREATE TABLE signing_keys (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL DEFAULT '',    -- empty: the server's own
  secret BLOB NOT NULL,                   -- sealed
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;

ALTER TABLE keywords ADD COLUMN planning TEXT NOT NULL DEFAULT 'active';
CREATE INDEX keywords_account_created ON keywords (account_id, created_at);
CREATE INDEX keywords_account_text ON keywords (account_id, text);
CREATE INDEX keywords_account_volume ON keywords (account_id, coalesce(volume, -1));
CREATE INDEX keywords_account_difficulty ON keywords (account_id, coalesce(difficulty, -1));
CREATE INDEX keywords_volume ON keywords (project_id, coalesce(volume, -1));
CREATE INDEX keywords_difficulty ON keywords (project_id, coalesce(difficulty, -1));
CREATE INDEX keyword_counts_account ON keyword_counts (account_id, amount);
CREATE INDEX clusters_account ON clusters (account_id, created_at);
