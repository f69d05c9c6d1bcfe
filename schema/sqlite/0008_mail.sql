-- Mail that waits to be sent: who gets it, and what for. Its text is made when it is sent, so that no token is kept.
CREATE TABLE mails (
  row INTEGER PRIMARY KEY AUTOINCREMENT,  -- Mail::number
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due_at INTEGER NOT NULL,                -- of the next try, or when one that was begun counts as failed
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mails_due ON mails (due_at);
CREATE INDEX mails_expiry ON mails (expires_at);
CREATE INDEX mails_user ON mails (user_id, purpose);
CREATE INDEX mails_account ON mails (account_id);
