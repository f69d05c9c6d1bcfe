-- Everything that Galley keeps, for SQLite. Times are milliseconds since 1970 (UTC), booleans 0 or 1, lists and maps
-- JSON text. "row" numbers a table's rows: it ends every index by itself, so lists ordered by (column, row) need the
-- column alone; AUTOINCREMENT where a number is shown outside and must never be used twice.

CREATE TABLE accounts (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  plan TEXT NOT NULL,
  plan_since INTEGER NOT NULL,
  unlimited_credits INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX accounts_name ON accounts (name);

CREATE TABLE users (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  disabled INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_email ON users (email);
CREATE INDEX users_account ON users (account_id);

-- Generated articles of a month of the plan: reserved when queued, spent when they succeeded.
CREATE TABLE quota_usage (
  row INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  period_from INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  spent INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX quota_usage_period ON quota_usage (account_id, period_from);

CREATE TABLE projects (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  niche TEXT,
  target_domain TEXT,
  language TEXT NOT NULL,
  tone_of_voice TEXT NOT NULL,
  writing_style TEXT,
  avoid_words TEXT NOT NULL,
  author_name TEXT,
  default_connection_id TEXT REFERENCES connections (id) ON DELETE SET NULL,
  permalink TEXT NOT NULL,
  sitemap_changefreq TEXT NOT NULL,
  sitemap_priority REAL NOT NULL,
  sitemap_base_url TEXT,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  webhook_secret BLOB NOT NULL,           -- sealed
  previous_webhook_secret BLOB,           -- sealed; holds until previous_secret_until
  previous_secret_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX projects_created ON projects (account_id, created_at);
CREATE INDEX projects_updated ON projects (account_id, updated_at);
CREATE INDEX projects_name ON projects (account_id, name);
CREATE INDEX projects_default_connection ON projects (default_connection_id) WHERE default_connection_id IS NOT NULL;

CREATE TABLE api_keys (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  project_id TEXT REFERENCES projects (id) ON DELETE CASCADE,
  digest BLOB NOT NULL,
  hint TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX api_keys_digest ON api_keys (digest);
CREATE INDEX api_keys_created ON api_keys (account_id, created_at);
CREATE INDEX api_keys_name ON api_keys (account_id, name);
CREATE INDEX api_keys_project ON api_keys (project_id) WHERE project_id IS NOT NULL;

CREATE TABLE clusters (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX clusters_folded ON clusters (project_id, folded);

CREATE TABLE keywords (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  folded TEXT NOT NULL,
  volume INTEGER,
  difficulty INTEGER,
  intent TEXT,
  priority INTEGER NOT NULL,              -- 0 high, 1 medium, 2 low: the order of selection
  cluster_id TEXT REFERENCES clusters (id) ON DELETE SET NULL,
  status TEXT NOT NULL,
  article_id TEXT REFERENCES articles (id) ON DELETE SET NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX keywords_folded ON keywords (project_id, folded);
CREATE INDEX keywords_project ON keywords (project_id);
CREATE INDEX keywords_created ON keywords (project_id, created_at);
CREATE INDEX keywords_updated ON keywords (project_id, updated_at);
CREATE INDEX keywords_text ON keywords (project_id, text);
CREATE INDEX keywords_status ON keywords (project_id, status, created_at);
CREATE INDEX keywords_selection ON keywords (project_id, status, priority, coalesce(volume, -1) DESC);
CREATE INDEX keywords_cluster ON keywords (cluster_id, created_at) WHERE cluster_id IS NOT NULL;
CREATE INDEX keywords_article ON keywords (article_id) WHERE article_id IS NOT NULL;

CREATE TABLE connections (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  settings TEXT NOT NULL,
  default_categories TEXT NOT NULL,
  default_tags TEXT NOT NULL,
  status TEXT NOT NULL,
  last_error TEXT,
  last_used_at INTEGER,
  credentials_hint TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  credentials BLOB                        -- sealed; NULL where the connection has none of its own
) STRICT;
CREATE INDEX connections_created ON connections (project_id, created_at);
CREATE INDEX connections_updated ON connections (project_id, updated_at);
CREATE INDEX connections_name ON connections (project_id, name);

CREATE TABLE articles (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  keyword_id TEXT REFERENCES keywords (id) ON DELETE SET NULL,
  keyword_text TEXT,
  title TEXT NOT NULL,
  slug TEXT NOT NULL,
  status TEXT NOT NULL,
  stage TEXT NOT NULL,
  excerpt TEXT,
  meta_title TEXT,
  meta_description TEXT,
  meta_keywords TEXT NOT NULL,
  categories TEXT NOT NULL,
  tags TEXT NOT NULL,
  author_name TEXT,
  canonical_url TEXT,
  featured_image_url TEXT,
  word_count INTEGER NOT NULL,
  scheduled_for INTEGER,
  published_at INTEGER,
  last_updated_at INTEGER,
  external_url TEXT,
  error_code TEXT,
  error_message TEXT,
  sitemap_page INTEGER,
  sitemap_place INTEGER,                  -- rises within the page: its order
  revision INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  markdown TEXT NOT NULL                  -- last, so that lists do not walk its overflow pages
) STRICT;
CREATE UNIQUE INDEX articles_slug ON articles (project_id, slug);
CREATE INDEX articles_created ON articles (account_id, created_at);
CREATE INDEX articles_updated ON articles (account_id, updated_at);
CREATE INDEX articles_title ON articles (account_id, title);
CREATE INDEX articles_status_created ON articles (account_id, status, created_at);
CREATE INDEX articles_status_updated ON articles (account_id, status, updated_at);
CREATE INDEX articles_project_created ON articles (project_id, created_at);
CREATE INDEX articles_project_updated ON articles (project_id, updated_at);
CREATE INDEX articles_project_title ON articles (project_id, title);
CREATE INDEX articles_project_status_created ON articles (project_id, status, created_at);
CREATE INDEX articles_project_status_updated ON articles (project_id, status, updated_at);
CREATE INDEX articles_keyword ON articles (keyword_id, created_at) WHERE keyword_id IS NOT NULL;
CREATE INDEX articles_sitemap ON articles (project_id, sitemap_page, sitemap_place) WHERE sitemap_page IS NOT NULL;
CREATE INDEX articles_published ON articles (project_id, published_at) WHERE status = 'published';

-- Kept by the repo: unindex_article and index_article of the driver.
CREATE VIRTUAL TABLE article_search USING fts5 (
  account_id, project_id, title, keyword_text, markdown,
  content = 'articles', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE revisions (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  excerpt TEXT,
  meta_title TEXT,
  meta_description TEXT,
  meta_keywords TEXT NOT NULL,
  made_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  markdown TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX revisions_number ON revisions (article_id, number);
CREATE INDEX revisions_created ON revisions (article_id, created_at);

CREATE TABLE publications (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  connection_id TEXT REFERENCES connections (id) ON DELETE CASCADE,  -- NULL: published natively
  status TEXT NOT NULL,
  external_id TEXT,
  external_url TEXT,
  last_error TEXT,
  attempts INTEGER NOT NULL,
  published_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX publications_target ON publications (article_id, coalesce(connection_id, ''));
CREATE INDEX publications_created ON publications (account_id, created_at);
CREATE INDEX publications_updated ON publications (account_id, updated_at);
CREATE INDEX publications_status ON publications (account_id, status, created_at);
CREATE INDEX publications_project ON publications (project_id, created_at);
CREATE INDEX publications_project_updated ON publications (project_id, updated_at);
CREATE INDEX publications_project_status ON publications (project_id, status, created_at);
CREATE INDEX publications_connection ON publications (connection_id, created_at) WHERE connection_id IS NOT NULL;
CREATE INDEX publications_connection_status ON publications (connection_id, status, created_at)
  WHERE connection_id IS NOT NULL;

CREATE TABLE webhooks (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  events TEXT NOT NULL,
  format TEXT NOT NULL,
  body_template TEXT,
  headers TEXT NOT NULL,
  rate_limit INTEGER,
  max_in_flight INTEGER NOT NULL,
  status TEXT NOT NULL,
  disabled_reason TEXT,
  own_secret INTEGER NOT NULL,
  failing_since INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  secret BLOB,                            -- sealed; NULL: the project's
  previous_secret BLOB,                   -- sealed; holds until previous_secret_until
  previous_secret_until INTEGER NOT NULL DEFAULT 0,
  next_due_at INTEGER                     -- no pending delivery is due, and no lease ends, before this; NULL: none is pending
) STRICT;
CREATE INDEX webhooks_created ON webhooks (project_id, created_at);
CREATE INDEX webhooks_updated ON webhooks (project_id, updated_at);
-- The queue of endpoints: which of them have something due, without a look at their deliveries.
CREATE INDEX webhooks_due ON webhooks (next_due_at) WHERE status = 'active' AND next_due_at IS NOT NULL;

CREATE TABLE events (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  article_id TEXT,                        -- no foreign key: the event outlives its article
  created_at INTEGER NOT NULL,
  snapshot TEXT NOT NULL
) STRICT;
CREATE INDEX events_project ON events (project_id, created_at);

CREATE TABLE deliveries (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  webhook_id TEXT REFERENCES webhooks (id) ON DELETE CASCADE,        -- either this
  connection_id TEXT REFERENCES connections (id) ON DELETE CASCADE,  -- or this
  event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  article_id TEXT,                        -- no foreign key, as in events
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_attempt_at INTEGER,
  lease_until INTEGER,                    -- set while somebody sends it
  last_status INTEGER,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  CHECK ((webhook_id IS NULL) <> (connection_id IS NULL))
) STRICT;
CREATE INDEX deliveries_project ON deliveries (project_id);
CREATE INDEX deliveries_event ON deliveries (event_id);
CREATE INDEX deliveries_webhook ON deliveries (webhook_id, created_at) WHERE webhook_id IS NOT NULL;
CREATE INDEX deliveries_webhook_status ON deliveries (webhook_id, status, created_at) WHERE webhook_id IS NOT NULL;
CREATE INDEX deliveries_connection ON deliveries (connection_id, created_at) WHERE connection_id IS NOT NULL;
-- The queue of an endpoint: when what waits is due or its lease ends; and what is being sent.
CREATE INDEX deliveries_due ON deliveries (webhook_id, coalesce(lease_until, next_attempt_at, created_at))
  WHERE status = 'pending' AND webhook_id IS NOT NULL;
CREATE INDEX deliveries_leased ON deliveries (webhook_id, lease_until, status)
  WHERE status = 'pending' AND lease_until IS NOT NULL;

CREATE TABLE attempts (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  delivery_id TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  webhook_id TEXT,                        -- the delivery's, for the figures of an endpoint
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  duration INTEGER NOT NULL,
  status INTEGER,
  error_class TEXT NOT NULL,
  error TEXT NOT NULL,
  peer TEXT NOT NULL,
  response_headers TEXT NOT NULL,
  response_body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX attempts_number ON attempts (delivery_id, number);
-- With error_class, as deliveries_leased with status, so that counting reads the index alone: SQLite asks again what the WHERE implies.
CREATE INDEX attempts_succeeded ON attempts (webhook_id, started_at, error_class) WHERE error_class = '';
CREATE INDEX attempts_failed ON attempts (webhook_id, started_at, error_class) WHERE error_class <> '';

CREATE TABLE jobs (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  error_code TEXT,
  error_message TEXT,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX jobs_created ON jobs (account_id, created_at);
CREATE INDEX jobs_updated ON jobs (account_id, updated_at);
CREATE INDEX jobs_project_created ON jobs (project_id, created_at);
CREATE INDEX jobs_project_updated ON jobs (project_id, updated_at);

CREATE TABLE job_items (
  row INTEGER PRIMARY KEY AUTOINCREMENT,  -- JobItem::number
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  article_id TEXT NOT NULL,               -- no foreign key: an item whose article went still has to end
  connection_id TEXT,
  options TEXT NOT NULL,
  status TEXT NOT NULL,                   -- running while leased
  attempts INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  lease_until INTEGER,
  error_code TEXT,
  error_message TEXT
) STRICT;
CREATE INDEX job_items_job ON job_items (job_id);
CREATE INDEX job_items_article ON job_items (article_id, kind);
CREATE INDEX job_items_due ON job_items (kind, due_at) WHERE status = 'queued';
CREATE INDEX job_items_leased ON job_items (kind, lease_until) WHERE status = 'running';

CREATE TABLE job_events (
  row INTEGER PRIMARY KEY AUTOINCREMENT,  -- JobEvent::number
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX job_events_job ON job_events (job_id);

CREATE TABLE sitemap_pages (
  row INTEGER PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  page INTEGER NOT NULL,
  given INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  last_modified INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sitemap_pages_number ON sitemap_pages (project_id, page);

-- How many there are of each, so that no list and no project counts a million rows. Kept by the triggers below.
CREATE TABLE article_counts (
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  status TEXT NOT NULL,
  account_id TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (project_id, status)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_counts_account ON article_counts (account_id, status, amount);

CREATE TABLE keyword_counts (
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  status TEXT NOT NULL,
  account_id TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (project_id, status)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER articles_counted AFTER INSERT ON articles BEGIN
  INSERT INTO article_counts (project_id, status, account_id, amount)
  VALUES (new.project_id, new.status, new.account_id, 1)
  ON CONFLICT (project_id, status) DO UPDATE SET amount = amount + 1;
END;
CREATE TRIGGER articles_recounted AFTER UPDATE OF status ON articles WHEN old.status <> new.status BEGIN
  UPDATE article_counts SET amount = amount - 1 WHERE project_id = old.project_id AND status = old.status;
  INSERT INTO article_counts (project_id, status, account_id, amount)
  VALUES (new.project_id, new.status, new.account_id, 1)
  ON CONFLICT (project_id, status) DO UPDATE SET amount = amount + 1;
END;
CREATE TRIGGER articles_discounted AFTER DELETE ON articles BEGIN
  UPDATE article_counts SET amount = amount - 1 WHERE project_id = old.project_id AND status = old.status;
END;
CREATE TRIGGER keywords_counted AFTER INSERT ON keywords BEGIN
  INSERT INTO keyword_counts (project_id, status, account_id, amount)
  VALUES (new.project_id, new.status, new.account_id, 1)
  ON CONFLICT (project_id, status) DO UPDATE SET amount = amount + 1;
END;
CREATE TRIGGER keywords_recounted AFTER UPDATE OF status ON keywords WHEN old.status <> new.status BEGIN
  UPDATE keyword_counts SET amount = amount - 1 WHERE project_id = old.project_id AND status = old.status;
  INSERT INTO keyword_counts (project_id, status, account_id, amount)
  VALUES (new.project_id, new.status, new.account_id, 1)
  ON CONFLICT (project_id, status) DO UPDATE SET amount = amount + 1;
END;
CREATE TRIGGER keywords_discounted AFTER DELETE ON keywords BEGIN
  UPDATE keyword_counts SET amount = amount - 1 WHERE project_id = old.project_id AND status = old.status;
END;
