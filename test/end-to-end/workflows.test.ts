import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const FOLDER = new URL('../../.github/workflows/', import.meta.url);
const names = await readdir(FOLDER);

test.each(names)('%s uses actions by commit, and leaves no token for the code it runs', async (name) => {
  const { jobs, permissions } = parse(await readFile(new URL(name, FOLDER), 'utf8'));
  const steps = Object.values<{ steps: { uses?: string; with?: object }[] }>(jobs).flatMap(
    (job) => job.steps,
  );
  const actions = steps.filter(({ uses }) => uses !== undefined);
  expect(actions.length).toBeGreaterThan(0);
  expect(actions.filter(({ uses }) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses!))).toEqual([]);
  for (const { uses, with: inputs } of actions) {
    if (uses!.startsWith('actions/checkout@')) expect(inputs).toMatchObject({ 'persist-credentials': false });
  }
  expect(permissions).toBeDefined();
});
