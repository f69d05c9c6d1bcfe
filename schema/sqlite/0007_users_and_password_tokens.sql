-- Users whom their account's admins look after, and what lets somebody choose a password.
CREATE TABLE password_tokens (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX password_tokens_digest ON password_tokens (digest);
CREATE INDEX password_tokens_user ON password_tokens (user_id);
CREATE INDEX password_tokens_account ON password_tokens (account_id);
CREATE INDEX password_tokens_expiry ON password_tokens (expires_at);

CREATE INDEX users_account_created ON users (account_id, created_at);
