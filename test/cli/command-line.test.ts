import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VERSION } from '../../src/internal/version.ts';
import { ROOT, runAloe } from './run-program.ts';
import { startTeacherServer } from './teacher-server.ts';

describe('aloe', { timeout: 300_000 }, () => {
  let empty: string;
  beforeAll(async () => {
    empty = await mkdtemp(join(tmpdir(), 'aloe-cli-'));
  });
  afterAll(() => rm(empty, { recursive: true, force: true }));

  test('--help names the commands, and quickstart --help its options', async () => {
    const help = await runAloe(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('quickstart');
    expect(help.stdout).toContain('models');
    const options = await runAloe(['quickstart', '--help']);
    expect(options.code).toBe(0);
    for (const name of ['--model', '--base-url', '--gguf', '--models-dir', '--offline', '--seed']) {
      expect(options.stdout).toContain(name);
    }
  });

  test('help COMMAND is COMMAND --help, without colours, and ends with the exit statuses', async () => {
    const colours = { env: { FORCE_COLOR: '1' } };
    const [help, inGroup, flag] = await Promise.all([
      runAloe(['help', 'train', 'submit'], colours),
      runAloe(['train', 'help', 'submit'], colours),
      runAloe(['train', 'submit', '--help'], colours),
    ]);
    expect(help.code).toBe(0);
    expect(help.stdout).toBe(flag.stdout);
    expect(inGroup.stdout).toBe(flag.stdout);
    expect(help.stdout).not.toContain('\u001b');
    expect(help.stdout).toMatch(/\nExit statuses:\n {2}0 {4}Done\.\n/);
    expect(help.stdout).toMatch(/\n {2}1 {4}Failed; with --follow, also if the job did not succeed\.\n/);
  });

  test('an unknown command with --json is an error document', async () => {
    const { code, stdout } = await runAloe(['evalute', '--json']);
    expect({ code, document: JSON.parse(stdout) }).toEqual({
      code: 2,
      document: {
        error: { code: 'invalid-option', message: 'Unknown command evalute. Did you mean "evaluate"?' },
        status: 2,
      },
    });
  });

  test('a reader that closes stderr does not end the work', async () => {
    const server = await startTeacherServer();
    const model = `openai-compatible:m@${server.baseUrl}`;
    const words = ['evaluate', '--model', model, '--user-model', model, '--cases', '1', '--turns', '2'];
    const child = spawn(process.execPath, [join(ROOT, 'src/cli/aloe.ts'), ...words, '--run', 'unread'], {
      cwd: empty,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.destroy();
    const [code] = await once(child, 'close');
    await server.close();
    await rm(join(empty, 'unread'), { recursive: true });
    expect(code).toBe(0);
  });

  test('--version is the version of the package', async () => {
    expect(await runAloe(['--version'])).toMatchObject({ code: 0, stdout: `${VERSION}\n` });
  });

  test.each([
    [
      'an unknown command',
      ['frobnicate'],
      'Unknown command frobnicate. The commands of aloe are demo, quickstart, ',
    ],
    ['a mistyped command', ['evalute', '--cases', '1'], 'Unknown command evalute. Did you mean "evaluate"?'],
    [
      'a mistyped command of models',
      ['models', 'pul'],
      'Unknown command models pul. Did you mean "models pull"?',
    ],
    ['a command without its group', ['submit'], 'Unknown command submit. Did you mean "train submit"?'],
    ['help for a mistyped command', ['help', 'trian'], 'Unknown command trian. Did you mean "train"?'],
    ['a mistyped flag of aloe', ['--versoin'], 'There is no option "--versoin". Did you mean "--version"?'],
    ['a command that every object has', ['constructor'], 'Unknown command constructor.'],
    ['no command', [], 'no command given'],
    ['an unknown command of models', ['models', 'frobnicate'], 'Unknown command models frobnicate'],
    [
      'an unknown option',
      ['quickstart', '--profile', '3'],
      'There is no option "--profile". Did you mean "--profiles"?',
    ],
    ['an unknown option of models pull', ['models', 'pull', '--turns', '3'], 'There is no option "--turns".'],
    ['a negated option that has a value', ['report', '--no-out'], 'There is no option "--no-out".'],
    ['a missing argument', ['judge-bias'], 'EVALUATION is missing. Evaluation files, as'],
    ['a missing option', ['train', 'fetch'], '--out is missing. Directory for the result.'],
    [
      'a switch with a value',
      ['quickstart', '--offline=maybe'],
      'Option "offline": expected true or false, or no value, got "maybe"',
    ],
    [
      'an address after a name alone',
      ['quickstart', '--model', 'qwen3@http://localhost:8000/v1'],
      'expected openai:NAME, openai-compatible:NAME@URL',
    ],
    ['conversations without personas', ['simulate'], 'runs/aloe has no personas yet.'],
    [
      'a training without data',
      ['train', 'plan', '--base', 'x'],
      'There are no training files. Name them with --sft and --dpo',
    ],
    [
      'a Python environment below a file',
      ['train', 'setup', '--dir', join(process.execPath, 'python')],
      'Option "dir": expected a directory that can be created',
    ],
    ['a stray argument', ['quickstart', 'now'], 'Unexpected argument "now".'],
    ['an option without its value', ['quickstart', '--out'], 'Option "out": expected a value'],
    [
      'a size in words',
      ['quickstart', '--turns', 'many'],
      'Option "turns": expected a whole number of at least 2, got "many"',
    ],
    [
      'a size too small',
      ['quickstart', '--personas', '0'],
      'Option "personas": expected a whole number from 1 to 22',
    ],
    [
      'more personas than profiles',
      ['quickstart', '--personas', '1000'],
      'Option "personas": expected a whole number from 1 to 22, got "1000"',
    ],
    ['half a seed', ['quickstart', '--seed', '1.5'], 'Option "seed": expected a whole number of at least 0'],
    ...['quickstart', 'evaluate'].map((command): [string, string[], string] => [
      `more cases than there are (${command})`,
      [command, '--cases', '1000'],
      'Option "cases": expected a whole number from 1 to 100, got',
    ]),
    [
      'a negative count',
      ['quickstart', '--retries', '-1'],
      'Option "retries": expected a whole number of at least 0',
    ],
    ['a price in words', ['quickstart', '--price-input', 'cheap'], 'Option "price-input": expected a number'],
    [
      'a budget in dollars without prices',
      ['quickstart', '--budget-usd', '5'],
      'Option "price-input": expected US dollars per million tokens',
    ],
    [
      'one price without the other',
      ['quickstart', '--price-input', '2.5'],
      'Option "price-output": expected US dollars per million tokens',
    ],
    ['two models', ['quickstart', '--model', 'x', '--embedded'], 'got "--model and --embedded"'],
    [
      'a server without a model',
      ['quickstart', '--base-url', 'http://localhost/v1'],
      'expected a model name (required with a base URL)',
    ],
    [
      'a key without a model',
      ['quickstart', '--key-env', 'HOME'],
      'expected a model name (required with --key-env)',
    ],
    [
      'a key that is not set',
      ['evaluate', '--model', 'x', '--key-env', 'ALOE_NOT_SET'],
      'expected the name of an environment variable that is set, got "ALOE_NOT_SET"',
    ],
    [
      'a key in place of its name',
      ['quickstart', '--model', 'x', '--key-env', 'a-key-of-no-shape'],
      'expected the name of an environment variable that is set, got "[redacted]"',
    ],
    [
      'an invalid server URL',
      ['quickstart', '--model', 'x', '--base-url', 'localhost:80'],
      'Option "baseUrl": expected a URL',
    ],
    [
      'a missing GGUF file',
      ['quickstart', '--gguf', 'none.gguf'],
      'the file none.gguf, which is to be the language model',
    ],
  ])(
    '%s is reported in one sentence, before anything is downloaded or written',
    async (_what, words, message) => {
      const { code, stdout, stderr } = await runAloe(words, {
        cwd: empty,
        // Where a download would come from, and where it would go.
        env: { HF_ENDPOINT: 'http://127.0.0.1:1', ALOE_MODELS_DIR: join(empty, 'models') },
      });
      expect(code).toBe(2);
      expect(stderr).toContain(message);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(stdout).not.toContain('downloading');
      expect(await readdir(empty)).toEqual([]);
    },
  );

  test('models pull --offline without weights lists every place it looked and what is missing', async () => {
    const folder = join(empty, 'models');
    const { code, stderr } = await runAloe(['models', 'pull', '--offline', '--models-dir', folder]);
    expect(code).toBe(2);
    expect(stderr).toContain(join(folder, 'smollm2-135m-instruct'));
    expect(stderr).toContain('in offline mode');
    expect(stderr).toMatch(/SmolLM2-135M-Instruct\S*\.gguf \(\d+ bytes, SHA-256 [0-9a-f]{64}\)/);
    expect(stderr).toContain('--models-dir');
  });

  test('quickstart --offline without weights says so too', async () => {
    const words = ['quickstart', '--embedded', '--offline', '--models-dir', join(empty, 'models')];
    const { code, stderr } = await runAloe(words, { cwd: empty });
    expect(code).toBe(2);
    expect(stderr).toContain('the weights smollm2-135m-instruct');
    expect(await readdir(empty)).toEqual([]);
  });
});
