-- How many publications a project, a connection or an account has by state, so that no list counts a million of them.
CREATE TABLE publication_counts (
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  connection_id TEXT NOT NULL,            -- empty: published natively
  status TEXT NOT NULL,
  account_id TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (project_id, status, connection_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX publication_counts_account ON publication_counts (account_id, status, amount);
CREATE INDEX publication_counts_connection ON publication_counts (connection_id, status, amount);

INSERT INTO publication_counts (project_id, connection_id, status, account_id, amount)
SELECT project_id, coalesce(connection_id, ''), status, account_id, count(*) FROM publications
GROUP BY project_id, coalesce(connection_id, ''), status;

CREATE TRIGGER publications_counted AFTER INSERT ON publications BEGIN
  INSERT INTO publication_counts (project_id, connection_id, status, account_id, amount)
  VALUES (new.project_id, coalesce(new.connection_id, ''), new.status, new.account_id, 1)
  ON CONFLICT (project_id, status, connection_id) DO UPDATE SET amount = amount + 1;
END;
CREATE TRIGGER publications_recounted AFTER UPDATE OF status ON publications WHEN old.status <> new.status BEGIN
  UPDATE publication_counts SET amount = amount - 1
  WHERE project_id = old.project_id AND status = old.status AND connection_id = coalesce(old.connection_id, '');
  INSERT INTO publication_counts (project_id, connection_id, status, account_id, amount)
  VALUES (new.project_id, coalesce(new.connection_id, ''), new.status, new.account_id, 1)
  ON CONFLICT (project_id, status, connection_id) DO UPDATE SET amount = amount + 1;
END;
CREATE TRIGGER publications_discounted AFTER DELETE ON publications BEGIN
  UPDATE publication_counts SET amount = amount - 1
  WHERE project_id = old.project_id AND status = old.status AND connection_id = coalesce(old.connection_id, '');
END;
CREATE TRIGGER connections_forgotten AFTER DELETE ON connections BEGIN
  DELETE FROM publication_counts WHERE connection_id = old.id;
END;
