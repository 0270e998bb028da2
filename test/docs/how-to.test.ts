import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, runProgram } from '../cli/run-program.ts';
import { startTeacherServer } from '../cli/teacher-server.ts';
import type { ChatServer } from '../models/chat-server.ts';

const HOW_TO = new URL('../../docs/how-to/', import.meta.url);
/** What the blocks may use without making it, as `test/end-to-end/docs/free-names.ts` declares it. */
const FREE: Readonly<Record<string, string>> = {
  run: "const run = (await import('aloe-align')).memoryRun();",
  gpt: "const gpt = (await import('aloe-align/models/openai')).openai('gpt', { revision: 'r' });",
  claude: "const claude = (await import('aloe-align/models/openai')).openai('claude', { revision: 'r' });",
  model: "const model = (await import('aloe-align/models/openai')).openai('tiny', { revision: 'r' });",
};
/** Makes the results that the pages read. */
const RESULTS = `
import { AloeEvaluator, aloeCases, saveEvaluation } from 'aloe-align';

const evaluator = new AloeEvaluator({ user: gpt, judge: gpt, cases: aloeCases({ count: 5, seed: 7 }), turns: 2 });
const result = await evaluator.evaluate(model);
for (const name of ['bare', 'tuned', 'baseline', 'evaluation']) await saveEvaluation(result, \`\${name}.json\`);
`;

const pages = (await readdir(HOW_TO)).sort();
const blocks = (
  await Promise.all(
    pages.map(async (page) => {
      const text = await readFile(new URL(page, HOW_TO), 'utf8');
      return Array.from(text.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = '']): [string, string] => [
        page,
        code,
      ]);
    }),
  )
).flat();

let dir: string;
let server: ChatServer;

function runBlock(code: string): ReturnType<typeof runProgram> {
  const names = Object.keys(FREE).filter(
    (name) => new RegExp(`\\b${name}\\b`).test(code) && !new RegExp(`const ${name}\\b`).test(code),
  );
  const program = [...names.map((name) => FREE[name]!), code].join('\n');
  return writeFile(
    join(dir, 'block.mts'),
    program.replaceAll('http://localhost:8000/v1', server.baseUrl),
  ).then(() =>
    runProgram(['--import', import.meta.resolve('tsx'), 'block.mts'], {
      cwd: dir,
      env: {
        TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json'),
        OPENAI_API_KEY: 'any',
        OPENAI_BASE_URL: server.baseUrl,
      },
    }),
  );
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-how-to-'));
  await symlink(join(ROOT, 'node_modules'), join(dir, 'node_modules'), 'junction');
  server = await startTeacherServer();
  expect(await runBlock(RESULTS)).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await server?.close();
  await rm(dir, { recursive: true, force: true });
});

test.each(blocks)('a program in %s runs', async (_, code) => {
  expect(await runBlock(code)).toMatchObject({ code: 0, stderr: '' });
});
