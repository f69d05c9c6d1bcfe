// Takes deliveries on every loopback address and keeps how late each came: now less the event's createdAt, in ms.
//   node receiver.mjs        prints "listening on PORT"; GET /take answers what came since the last time, and forgets it
// Those to /slow are answered after two seconds and not kept.
import http from 'node:http';

let late = [];

const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify(late));
    late = [];
    return;
  }
  if (request.url === '/slow') {
    request.resume();
    setTimeout(() => response.end(), 2000);
    return;
  }
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const now = Date.now();
    late.push(now - Date.parse(JSON.parse(Buffer.concat(parts).toString()).createdAt));
    response.end();
  });
});
server.listen(0, '0.0.0.0', 4096, () => console.log(`listening on ${server.address().port}`));
