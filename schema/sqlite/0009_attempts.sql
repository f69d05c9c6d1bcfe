-- What a try sent, how long it was in each phase (microseconds), and why the next one is when it is.
ALTER TABLE attempts ADD COLUMN request_headers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE attempts ADD COLUMN dns_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN connect_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN tls_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN first_byte_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN next_reason TEXT NOT NULL DEFAULT '';
