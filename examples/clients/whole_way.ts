// From keywords to published articles, once in each dialect, with a client whose types are made from the OpenAPI
// document. Node 18 or newer.
//   app/run openapi > galley.json
//   npx openapi-typescript galley.json -o schema.d.ts && npm install openapi-fetch
//   npx tsc --strict --module nodenext --target es2022 whole_way.ts
//   URL=http://127.0.0.1:8080 KEY=… EMAIL=user@example.com PASSWORD=… node whole_way.js
import createClient from 'openapi-fetch';
import type { paths } from './schema.js';

declare const process: { env: Record<string, string | undefined> };
const { URL: baseUrl = 'http://127.0.0.1:8080', KEY, EMAIL = '', PASSWORD = '' } = process.env;

// What must have succeeded; an error's frame is in the text.
function must<Data>(answer: { data?: Data; error?: unknown; response: Response }): Data {
  if (answer.data === undefined) throw new Error(`${answer.response.status} ${JSON.stringify(answer.error)}`);
  return answer.data;
}

async function until<State>(look: () => Promise<State>, done: (state: State) => boolean): Promise<State> {
  for (let tries = 0; tries < 100; tries += 1) {
    const state = await look();
    if (done(state)) return state;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('It took too long.');
}

// The publishing API: an API key, opaque ids.
const publishing = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${KEY}` } });
const project = must(await publishing.POST('/api/v1/projects', {
  body: { name: 'Coffee & cake', targetDomain: 'https://coffee.example' },
}));
const generated = must(await publishing.POST('/api/v1/projects/{projectId}/articles/generate', {
  params: { path: { projectId: project.id } },
  body: { keywords: ['moka pot', 'french press'], publish: 'now' },
}));
const job = await until(
  async () => must(await publishing.GET('/api/v1/jobs/{jobId}', { params: { path: { jobId: generated.jobId } } })),
  (state) => state.status === 'succeeded' || state.status === 'failed',
);
const articles = must(await publishing.GET('/api/v1/articles', {
  params: { query: { project: project.id, status: ['published'] } },
}));
console.log(`${job.status}: ${articles.pagination.total} articles published`);
for (const article of articles.data) console.log(article.url, article.title);

// The planner and writer API: a user who signs in, whole numbers.
const signedIn = must(await createClient<paths>({ baseUrl }).POST('/api/v1/auth/login/', {
  body: { email: EMAIL, password: PASSWORD },
}));
const planner = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${signedIn.data.access}` } });
for (const keyword of ['green tea', 'green tea benefits']) {
  must(await planner.POST('/api/v1/planner/keywords/', { body: { keyword, volume: 500 } }));
}
const clustered = must(await planner.POST('/api/v1/planner/keywords/auto_cluster/', { body: {} }));
if (!('clusters' in clustered.data)) throw new Error('Grouping goes on in the background.');
const [cluster] = clustered.data.clusters;
if (cluster === undefined) throw new Error('There is no group.');
const ideas = must(await planner.POST('/api/v1/planner/clusters/auto_generate_ideas/', { body: { ids: [cluster.id] } }));
const [idea] = ideas.data.ideas;
if (idea === undefined) throw new Error('There is no idea.');
const task = must(await planner.POST('/api/v1/planner/ideas/{id}/queue/', { params: { path: { id: idea.id } } }));
const writing = must(await planner.POST('/api/v1/writer/tasks/auto_generate_content/', { body: { ids: [task.data.id] } }));
await until(
  async () => must(await planner.GET('/api/v1/system/tasks/{id}/', { params: { path: { id: writing.data.task_id } } })),
  (state) => state.data.status === 'succeeded' || state.data.status === 'failed',
);
const contents = must(await planner.GET('/api/v1/writer/content/', { params: { query: { search: 'green tea' } } }));
console.log(`Found ${contents.count} contents: ${contents.results.map((content) => content.title).join('; ')}`);
