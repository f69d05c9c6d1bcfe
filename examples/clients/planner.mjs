// Signs in and lists keywords with the planner and writer API. Node 18 or newer, or any browser's fetch.
//   URL=http://127.0.0.1:8080 EMAIL=user@example.com PASSWORD=… node examples/clients/planner.mjs
const api = `${process.env.URL ?? 'http://127.0.0.1:8080'}/api/v1`;

async function call(method, path, { token, body } = {}) {
  const answer = await fetch(path.startsWith('http') ? path : `${api}/${path}`, {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    body: body && JSON.stringify(body),
  });
  const result = await answer.json();
  if (!result.success) {
    throw new Error(`${result.error} ${JSON.stringify(result.errors ?? {})} (request ${result.request_id})`);
  }
  return result;
}

const { data } = await call('POST', 'auth/login/', {
  body: { email: process.env.EMAIL, password: process.env.PASSWORD },
});
const token = data.access;
await call('POST', 'planner/keywords/', { token, body: { keyword: 'made by planner.mjs', volume: 20 } });

let page = await call('GET', 'planner/keywords/?page_size=100', { token });
console.log(`Found ${page.count} keywords`);
for (;;) {
  for (const keyword of page.results) console.log(keyword.id, keyword.keyword, keyword.volume);
  if (page.next === null) break;
  page = await call('GET', page.next, { token });
}
