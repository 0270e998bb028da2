import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the pipeline loads the code for charts only when it writes a report', async () => {
  const entry = new URL('../../src/pipeline/index.ts', import.meta.url).href;
  const script = `
    import { registerHooks } from 'node:module';
    registerHooks({ load(url, context, next) { console.log(url); return next(url, context); } });
    await import(${JSON.stringify(entry)});`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout).toContain('run-pipeline.ts');
  expect(stdout).not.toMatch(/@observablehq|linkedom/);
});
