-- What lists and searches of a million rows need besides.

-- Publications of a connection by their last change: the one order of a list that had no index.
CREATE INDEX publications_connection_updated ON publications (connection_id, updated_at) WHERE connection_id IS NOT NULL;

-- One row: how many articles have lost words to the search, by a change of their text or with themselves. A search that
-- was counted before finds at most so many fewer than it did.
CREATE TABLE search_removals (
  row INTEGER PRIMARY KEY,
  amount INTEGER NOT NULL
) STRICT;
INSERT INTO search_removals (row, amount) VALUES (1, 0);
