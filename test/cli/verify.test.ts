import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConversations } from '../../src/conversations/conversation-files.ts';
import { decisionPoints } from '../../src/conversations/conversation-tree.ts';
import type { ChatServer } from '../models/chat-server.ts';
import { type Finished, runAloe } from './run-program.ts';
import { startTeacherServer } from './teacher-server.ts';

let dir: string;
let server: ChatServer;
let aloe: (...words: string[]) => Promise<Finished>;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-verify-'));
  server = await startTeacherServer();
  aloe = (...words) => runAloe(words, { cwd: dir, env: { XDG_CACHE_HOME: join(dir, 'cache') } });
  const at = (name: string) => JSON.stringify(`openai-compatible:${name}@${server.baseUrl}`);
  const config = `
run: runs/one
seed: 7
models:
  default: ${at('teacher')}
  preferred: [${at('teacher')}, ${at('tutor')}]
  rejected: [${at('teacher')}, ${at('tutor')}]
  judge: ${at('judge')}
  embedder: lexical
personas: { profiles: 22, personalities: 22, personalitiesPerProfile: 1 }
conversations: { personas: 2, turns: 2 }
`;
  await writeFile(join(dir, 'aloe.config.yaml'), config);
  expect(await aloe('personas')).toMatchObject({ code: 0 });
  expect(await aloe('simulate', '--same-model')).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

const path = (...parts: string[]) => join(dir, ...parts);
const points = async (file: string) =>
  (await Array.fromAsync(readConversations(file))).flatMap((tree) => [...decisionPoints(tree)]);

describe('aloe verify', () => {
  test('writes the verdicts of the judge to another file, and the same again for nothing', async () => {
    const file = path('runs/one/conversations.jsonl');
    const before = await readFile(file, 'utf8');
    const words = ['verify', '--conversations', file, '--out', 'verified.jsonl', '--same-model', '--json'];
    const first = await aloe(...words);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stderr).toContain('Estimate: 8 model calls');
    const { conversations, verification, cost } = JSON.parse(first.stdout);
    expect(conversations).toBe('verified.jsonl');
    expect(verification).toMatchObject({ judges: ['judge'], pairs: 4, failed: 0 });
    expect(cost.calls).toBe(8);
    for (const { node } of await points(path('verified.jsonl'))) expect(node.verdict?.judge).toBe('judge');
    expect(await readFile(file, 'utf8')).toBe(before);

    const again = await aloe(...words);
    expect(again.stderr).toContain('all 8 calls are stored');
    expect(JSON.parse(again.stdout)).toMatchObject({ verification, cost: { calls: 0 } });
  });

  test('writes them into the conversations of the run, and says what the judge said', async () => {
    const { code, stdout } = await aloe('verify', '--same-model');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^4 pairs: the judge prefers .*\nSame verdict in both orders: /);
    expect(stdout).toContain('Verified conversations: runs/one/conversations.jsonl');
    expect((await points(path('runs/one/conversations.jsonl'))).every(({ node }) => node.verdict)).toBe(true);
    expect(await aloe('export', '--out', 'data')).toMatchObject({ code: expect.any(Number) });
    const manifest = JSON.parse(await readFile(path('data/manifest.json'), 'utf8'));
    expect(manifest.source.teachers.preferred).toHaveLength(2);
  });

  test.each([
    [['--conversations', 'a.jsonl'], 'Name the file of the verified conversations with --out FILE'],
    [['--run', 'runs/none'], 'has no conversations yet'],
  ])('with %j says what is missing, and asks nobody', async (words, said) => {
    const before = server.seen.length;
    const { code, stderr } = await aloe('verify', ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
    expect(server.seen).toHaveLength(before);
  });
});

test('a config can ask for verified conversations, each response chosen from several', async () => {
  const words = '--run runs/two --same-model --verify --best-of 2'.split(' ');
  expect(await aloe('personas', '--run', 'runs/two', '--same-model')).toMatchObject({ code: 0 });
  const simulated = await aloe('simulate', ...words);
  expect(simulated).toMatchObject({ code: 0 });
  const [, planned] = /(\d+) model calls/.exec(simulated.stderr) ?? [];
  for (const { node } of await points(path('runs/two/conversations.jsonl'))) {
    expect(node.verdict).toBeDefined();
    expect(node.preferred.alternatives).toHaveLength(1);
    expect([node.preferred.model, node.preferred.alternatives![0]!.model].sort()).toEqual([
      'teacher',
      'tutor',
    ]);
  }
  // Per turn: user, inducer, two responses and two ratings a side, two verdicts.
  expect(Number(planned)).toBe(2 * 2 * 12);
});
