-- What makes forgetting cheap: the oldest of each kind is found by an index, and never by looking at all of them.

-- Set when the snapshot was emptied because it was old. An event without it can still be sent.
ALTER TABLE events ADD COLUMN purged_at INTEGER;
CREATE INDEX events_kept ON events (created_at) WHERE purged_at IS NULL;
CREATE INDEX deliveries_finished ON deliveries (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;

-- Publications of a connection by their last change: the one order of a list that had no index.
CREATE INDEX publications_connection_updated ON publications (connection_id, updated_at) WHERE connection_id IS NOT NULL;

-- One row: how many articles have lost words to the search, by a change of their text or with themselves. A search that
-- was counted before finds at most so many fewer than it did.
CREATE TABLE search_removals (
  row INTEGER PRIMARY KEY,
  amount INTEGER NOT NULL
) STRICT;
INSERT INTO search_removals (row, amount) VALUES (1, 0);
