// What a user would write instead of Galley's webhooks: a queue of BullMQ, a worker, and a kept connection for each
// that undici has open.
//   node deliverer.mjs --redis SOCKET --request FILE --secret SECRET --sink PORT --endpoints N
// prints "listening on PORT". GET /begin?deliveries=N puts that many into the queue, a batch for each event, and answers
// at once; GET /done tells how many came to their end since then: {"completed","failed"}.
// FILE: a request as Galley sends it, whose body is sent here as well.
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { parseArgs } from 'node:util';
import { Queue, Worker } from 'bullmq';
import Redis from 'ioredis';
import { Agent } from 'undici';

const { values: given } = parseArgs({
  options: { redis: { type: 'string' }, request: { type: 'string' }, secret: { type: 'string' },
    sink: { type: 'string' }, endpoints: { type: 'string' } },
});

const captured = fs.readFileSync(given.request);
const body = captured.subarray(captured.indexOf('\r\n\r\n') + 4).toString();
const endpoints = Array.from({ length: Number(given.endpoints) }, (_, i) => `http://127.0.1.${i + 1}:${given.sink}`);
const secretText = given.secret;
const secretBytes = Buffer.from(secretText.replace('whsec_', ''), 'base64');
const connect = () => new Redis({ path: given.redis, maxRetriesPerRequest: null });

// A pool of its own for each origin, as many connections as Galley may have in flight to one endpoint.
const agent = new Agent({ connections: 32, pipelining: 1, keepAliveTimeout: 60_000 });

async function deliver(job) {
  const { url, event, type, payload } = job.data;
  const seconds = Math.floor(Date.now() / 1000).toString();
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'deliverer/1.0',
    'x-icf-signature': crypto.createHmac('sha256', secretText).update(payload).digest('hex'),
    'x-icf-event': type,
    'x-icf-delivery': job.id,
    'x-icf-attempt': String(job.attemptsMade + 1),
    'x-icf-timestamp': seconds,
    'webhook-id': event,
    'webhook-timestamp': seconds,
    'webhook-signature':
      `v1,${crypto.createHmac('sha256', secretBytes).update(`${event}.${seconds}.${payload}`).digest('base64')}`,
  };
  const begun = performance.now();
  const answer = await agent.request({ origin: url, path: '/', method: 'POST', headers, body: payload,
    headersTimeout: 15_000, bodyTimeout: 15_000 });
  const text = await answer.body.text();
  // What BullMQ keeps of the attempt; of one that failed it keeps the error.
  const attempt = { status: answer.statusCode, ms: performance.now() - begun, requestHeaders: headers,
    headers: answer.headers, body: text.slice(0, 4096) };
  if (attempt.status < 200 || attempt.status > 299) throw new Error(JSON.stringify(attempt));
  return attempt;
}

const queue = new Queue('deliveries', {
  connection: connect(),
  defaultJobOptions: { attempts: 5, backoff: { type: 'exponential', delay: 5000 } },  // completed jobs are kept
});
let completed = 0;
let failed = 0;
const worker = new Worker('deliveries', deliver, { connection: connect(), concurrency: 100 });
worker.on('completed', () => { completed += 1; });
worker.on('failed', () => { failed += 1; });
worker.on('error', (error) => { console.error(error); process.exit(1); });
await worker.waitUntilReady();

async function produce(deliveries) {
  for (let made = 0; made < deliveries; made += endpoints.length) {
    const event = `evt_${crypto.randomBytes(10).toString('hex')}`;
    await queue.addBulk(endpoints.map((url) => ({ name: 'article.created',
      data: { url, event, type: 'article.created', payload: body } })));
  }
}

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/begin') {
    completed = 0;
    failed = 0;
    produce(Number(url.searchParams.get('deliveries')));
  }
  response.end(JSON.stringify({ completed, failed }));
});
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
