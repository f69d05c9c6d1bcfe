-- Ideas and writing tasks, the ledger of credits and the log of their use, prompts and settings of an account.
CREATE TABLE ideas (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  folded TEXT NOT NULL,
  description TEXT NOT NULL,
  content_type TEXT NOT NULL,
  content_structure TEXT NOT NULL,
  keywords TEXT NOT NULL,
  cluster_id TEXT REFERENCES clusters (id) ON DELETE SET NULL,
  status TEXT NOT NULL,
  word_count INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ideas_account_created ON ideas (account_id, created_at);
CREATE INDEX ideas_account_title ON ideas (account_id, title);
CREATE INDEX ideas_project_created ON ideas (project_id, created_at);
CREATE INDEX ideas_project_title ON ideas (project_id, title);
CREATE INDEX ideas_project ON ideas (project_id);
CREATE INDEX ideas_cluster ON ideas (cluster_id, created_at) WHERE cluster_id IS NOT NULL;

CREATE TABLE writing_tasks (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  folded TEXT NOT NULL,
  description TEXT NOT NULL,
  keywords TEXT NOT NULL,
  cluster_id TEXT REFERENCES clusters (id) ON DELETE SET NULL,
  idea_id TEXT REFERENCES ideas (id) ON DELETE SET NULL,
  content_type TEXT NOT NULL,
  content_structure TEXT NOT NULL,
  status TEXT NOT NULL,
  word_count INTEGER NOT NULL,
  primary_keyword TEXT NOT NULL,
  secondary_keywords TEXT NOT NULL,
  tags TEXT NOT NULL,
  categories TEXT NOT NULL,
  article_id TEXT REFERENCES articles (id) ON DELETE SET NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX writing_tasks_account_created ON writing_tasks (account_id, created_at);
CREATE INDEX writing_tasks_account_title ON writing_tasks (account_id, title);
CREATE INDEX writing_tasks_project_created ON writing_tasks (project_id, created_at);
CREATE INDEX writing_tasks_project_title ON writing_tasks (project_id, title);
CREATE INDEX writing_tasks_project ON writing_tasks (project_id);
CREATE INDEX writing_tasks_cluster ON writing_tasks (cluster_id, created_at) WHERE cluster_id IS NOT NULL;
CREATE INDEX writing_tasks_idea ON writing_tasks (idea_id) WHERE idea_id IS NOT NULL;
CREATE INDEX writing_tasks_article ON writing_tasks (article_id) WHERE article_id IS NOT NULL;

CREATE TABLE credit_entries (
  row INTEGER PRIMARY KEY AUTOINCREMENT,  -- CreditEntry::number
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  operation TEXT,
  amount INTEGER NOT NULL,
  balance INTEGER NOT NULL,
  reference TEXT NOT NULL,
  note TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX credit_entries_account ON credit_entries (account_id);
CREATE INDEX credit_entries_kind ON credit_entries (account_id, kind);
CREATE INDEX credit_entries_created ON credit_entries (account_id, created_at, kind, amount);
-- A line that is written stays as it is. (An account that goes takes its lines along.)
CREATE TRIGGER credit_entries_kept BEFORE UPDATE ON credit_entries BEGIN
  SELECT raise(ABORT, 'the ledger of credits is only appended to');
END;

CREATE TABLE credit_uses (
  row INTEGER PRIMARY KEY AUTOINCREMENT,  -- CreditUse::number
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  project_id TEXT,                        -- no foreign key: what was used stays used when a project goes
  operation TEXT NOT NULL,
  model TEXT NOT NULL,
  credits INTEGER NOT NULL,
  cost INTEGER NOT NULL,                  -- millionths of a US dollar
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  reference TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX credit_uses_account ON credit_uses (account_id);
CREATE INDEX credit_uses_operation ON credit_uses (account_id, operation);
CREATE INDEX credit_uses_created ON credit_uses (account_id, created_at);

CREATE TABLE prompts (
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  text TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_settings (
  account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
  default_project_id TEXT REFERENCES projects (id) ON DELETE SET NULL,
  default_word_count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_settings_project ON account_settings (default_project_id) WHERE default_project_id IS NOT NULL;

CREATE INDEX articles_image ON articles (account_id, created_at) WHERE featured_image_url IS NOT NULL;

-- What a status page counts.
CREATE INDEX jobs_open ON jobs (account_id, status) WHERE status IN ('queued', 'running');
CREATE INDEX jobs_failed ON jobs (account_id, finished_at) WHERE status = 'failed';
CREATE INDEX keywords_unclustered ON keywords (project_id, coalesce(volume, -1) DESC) WHERE cluster_id IS NULL;
