import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A block of the program, and the block with its output. */
const STEP = /^```ts\n(.*?)^```\n\n```text\n.*?^```$/gms;
const END_OF_STEP = '\u001eend of step\u001e';

/**
 * Runs the steps of a page as one program, in a folder of its own and on the sources of this checkout, and puts what each prints
 * into the block below it.
 *
 * @returns The page as it should read.
 * @throws If the program fails.
 */
export async function runProgramOf(page: string): Promise<string> {
  const program = Array.from(
    page.matchAll(STEP),
    ([, code]) => `${code}console.log(${JSON.stringify(END_OF_STEP)});\n`,
  );
  const outputs = (await run(program.join(''))).split(`${END_OF_STEP}\n`);
  let step = 0;
  return page.replaceAll(
    STEP,
    (_, code: string) => `\`\`\`ts\n${code}\`\`\`\n\n\`\`\`text\n${outputs[step++]}\`\`\``,
  );
}

async function run(code: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'aloe-program-'));
  try {
    await symlink(join(ROOT, 'node_modules'), join(dir, 'node_modules'), 'junction');
    await writeFile(join(dir, 'tutorial.mts'), code);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), 'tutorial.mts'],
      { cwd: dir, env: { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json'), NO_COLOR: '1' } },
    );
    return stdout;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
