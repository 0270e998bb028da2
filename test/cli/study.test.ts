import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatServer } from '../models/chat-server.ts';
import { fixtureTrees } from '../preferences/trees.ts';
import { type Finished, ROOT, runAloe } from './run-program.ts';
import { startTeacherServer } from './teacher-server.ts';

let dir: string;
let server: ChatServer;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-study-'));
  server = await startTeacherServer();
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

/** A place of its own for one test: config, cache and run. */
async function place(files: Readonly<Record<string, string>> = {}) {
  const cwd = await mkdtemp(join(dir, 'place-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  return {
    cwd,
    aloe: (...words: string[]): Promise<Finished> =>
      runAloe(words, { cwd, env: { XDG_CACHE_HOME: join(cwd, 'cache'), TEACHER_KEY: 'k' } }),
  };
}

const model = () => `openai-compatible:teacher@${server.baseUrl}`;

const config = (run = 'runs/yaml') => `
run: ${run}
seed: 7
models: { default: "${model()}", embedder: lexical }
personas: { profiles: 22, personalities: 22, personalitiesPerProfile: 1 }
conversations: { personas: 2, turns: 2 }
export: { formats: [trl-dpo], validationShare: 0 }
evaluation: { candidates: [bare, oracle], cases: 2, turns: 2 }
`;

describe('aloe run', () => {
  test('does all that a config says, the stages one by one do the same, and so do flags', async () => {
    const { cwd, aloe } = await place({ 'aloe.config.yaml': config() });
    const whole = await aloe('run', '--json');
    expect(whole).toMatchObject({ code: 0 });
    const { report, evaluations, cost } = JSON.parse(whole.stdout);
    expect(report).toBe('runs/yaml/report.html');
    expect(evaluations.map(({ name }: { name: string }) => name)).toEqual(['bare', 'oracle']);
    expect(cost.calls).toBeGreaterThan(0);

    const asked = await aloe('run');
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('add --same-model to replay them');
    const again = await aloe('run', '--same-model', '--json');
    expect(JSON.parse(again.stdout).cost).toMatchObject({ calls: 0 });

    for (const verb of ['personas', 'simulate', 'export']) {
      const stage = await aloe(verb, '--run', 'runs/stages', '--same-model');
      expect(stage).toMatchObject({ code: 0 });
    }
    const file = (run: string, ...parts: string[]) => readFile(join(cwd, 'runs', run, ...parts), 'utf8');
    expect(await file('stages', 'conversations.jsonl')).toBe(await file('yaml', 'conversations.jsonl'));
    expect(await file('stages', 'data', 'trl-dpo.train.jsonl')).toBe(
      await file('yaml', 'data', 'trl-dpo.train.jsonl'),
    );

    await rm(join(cwd, 'aloe.config.yaml'));
    const words =
      '--run runs/flags --seed 7 --embedder lexical --personas-profiles 22 --personas-personalities 22 ' +
      '--personas-personalities-per-profile 1 --conversations-personas 2 --conversations-turns 2 --export-formats trl-dpo ' +
      '--export-validation-share 0 --evaluation-candidates bare,oracle --evaluation-cases 2 --evaluation-turns 2';
    expect(await aloe('run', '--model', model(), ...words.split(' '))).toMatchObject({ code: 0 });
    for (const name of ['personas.json', 'conversations.jsonl', join('data', 'trl-dpo.train.jsonl')]) {
      expect(await file('flags', name)).toBe(await file('yaml', name));
    }
    expect(await readdir(join(cwd, 'runs', 'flags', 'results'))).toEqual(['bare.json', 'oracle.json']);
  });

  test('a budget ends it with status 4, and the next run goes on', async () => {
    const { aloe } = await place({ 'aloe.config.yaml': config() });
    const stopped = await aloe('run', '--budget-tokens', '3000');
    expect(stopped.code).toBe(4);
    expect(stopped.stderr).toContain('could exceed the budget');
    expect(await aloe('run', '--same-model')).toMatchObject({ code: 0 });
  });

  test('a large run of paid models needs a budget or --yes', async () => {
    const { aloe } = await place({ 'aloe.config.yaml': config() });
    const { code, stderr } = await aloe('run', '--evaluation-cases', '100', '--evaluation-turns', '10');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /This would make about [\d,]+ calls, without a budget\. .*--budget-tokens N.*--yes/,
    );
  });
});

