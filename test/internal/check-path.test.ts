import { describe, expect, test } from 'vitest';
import { readRatings, readRatingsCsv, writeRatingPage } from '../../src/agreement/index.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { readReleasedConversations, readReleasedFile } from '../../src/imports.ts';
import {
  openRun,
  PersonaPool,
  PreferenceExporter,
  readConversations,
  readEvaluation,
  readPreferenceRecords,
  saveConversations,
  saveEvaluation,
  trlDpo,
} from '../../src/index.ts';
import { checkPath } from '../../src/internal/check-path.ts';
import { locateWeights } from '../../src/models/embedded.ts';
import { llamaCpp } from '../../src/models/llama-cpp.ts';
import { readRecording } from '../../src/testing/index.ts';
import { llamaCppTokenizer } from '../../src/tokenizers/llama-cpp.ts';
import { transformersTokenizer } from '../../src/tokenizers/transformers.ts';
import { local } from '../../src/training/backends/local.ts';
import { ray } from '../../src/training/backends/ray.ts';
import { slurm } from '../../src/training/backends/slurm.ts';
import { interactToAlign, setupPython } from '../../src/training/index.ts';
import { validateDataset } from '../../src/validation/index.ts';

const PATH = '/nowhere/a\0b';

test('a path is returned as it is, and refused if it is none', () => {
  expect(checkPath('path', 'a/ä b')).toBe('a/ä b');
  for (const value of ['', 7, null, undefined, {}]) {
    expect(() => checkPath('path', value, 'a file')).toThrow('Option "path": expected a file, got');
  }
});

describe('a path with a NUL byte is refused by the name of its option in', () => {
  test.each<[string, string, () => unknown]>([
    ['openRun', 'dir', () => openRun(PATH)],
    ['readConversations', 'path', () => readConversations(PATH).next()],
    ['saveConversations', 'path', () => saveConversations([], PATH)],
    ['readEvaluation', 'path', () => readEvaluation(PATH)],
    ['saveEvaluation', 'path', () => saveEvaluation({} as never, PATH)],
    ['readPreferenceRecords', 'path', () => readPreferenceRecords(PATH).next()],
    ['PersonaPool.read', 'path', () => PersonaPool.read(PATH)],
    ['PreferenceExporter', 'dir', () => new PreferenceExporter({ formats: [trlDpo()] }).write([], PATH)],
    ['readRatings', 'path', () => readRatings(PATH)],
    ['readRatingsCsv', 'path', () => readRatingsCsv(PATH)],
    ['writeRatingPage', 'path', () => writeRatingPage({ items: [] } as never, PATH)],
    ['readReleasedFile', 'path', () => readReleasedFile(PATH)],
    ['readReleasedConversations', 'path', () => readReleasedConversations(PATH).next()],
    ['validateDataset', 'path', () => validateDataset(PATH)],
    ['readRecording', 'path', () => readRecording(PATH)],
    ['locateWeights', 'modelsDir', () => locateWeights('all-minilm-l6-v2', { modelsDir: PATH })],
    ['llamaCpp', 'modelPath', () => llamaCpp({ modelPath: PATH })],
    ['llamaCppTokenizer', 'modelPath', () => llamaCppTokenizer({ modelPath: PATH })],
    ['transformersTokenizer', 'modelPath', () => transformersTokenizer({ modelPath: PATH })],
    ['local', 'dir', () => local({ dir: PATH })],
    ['slurm', 'dir', () => slurm({ dir: PATH })],
    ['ray', 'dir', () => ray({ address: 'http://localhost:8265', dir: PATH })],
    ['interactToAlign', 'dpo', () => interactToAlign({ base: 'some/model', dpo: PATH })],
    [
      'interactToAlign',
      'name',
      () => interactToAlign({ base: 'some/model', dpo: import.meta.filename, name: 'a\0b' }),
    ],
    ['setupPython', 'dir', () => setupPython({ dir: PATH })],
  ])('%s', async (_what, option, use) => {
    const error = await Promise.resolve()
      .then(use)
      .then(
        () => expect.fail('it did not fail'),
        (reason: unknown) => reason,
      );
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect((error as Error).message).toMatch(new RegExp(`^Option "${option}": expected .*\\\\u0000`));
  });
});
