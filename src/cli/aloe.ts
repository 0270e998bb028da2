#!/usr/bin/env node
// An old Node would fail with a stack trace. So this file uses only syntax that old versions parse, and imports nothing
// before the check.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`aloe needs Node 22.18 or later; this is Node ${process.versions.node}.`);
  process.exitCode = 2;
} else {
  const { main } = await import('./main.ts');
  await main();
}

export {};