describe('a stage without the one before it', () => {
  test('says which command to run first, and spends nothing', async () => {
    const { aloe } = await place();
    const simulated = await aloe('simulate', '--model', model());
    expect(simulated.code).toBe(2);
    expect(simulated.stderr).toContain('runs/aloe has no personas yet. Run `aloe personas` first');
    const exported = await aloe('export', '--run', 'runs/none');
    expect(exported.code).toBe(2);
    expect(exported.stderr).toContain('runs/none has no conversations yet. Run `aloe simulate` first');
  });

  test('an export without pairs ends with status 1', async () => {
    const { aloe } = await place({ 'none.jsonl': '' });
    const { code, stdout } = await aloe('export', '--conversations', 'none.jsonl', '--out', 'data');
    expect(code).toBe(1);
    expect(stdout).toContain('trl-sft has no training rows');
  });

  test('an export that keeps no row ends with status 1, and says which training files are of an earlier one', async () => {
    const trees = fixtureTrees().map((tree) => `${JSON.stringify(tree)}\n`);
    const { aloe } = await place({ 'trees.jsonl': trees.join('') });
    const words = ['export', '--conversations', 'trees.jsonl', '--out', 'data', '--formats'];
    const first = await aloe(...words, 'trl-sft');
    expect(first.code).toBe(0);
    expect(first.stderr).not.toContain('earlier');
    const second = await aloe(...words, 'trl-dpo', '--min-revealed', '100');
    expect(second.code).toBe(1);
    expect(second.stdout).toMatch(/preferences\.jsonl: [1-9]/);
    expect(second.stderr).toMatch(
      /^Note: data has training files of an earlier export, which stay: trl-sft\.train\.jsonl/m,
    );
  });
});

