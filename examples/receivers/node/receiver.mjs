#!/usr/bin/env node
// A webhook receiver for Galley, without dependencies (Node 18 or newer). See README.md beside it.
import crypto from 'node:crypto';
import http from 'node:http';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';

// Accepted between a message's timestamp and our clock, in seconds.
const toleranceSeconds = 300;
// Ids that are remembered against replays; an id older than the tolerance is refused by its timestamp anyway.
const maxRemembered = 100_000;
const maxBodyBytes = 10 * 1024 * 1024;

const sha256Hmac = (key, content, encoding) => crypto.createHmac('sha256', key).update(content).digest(encoding);

// In constant time. Unequal lengths say nothing of the secret: both are those of a digest's text.
function sameText(given, expected) {
  const a = Buffer.from(given ?? '', 'utf8');
  const b = Buffer.from(expected, 'utf8');
  return a.length === b.length && crypto.timingSafeEqual(a, b);
}

// X-iCF-Signature: hexadecimal HMAC-SHA256 over the body's very bytes, keyed with the secret as it was shown.
export function verifyBytes(body, signature, secret) {
  return sameText(signature, sha256Hmac(secret, body, 'hex'));
}

// The reference's sample: the same over what JSON.stringify makes of the parsed body. It holds for Galley's bodies,
// and is here to show that; verifyBytes is the one to trust.
export function verifyParsed(body, signature, secret) {
  try {
    return sameText(signature, sha256Hmac(secret, JSON.stringify(JSON.parse(body.toString('utf8'))), 'hex'));
  } catch {
    return false;
  }
}

// webhook-signature (Standard Webhooks): "v1,<base64>", several separated by spaces while a secret is rotated.
export function verifyStandard(body, headers, secret) {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const content = Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body]);
  const expected = `v1,${sha256Hmac(key, content, 'base64')}`;
  let holds = false;
  for (const signature of (headers['webhook-signature'] ?? '').split(' ')) {
    if (sameText(signature, expected)) holds = true;
  }
  return holds;
}

// The newest ids, so that memory stays bounded: a Map keeps the order in which they came.
export class SeenIds {
  #seen = new Map();

  // What was answered to this id within the tolerance, or undefined.
  find(id, now) {
    const known = this.#seen.get(id);
    return known !== undefined && now - known.at <= 2 * toleranceSeconds ? known.answer : undefined;
  }

