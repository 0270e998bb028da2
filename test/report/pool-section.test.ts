import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { lexicalEmbedder } from '../../src/embeddings/lexical.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { neighbourHistogram, poolMap, renderReport } from '../../src/report/index.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const embedder = lexicalEmbedder();

async function describedPool() {
  const pool = await PersonaPool.grow({
    model: scriptedModel(''),
    embedder,
    profiles: 4,
    personalities: 1,
    seeds: {
      profiles: [
        { id: 'bees', facts: ['Is 34', 'Keeps bees on a roof in Lagos'], attributes: { region: 'Africa' } },
        {
          id: 'bees-too',
          facts: ['Is 35', 'Keeps bees on a roof in Lagos'],
          attributes: { region: 'Africa' },
        },
        { id: 'sails', facts: ['Is 61', 'Sails at night off Bergen'] },
        { id: HOSTILE, facts: [HOSTILE, 'Bakes rye bread'] },
      ],
      personalities: [{ id: 'calm', traits: ['Is calm'] }],
    },
    attributes: { profiles: { region: ['Africa', 'Europe'] } },
  });
  return pool.describe({ embedder });
}

describe('the report of a pool', () => {
  test('has a section alone, with figures, charts, gaps and tables', async () => {
    const page = renderReport({ pool: await describedPool(), title: 'Persona pool' });
    const { document } = parseHTML(page);
    expect([...document.querySelectorAll('main > section')].map(({ id }) => id)).toEqual(['pool']);
    const text = (selector: string) =>
      [...document.querySelectorAll(selector)].map(({ textContent }) =>
        textContent!.replace(/\s+/g, ' ').trim(),
      );
    expect(text('#pool h3')).toEqual(['4 profiles', '1 personality']);
    expect(text('#pool li')).toEqual([
      // Two seeds without a region are left out of the four.
      'region "Europe": 0 of 1 wanted.',
      'age "16-24": none.',
      'age "45-54": none.',
      'age "65-74": none.',
      'age "75-85": none.',
    ]);
    expect(text('#pool .about')).toContain('A single entry has no neighbours.');
    expect(text('#pool tbody tr')).toContain('Africa21');
    expect(text('#pool tbody tr')).toContain('not stated2');
    // The two that keep bees are each other's nearest, and one pair.
    const pairs = text('[aria-label="Nearest neighbours"] tbody tr').filter((row) =>
      row.includes('bees-too'),
    );
    expect(pairs).toHaveLength(1);
    expect(document.querySelectorAll('#pool svg')).toHaveLength(4);
  });

  test('never takes words of an entry for markup', async () => {
    const page = renderReport({ pool: await describedPool() });
    expect(page).not.toContain(HOSTILE);
    expect(parseHTML(page).document.querySelector('main img')).toBeNull();
  });

  test('draws a line between near-duplicates, and the threshold', async () => {
    const { profiles } = await describedPool();
    const { document } = parseHTML(poolMap(profiles, 'profiles'));
    expect(document.querySelectorAll('[data-mark="link"] path')).toHaveLength(2);
    expect(document.querySelectorAll('[data-mark="dot"] path')).toHaveLength(4);
    expect(neighbourHistogram(profiles, 'profiles')).toContain('threshold 0.5');
  });

  test('is not needed, but something is', () => {
    expect(() => renderReport({})).toThrow(InvalidOptionError);
    expect(() => renderReport({})).toThrow(
      'at least one evaluation, conversation, training curve, export, pool or result on abilities',
    );
  });
});