describe('the config file', () => {
  test('may have variables of the chat template, which are in every row that trains with TRL', async () => {
    const trees = fixtureTrees().map((tree) => `${JSON.stringify(tree)}\n`);
    const of = (variables: string) =>
      `export: { formats: [trl-sft, trl-dpo, openai-preference], validationShare: 0, chatTemplateKwargs: ${variables} }\n`;
    const { cwd, aloe } = await place({
      'trees.jsonl': trees.join(''),
      'aloe.config.yaml': of("{ date_string: '26 Jul 2024', enable_thinking: false }"),
      'wrong.yaml': of('{ messages: [] }'),
    });
    const words = ['export', '--conversations', 'trees.jsonl', '--out', 'data'];
    expect(await aloe(...words)).toMatchObject({ code: 0 });
    const variables = async (name: string) => {
      const lines = (await readFile(join(cwd, 'data', `${name}.train.jsonl`), 'utf8')).trim().split('\n');
      return [...new Set(lines.map((line) => JSON.stringify(JSON.parse(line).chat_template_kwargs)))];
    };
    const written = '{"date_string":"26 Jul 2024","enable_thinking":false}';
    for (const name of ['trl-sft', 'trl-dpo']) expect(await variables(name)).toEqual([written]);
    expect(await variables('openai-preference')).toEqual([undefined]);
    const checked = await aloe(
      'data',
      'validate',
      'data/trl-sft.train.jsonl',
      'data/trl-dpo.train.jsonl',
      '--json',
    );
    expect(JSON.parse(checked.stdout).files).toMatchObject([{ errors: 0 }, { errors: 0 }]);

    const refused = await aloe(...words, '--config', 'wrong.yaml');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('export.chatTemplateKwargs');
  });

  test('`aloe init` writes one that `aloe estimate` reads, in YAML and in TypeScript', async () => {
    for (const flags of [[], ['--ts']]) {
      const { cwd, aloe } = await place();
      expect(await aloe('init', '--model', model(), ...flags)).toMatchObject({ code: 0 });
      expect((await aloe('init')).code).toBe(2);
      if (flags.length > 0) {
        // The package is not installed here.
        const path = join(cwd, 'aloe.config.ts');
        const source = pathToFileURL(join(ROOT, 'src', 'config', 'index.ts')).href;
        await writeFile(path, (await readFile(path, 'utf8')).replace('aloe-align/config', source));
      }
      const { code, stdout } = await aloe('estimate', '--json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout).estimate.total.typical.calls).toBeGreaterThan(100);
    }
  });

  test('prices that say nothing of a model are told, since no dollars are shown', async () => {
    const { aloe } = await place({
      'aloe.config.yaml': `${config()}prices: { mistyped: { input: 1, output: 1 } }\n`,
    });
    const mistyped = await aloe('estimate');
    expect(mistyped.stderr).toContain(
      'No dollars are shown, because prices has no entry for "teacher", only for "mistyped".',
    );
    expect(mistyped.stdout).toMatch(/^Estimate: [^$\n]*$/m);
  });

  test('code runs only if it was named, or made here', async () => {
    const { aloe } = await place({
      'aloe.config.ts': `console.error('RAN'); export default { models: { default: '${model()}', embedder: 'lexical' } };`,
    });
    const refused = await aloe('doctor');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--config aloe.config.ts');
    expect(refused.stderr).not.toContain('RAN');
    const named = await aloe('doctor', '--config', 'aloe.config.ts');
    expect(named).toMatchObject({ code: 0 });
    expect(named.stderr).toContain('RAN');
  });

  test('a key goes to an address of the config only if it was named, or made here', async () => {
    const { cwd, aloe } = await place({
      'aloe.config.yaml':
        'models: { default: { model: m, baseUrl: "https://elsewhere.example/v1", keyEnv: TEACHER_KEY }, embedder: lexical }',
    });
    const refused = await aloe('estimate');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('sends the key in TEACHER_KEY to elsewhere.example');
    expect(await aloe('estimate', '--config', 'aloe.config.yaml')).toMatchObject({ code: 0 });

    const config = await readFile(join(cwd, 'aloe.config.yaml'), 'utf8');
    await rm(join(cwd, 'aloe.config.yaml'));
    expect(await aloe('init')).toMatchObject({ code: 0 });
    await writeFile(join(cwd, 'aloe.config.yaml'), config);
    expect(await aloe('estimate')).toMatchObject({ code: 0 });
  });

  test('a mistake in it, or in a flag, is told before anything is opened', async () => {
    const { cwd, aloe } = await place({ 'aloe.config.json': '{"evaluation": {"truns": 3}}' });
    const wrong = await aloe('run');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain(
      'aloe.config.json: evaluation has no option "truns". Did you mean "turns"?',
    );
    const flag = await aloe('simulate', '--turns', '0');
    expect(flag.code).toBe(2);
    const unknown = await aloe('simulate', '--config', 'none.yaml', '--turn', '3');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('Did you mean "--turns"?');
    expect(await readdir(cwd)).toEqual(['aloe.config.json']);
  });

  test('two of them are one too many', async () => {
    const { aloe } = await place({ 'aloe.config.json': '{}', 'aloe.config.yaml': '' });
    const { code, stderr } = await aloe('doctor');
    expect(code).toBe(2);
    expect(stderr).toContain('There are two config files, aloe.config.yaml and aloe.config.json.');
  });
});

describe('aloe doctor', () => {
  test('says of each model whether it answers', async () => {
    const { aloe } = await place({
      'aloe.config.yaml': `models: { default: "${model()}", judge: "openai-compatible:gone@http://127.0.0.1:9/v1", embedder: lexical }`,
    });
    const { code, stdout } = await aloe('doctor', '--json');
    expect(code).toBe(1);
    const { checks } = JSON.parse(stdout);
    expect(
      checks.map(({ roles, level }: { roles: string[]; level: string }) => [roles.join(), level]),
    ).toEqual([
      ['personas,user,inducer,preferred,rejected,candidate', 'ok'],
      ['judge', 'error'],
      ['embedder', 'ok'],
    ]);
    // The model and its address have members of their own.
    expect(checks[1].message).toMatch(/^the server cannot be reached \(ECONNREFUSED\)\./);
  });
});

describe('.env', () => {
  test('gives keys to the command line, and no key of yours to an address that only it names', async () => {
    const { cwd, aloe } = await place({
      'aloe.config.yaml': `models: { default: { model: "${model()}", keyEnv: OWN_API_KEY }, embedder: lexical }`,
    });
    expect((await aloe('doctor')).code).toBe(1);
    await writeFile(join(cwd, '.env'), 'OWN_API_KEY=abc\nNODE_OPTIONS=--no-such\n');
    expect((await aloe('doctor')).code).toBe(0);

    await writeFile(join(cwd, '.env'), `OPENAI_BASE_URL=${server.baseUrl}\n`);
    const sent = await runAloe(['doctor', '--model', 'm'], { cwd, env: { OPENAI_API_KEY: 'sk-mine' } });
    expect(sent.code).toBe(2);
    expect(sent.stderr).toContain('the key of your environment would go to that address');
  });
});