  add(id, answer, now) {
    this.#seen.delete(id);
    this.#seen.set(id, { answer, at: now });
    while (this.#seen.size > maxRemembered) this.#seen.delete(this.#seen.keys().next().value);
  }
}

// What to answer to one request, and the line to print of it.
export function judge(body, headers, { secret, seen, now, siteUrl }) {
  const id = headers['webhook-id'] ?? headers['x-icf-delivery'] ?? '';
  const checks = {
    bytes: verifyBytes(body, headers['x-icf-signature'], secret),
    parsed: verifyParsed(body, headers['x-icf-signature'], secret),
  };
  if (secret.startsWith('whsec_')) checks.standard = verifyStandard(body, headers, secret);
  const notes = Object.entries(checks).map(([name, holds]) => `${name}=${holds ? 'valid' : 'INVALID'}`);
  const answer = (status, word, content) => ({
    status,
    content,
    accepted: word === 'accepted',
    line: [headers['x-icf-event'] ?? '-', id || '-', `try=${headers['x-icf-attempt'] ?? '-'}`, ...notes, word].join(' '),
  });

  // Where there is a webhook-signature it decides: it covers id and timestamp too, and while a secret is rotated it holds
  // for the old and the new one, whereas X-iCF-Signature still is the old one's.
  if (!(checks.standard ?? checks.bytes)) return answer(401, 'refused', { error: 'The signature does not hold.' });
  if (!id) return answer(400, 'no id', { error: 'There is no webhook-id.' });

  // Only webhook-signature covers the timestamp. With a secret of another form it guards against accidents alone.
  const timestamp = Number(headers['webhook-timestamp'] ?? headers['x-icf-timestamp']);
  if (!Number.isFinite(timestamp) || Math.abs(now - timestamp) > toleranceSeconds) {
    return answer(400, 'stale', { error: 'The timestamp is not within five minutes of now.' });
  }

  // Delivered at least once: a repeated id is answered as it was the first time, and nothing is done again.
  const before = seen.find(id, now);
  if (before !== undefined) return answer(200, 'repeated', before);

  let message;
  try {
    message = JSON.parse(body.toString('utf8'));
  } catch {
    return answer(400, 'no JSON', { error: 'The body is not JSON.' });
  }
  // A CMS of your own stores the article here, by slug: the same slug again is an update. What "id" and "url" say in
  // the answer is what Galley keeps as the post's remote id and address.
  const article = message?.article ?? message;
  const slug = String(article?.slug ?? article?.id ?? id);
  const content = { id: `post-${slug}`, url: `${siteUrl}/${encodeURIComponent(slug)}` };
  seen.add(id, content, now);
  return answer(200, 'accepted', content);
}

async function readBody(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > maxBodyBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function send(response, status, content) {
  const text = JSON.stringify(content);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

// print receives one line for each delivery; onDelivery is called once its answer was sent.
export function createReceiver({ secret, siteUrl, print = console.log, onDelivery = () => {} }) {
  const seen = new SeenIds();
  return http.createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, async (request, response) => {
    try {
      if (request.method !== 'POST') return send(response, 405, { error: 'POST only.' });
      const body = await readBody(request);
      if (body === undefined) {
        response.setHeader('Connection', 'close');
        return send(response, 413, { error: 'The body is too large.' });
      }
      const verdict = judge(body, request.headers, { secret, seen, now: Date.now() / 1000, siteUrl });
      print(`${new Date().toISOString()} ${verdict.status} ${verdict.line}`);
      response.once('finish', () => onDelivery(verdict));
      send(response, verdict.status, verdict.content);
    } catch (error) {
      // The sender went away, or a bug: 500 makes Galley try again.
      print(`${new Date().toISOString()} 500 ${error.message}`);
      if (!response.headersSent) send(response, 500, { error: 'Something went wrong here.' });
    }
  });
}

const usage = `receiver.mjs [--port 9000] [--host 127.0.0.1] [--site-url URL] [--once N]
  WEBHOOK_SECRET (or --secret, which other users of the machine can see) is the secret that Galley showed.
  PORT, HOST and SITE_URL stand for the other flags. --once N ends after N accepted deliveries.`;

function main() {
  const env = process.env;
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: env.PORT ?? '9000' },
      host: { type: 'string', default: env.HOST ?? '127.0.0.1' },
      secret: { type: 'string', default: env.WEBHOOK_SECRET ?? '' },
      'site-url': { type: 'string', default: env.SITE_URL ?? 'https://example.com/blog' },
      once: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const port = Number(values.port);
  let left = values.once === undefined ? Infinity : Number(values.once);
  // Without a secret anybody's request would be taken: there is no default.
  if (!values.secret || !Number.isInteger(port) || port < 0 || port > 65535 || !(left >= 1)) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  const server = createReceiver({
    secret: values.secret,
    siteUrl: values['site-url'].replace(/\/+$/, ''),
    onDelivery(verdict) {
      if (!verdict.accepted || --left > 0) return;
      stop();
    },
  });
  const stop = () => {
    server.close();
    // Idle kept-alive connections would keep the program running.
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 1000).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  server.on('error', (error) => {
    console.error(`Cannot listen: ${error.message}`);
    process.exitCode = 1;
  });
  server.listen(port, values.host, () => {
    const address = server.address();
    console.log(`listening on http://${address.address}:${address.port}`);
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
