import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesDir } from '../../src/pipeline/files-dir.ts';
import { displayedPlace } from '../../src/runs/postgres-url.ts';

test.each([
  [{}, 'runs/aloe'],
  [{ run: 'runs/first' }, 'runs/first'],
  [{ run: 'runs/first', files: 'elsewhere' }, 'elsewhere'],
  [{ run: 'postgres://localhost/aloe?run=study-1' }, join('runs', 'study-1')],
  [{ run: 'postgres://localhost/aloe?run=study-1', files: 'elsewhere' }, 'elsewhere'],
])('files of %j go to %s', (config, dir) => {
  expect(filesDir(config)).toBe(dir);
});

test.each([
  ['runs/a:b@c', 'runs/a:b@c'],
  ['postgres://ada:p%40ss@db.example.org/aloe?run=a', 'postgres://ada@db.example.org/aloe?run=a'],
  ['postgres://ada:p@ss/w@localhost/aloe?run=a', 'postgres://ada@localhost/aloe?run=a'],
  ['postgres://ada@localhost:5433/aloe?run=a', 'postgres://ada@localhost:5433/aloe?run=a'],
  ['postgres://localhost:5433/aloe?run=a', 'postgres://localhost:5433/aloe?run=a'],
])('%s is shown as %s', (place, shown) => {
  expect(displayedPlace(place)).toBe(shown);
});
