import { basename, join } from 'node:path';
import { type AbilitiesResult, saveAbilities } from '../abilities/abilities-result.ts';
import { compareAbilities } from '../abilities/compare-abilities.ts';
import { abilitiesTable, describeAbilities } from '../abilities/describe-abilities.ts';
import { measureAbilities } from '../abilities/measure-abilities.ts';
import type { Candidate } from '../evaluation/candidate.ts';
import type { Reproduction } from './reproduction.ts';

/** What a row's model can do beside alignment, and the file of the result. */
export interface RowAbilities {
  /** The base model's name in the table. */
  readonly model: string;
  readonly result: AbilitiesResult;
  readonly path: string;
}

/** Measures the model of a row on instructions that code checks, if that was asked for. `evaluation`: the row's file. */
export async function measureRow(
  { pipeline, options }: Reproduction,
  model: string,
  candidate: Candidate,
  evaluation: string,
): Promise<RowAbilities | null> {
  if (options.abilities === undefined) return null;
  const { run, signal, files } = pipeline;
  const { count } = options.abilities;
  const result = await measureAbilities(candidate.model, { run, name: candidate.name, count, signal });
  const path = join(files.dir, 'abilities', basename(evaluation));
  await saveAbilities(result, path);
  return { model, result, path };
}

/** The abilities of all rows as Markdown, each row compared with the first of its base model. Empty if none was measured. */
export function describeRowAbilities(measured: readonly RowAbilities[]): string {
  if (measured.length === 0) return '';
  const firsts = new Map(measured.toReversed().map(({ model, result }) => [model, result]));
  const compared = measured.flatMap(({ model, result }) => {
    const first = firsts.get(model)!;
    return first === result ? [] : [describeAbilities(compareAbilities(first, result))];
  });
  return [
    '## General ability',
    abilitiesTable(measured.map(({ result }) => result)).trimEnd(),
    ...compared,
  ].join('\n\n');
}
