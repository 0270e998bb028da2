#!/usr/bin/env node
// Only syntax that an old Node can read, and no import before the check: without it, an old Node ends in a stack trace.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`aloe needs Node 22.18 or later; this is Node ${process.versions.node}.`);
  process.exitCode = 1;
} else {
  const { main } = await import('./main.ts');
  await main();
}

export {};
