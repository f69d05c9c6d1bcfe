// What a user would write instead of Galley: two routes of the publishing API with Fastify and better-sqlite3.
//   node server.mjs --db FILE --articles FILE --log FILE     prints "listening on PORT"
// articles: {"accountId", "keys": [SHA-256 in hex], "articles": [as the API lists them], "rows": [row numbers]}
import crypto from 'node:crypto';
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import Fastify from 'fastify';
import pino from 'pino';

const { values: given } = parseArgs({
  options: { db: { type: 'string' }, articles: { type: 'string' }, log: { type: 'string' } },
});

const texts = ['id', 'projectId', 'keywordId', 'keyword', 'title', 'slug', 'status', 'stage', 'excerpt', 'metaTitle',
  'metaDescription', 'metaKeywords', 'categories', 'tags', 'authorName', 'canonicalUrl', 'featuredImageUrl',
  'scheduledFor', 'publishedAt', 'lastUpdatedAt', 'url', 'error', 'createdAt', 'updatedAt'];
const lists = ['metaKeywords', 'categories', 'tags'];
const columns = [...texts, 'wordCount', 'readingTime'];

// The same durability as Galley's: a commit is on the disk when it returns.
const db = new Database(given.db);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.pragma('foreign_keys = ON');
db.exec(`
  CREATE TABLE api_keys (digest BLOB PRIMARY KEY, account_id TEXT NOT NULL, revoked_at INTEGER);
  CREATE TABLE articles (
    row INTEGER PRIMARY KEY, account_id TEXT NOT NULL, created INTEGER NOT NULL, markdown TEXT NOT NULL DEFAULT '',
    ${texts.map((name) => `"${name}" TEXT`).join(', ')}, wordCount INTEGER, readingTime INTEGER);
  CREATE UNIQUE INDEX articles_id ON articles (id);
  CREATE UNIQUE INDEX articles_slug ON articles (projectId, slug);
  CREATE INDEX articles_created ON articles (account_id, created);
  CREATE TABLE revisions (row INTEGER PRIMARY KEY, article_id TEXT NOT NULL, number INTEGER, markdown TEXT NOT NULL);
  CREATE TABLE events (row INTEGER PRIMARY KEY, id TEXT UNIQUE, project_id TEXT, name TEXT, body TEXT NOT NULL);
  CREATE TABLE audit (row INTEGER PRIMARY KEY, account_id TEXT, action TEXT, subject TEXT, at TEXT);
`);

const insertArticle = db.prepare(`INSERT INTO articles (row, account_id, created, markdown, ${columns.map((c) => `"${c}"`).join(', ')})
  VALUES (@row, @account_id, @created, @markdown, ${columns.map((c) => `@${c}`).join(', ')})`);
const insertRevision = db.prepare('INSERT INTO revisions (article_id, number, markdown) VALUES (?, 1, ?)');
const insertEvent = db.prepare("INSERT INTO events (id, project_id, name, body) VALUES (?, ?, 'article.created', ?)");
const insertAudit = db.prepare("INSERT INTO audit (account_id, action, subject, at) VALUES (?, 'article.create', ?, ?)");
const findKey = db.prepare('SELECT account_id FROM api_keys WHERE digest = ? AND revoked_at IS NULL');
const listArticles = db.prepare(`SELECT row, created, ${columns.map((c) => `"${c}"`).join(', ')} FROM articles
  WHERE account_id = ? ORDER BY created DESC, row DESC LIMIT ? OFFSET ?`).raw();
const countArticles = db.prepare('SELECT count(*) AS total FROM (SELECT 1 FROM articles WHERE account_id = ? LIMIT 10001)');

const toRow = (article, row, accountId, markdown = '') => ({
  ...article,
  row,
  account_id: accountId,
  created: Date.parse(article.createdAt),
  markdown,
  error: null,
  ...Object.fromEntries(lists.map((name) => [name, JSON.stringify(article[name])])),
});

// Rows come as arrays, which better-sqlite3 makes in half the time of objects.
function fromRow([, , id, projectId, keywordId, keyword, title, slug, status, stage, excerpt, metaTitle, metaDescription,
  metaKeywords, categories, tags, authorName, canonicalUrl, featuredImageUrl, scheduledFor, publishedAt, lastUpdatedAt,
  url, error, createdAt, updatedAt, wordCount, readingTime]) {
  return {
    id, projectId, keywordId, keyword, title, slug, status, stage, excerpt, metaTitle, metaDescription,
    metaKeywords: JSON.parse(metaKeywords), categories: JSON.parse(categories), tags: JSON.parse(tags), authorName,
    canonicalUrl, featuredImageUrl, wordCount, readingTime, scheduledFor, publishedAt, lastUpdatedAt, url, error,
    createdAt, updatedAt,
  };
}

