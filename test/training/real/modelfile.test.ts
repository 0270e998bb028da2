import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandResult, runCommand } from '../../../src/internal/run-command.ts';
import { setupPython } from '../../../src/training/folder/setup-python.ts';

const MINUTES = 60_000;

interface Made {
  readonly text?: string;
  readonly refused?: string;
}

// Each text below, played by Go's text/template (1.27) with Ollama's messages, gives what the model's own template gives: for one
// turn and two, with a message of the system and without.
describe.runIf(process.env.ALOE_TEST_TRAINING)('modelfile.py', () => {
  const script = resolve('python/modelfile.py');
  let folder: string;
  let python: string;
  let made: Readonly<Record<string, Made>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe modelfile-'));
    python = await setupPython();
    const maker = fileURLToPath(new URL('modelfiles.py', import.meta.url));
    const words = [maker, dirname(script), resolve('tools/python'), folder];
    const { exitCode, stdout, stderr } = await runCommand([python, ...words]);
    expect(exitCode, stderr.slice(-2_000)).toBe(0);
    made = JSON.parse(stdout.trim().split('\n').at(-1)!);
  }, 15 * MINUTES);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const print = (name: string): Promise<CommandResult> =>
    runCommand([python, script, join(folder, name), 'my model.gguf']);

  test('writes the message of the system in a turn of its own, before all others', () => {
    expect(made.Qwen3?.text).toBe(
      `FROM model.gguf
TEMPLATE """{{ if .System }}<|im_start|>system
{{ .System }}<|im_end|>
{{ end }}{{ range $i, $_ := .Messages }}{{ if eq .Role "user" }}<|im_start|>user
{{ .Content }}<|im_end|>
<|im_start|>assistant
{{ end }}{{ if eq .Role "assistant" }}{{ .Content }}<|im_end|>
{{ end }}{{ end }}"""
PARAMETER stop "<|im_end|>"
PARAMETER stop "<|im_start|>"
`,
    );
  });

  test('writes the one that a template has by itself where there is no other', () => {
    expect(made.SmolLM2?.text).toContain(
      '{{ .System }}<|im_end|>\n{{ else }}<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n{{ end }}{{ range',
    );
  });

  test(
    'of Gemma 3 writes it into the first message of the user',
    async () => {
      const text = `TEMPLATE """<bos>{{ range $i, $_ := .Messages }}{{ if eq .Role "user" }}<start_of_turn>user
{{ if and $.System (eq $i 1) }}{{ $.System }}

{{ end }}{{ .Content }}<end_of_turn>
<start_of_turn>model
{{ end }}{{ if eq .Role "assistant" }}{{ .Content }}<end_of_turn>
{{ end }}{{ end }}"""
PARAMETER stop "<eos>"
PARAMETER stop "<start_of_turn>"
PARAMETER stop "<end_of_turn>"
`;
      expect(made['Gemma 3 (text)']?.text).toBe(`FROM model.gguf\n${text}`);
      expect(made['Gemma 3 (multimodal)']).toEqual(made['Gemma 3 (text)']);
      expect(await print('Gemma 3 (text)')).toMatchObject({
        exitCode: 0,
        stdout: `FROM my model.gguf\n${text}`,
      });
    },
    MINUTES,
  );

  test('of Gemma 2 has none, as its template refuses one', () => {
    expect(made['Gemma 2']?.text).toContain('<start_of_turn>user\n{{ .Content }}<end_of_turn>');
    expect(made['Gemma 2']?.text).not.toContain('System');
  });

  test.each(['Phi-3', 'Phi-3.5'])('of %s leaves out what ends a text', (name) => {
    expect(made[name]?.text).toContain(
      '{{ if eq .Role "assistant" }}{{ .Content }}<|end|>\n{{ end }}{{ end }}"""',
    );
    expect(made[name]?.text).toContain('PARAMETER stop "<|endoftext|>"\n');
    expect(made[name]?.text).toContain('PARAMETER stop "<|end|>"\n');
  });

  test(
    'says of each template whether it can be written',
    async () => {
      const names = (which: keyof Made) =>
        Object.keys(made).filter((name) => made[name]?.[which] !== undefined);
      expect(names('text').sort()).toEqual([
        'Gemma 2',
        'Gemma 3 (multimodal)',
        'Gemma 3 (text)',
        'LFM2',
        'Llama 3',
        'Llama 3.1',
        'Llama 3.2',
        'Phi-3',
        'Phi-3.5',
        'Qwen2.5',
        'Qwen2.5-VL',
        'Qwen3',
        'SmolLM2',
      ]);
      expect(names('refused').sort()).toEqual([
        'DeepSeek-R1-Distill',
        'DeepSeek-V3',
        'Mistral',
        'OLMo-2',
        'Qwen3.5',
        'SmolVLM',
        'gpt-oss',
      ]);
      const { exitCode, stdout, stderr } = await print('Qwen3.5');
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toContain(
        `The chat template cannot be written in Ollama's form: ${made['Qwen3.5']?.refused}. Serve the model with llama.cpp or vLLM.`,
      );
    },
    MINUTES,
  );
});
