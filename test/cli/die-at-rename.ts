import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// Imported before a program: it dies, as by `kill -9`, just before or after it puts a file in its place.
const { DIE_BEFORE, DIE_AFTER } = process.env;
const { rename } = fs.promises;
fs.promises.rename = async (from, to) => {
  const name = String(to).split('/').at(-1);
  if (name === DIE_BEFORE) process.kill(process.pid, 'SIGKILL');
  await rename(from, to);
  if (name === DIE_AFTER) process.kill(process.pid, 'SIGKILL');
};
syncBuiltinESMExports();