const loaded = JSON.parse(fs.readFileSync(given.articles, 'utf8'));
db.transaction(() => {
  for (const digest of loaded.keys) {
    db.prepare('INSERT INTO api_keys VALUES (?, ?, NULL)').run(Buffer.from(digest, 'hex'), loaded.accountId);
  }
  loaded.articles.forEach((article, i) => insertArticle.run(toRow(article, loaded.rows[i], loaded.accountId)));
})();

const app = Fastify({
  // One line a request, written in blocks: as cheap as pino can be had.
  logger: { level: 'info', stream: pino.destination({ dest: given.log, minLength: 8192, sync: true }) },
  disableRequestLogging: true,
  genReqId: () => crypto.randomUUID(),
});

const windows = new Map();
const limit = 1_000_000;

// A fixed window of a minute per key: less work than a sliding one.
function passes(accountId, reply) {
  const now = Date.now();
  let window = windows.get(accountId);
  if (window === undefined || now >= window.end) {
    window = { end: now + 60_000, count: 0 };
    windows.set(accountId, window);
  }
  window.count += 1;
  reply.header('X-RateLimit-Limit', limit);
  reply.header('X-RateLimit-Remaining', Math.max(0, limit - window.count));
  reply.header('X-RateLimit-Reset', Math.ceil(window.end / 1000));
  return window.count <= 10 * limit;
}

const refuse = (reply, status, code, message) => reply.code(status).send({ error: { code, message, details: {} } });

app.decorateRequest('accountId', null);
app.addHook('onRequest', async (request, reply) => {
  reply.header('X-Request-ID', request.id);
  const field = request.headers.authorization ?? '';
  if (!field.startsWith('Bearer ')) return refuse(reply, 401, 'UNAUTHORIZED', 'No credential.');
  const key = findKey.get(crypto.createHash('sha256').update(field.slice(7)).digest());
  if (key === undefined) return refuse(reply, 401, 'UNAUTHORIZED', 'Unknown credential.');
  if (!passes(field, reply)) return refuse(reply, 429, 'RATE_LIMIT_EXCEEDED', 'Too many requests.');
  request.accountId = key.account_id;
});
app.addHook('onResponse', async (request, reply) => {
  request.log.info({ method: request.method, route: request.routeOptions.url, status: reply.statusCode,
    account: request.accountId, ms: reply.elapsedTime });
});

app.get('/api/v1/articles', (request, reply) => {
  const size = Number(request.query.pageSize ?? 20);
  const page = Number(request.query.page ?? 1);
  const rows = listArticles.all(request.accountId, size + 1, (page - 1) * size);
  const { total } = countArticles.get(request.accountId);
  const more = rows.length > size;
  if (more) rows.pop();
  const [lastRow, lastCreated] = rows[rows.length - 1] ?? [];
  const nextCursor = more ? Buffer.from(`${loaded.cursorHead}${lastRow}:${lastCreated}`).toString('base64url') : null;
  reply.send({ data: rows.map(fromRow), pagination: { page, pageSize: size, total, nextCursor } });
});

const makeId = (prefix) => `${prefix}_${crypto.randomBytes(10).toString('hex')}`;

const createArticle = db.transaction((article, accountId, markdown) => {
  insertArticle.run(toRow(article, null, accountId, markdown));
  insertRevision.run(article.id, markdown);
  insertEvent.run(makeId('evt'), article.projectId, JSON.stringify({ event: 'article.created', article }));
  insertAudit.run(accountId, article.id, article.createdAt);
});

app.post('/api/v1/projects/:projectId/articles', (request, reply) => {
  const { title, slug, markdown } = request.body ?? {};
  if (typeof title !== 'string' || typeof slug !== 'string' || typeof markdown !== 'string') {
    return refuse(reply, 400, 'VALIDATION_FAILED', 'Bad fields.');
  }
  const now = new Date().toISOString();
  const words = markdown.split(/\s+/).filter(Boolean).length;
  const article = {
    id: makeId('art'), projectId: request.params.projectId, keywordId: null, keyword: null, title, slug,
    status: 'draft', stage: 'none', excerpt: markdown.slice(0, 160), metaTitle: title,
    metaDescription: markdown.slice(0, 160), metaKeywords: [], categories: [], tags: [], authorName: null,
    canonicalUrl: null, featuredImageUrl: null, wordCount: words, readingTime: Math.ceil(words / 200),
    scheduledFor: null, publishedAt: null, lastUpdatedAt: null, url: null, error: null, createdAt: now, updatedAt: now,
  };
  createArticle(article, request.accountId, markdown);
  reply.code(201).header('Location', `/api/v1/articles/${article.id}`).send({ ...article, markdown });
});

await app.listen({ host: '127.0.0.1', port: 0 });
console.log(`listening on ${app.server.address().port}`);
process.on('SIGTERM', () => app.close().then(() => process.exit(0)));
