import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PreferenceExporter, trlDpo, trlSft } from '../../src/index.ts';
import { interactToAlign } from '../../src/training/job/interact-to-align.ts';
import { validateDataset } from '../../src/validation/validate-dataset.ts';
import { fixtureTrees } from '../preferences/trees.ts';

const page = await readFile('docs/paper.md', 'utf8');
/** The rows of the page's table: type and files of each ablation. */
const ablations = Array.from(
  page.matchAll(/^\| [12, ]+ \| (.+?) \| `(--sft .+?)` \|$/gm),
  ([, type, files]) => ({
    type: type!,
    files: files!,
  }),
);

describe("the paper's ablations, as docs/paper.md has them", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-ablations-'));
    const chat = (index: number) => ({
      messages: [
        { role: 'user', content: `Task ${index}` },
        { role: 'assistant', content: `Answer ${index}` },
      ],
    });
    const path = join(folder, 'code-act.jsonl');
    const lines = Array.from({ length: 99 }, (_, index) => JSON.stringify(chat(index)));
    await writeFile(path, lines.join('\n'));
    const formats = [
      trlSft(),
      trlSft({ responses: 'rejected' }),
      trlSft({ generalChat: 'none' }),
      trlSft({ generalChat: 'only' }),
      trlDpo(),
    ];
    const exporter = new PreferenceExporter({
      formats,
      mix: { path, ratio: 1 },
      minRevealed: 0,
      validationShare: 0,
    });
    await exporter.write(fixtureTrees(), join(folder, 'data'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('are five trainings', () => {
    expect(ablations.map(({ type }) => type)).toEqual([
      'Ours',
      'SFT-Preferred, Mixture',
      'SFT-Rejected',
      'CodeActInstruct',
      'Preferred',
    ]);
  });

  test.each(ablations)(
    '$type trains on valid files of one export, with the values of the paper',
    async ({ files }) => {
      const named = Array.from(
        files.matchAll(/--(sft|dpo) (\S+)/g),
        ([, stage, path]) => [stage, join(folder, path!)] as const,
      );
      for (const [, path] of named) expect(await validateDataset(path)).toMatchObject({ errors: 0 });
      const { sft, dpo } = Object.fromEntries(named);
      const job = await interactToAlign({ base: 'Qwen/Qwen2-7B-Instruct', preset: 'paper', sft, dpo });
      expect(job.stages.map(({ name, train }) => [name, train.path])).toEqual(named);
      expect(job.stages[0]!.options).toMatchObject({ learning_rate: 1e-5, gradient_accumulation_steps: 48 });
    },
  );

  test('give every ablation of SFT other rows', async () => {
    const texts = await Promise.all(
      ['', '-rejected', '-general', '-unmixed'].map((suffix) =>
        readFile(join(folder, `data/trl-sft${suffix}.train.jsonl`), 'utf8'),
      ),
    );
    expect(new Set(texts).size).toBe(4);
  });
});
