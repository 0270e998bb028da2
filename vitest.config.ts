import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

const config: ViteUserConfig = {
  resolve: {
    alias: [
      { find: /^aloe-align$/, replacement: source('index.ts') },
      {
        find: /^aloe-align\/(adaptive|agreement|benchmark|metrics|models|report|testing|training|validation)$/,
        replacement: `${source('')}$1/index.ts`,
      },
      { find: /^aloe-align\/(imports|prompts|rules|schemas)$/, replacement: `${source('')}$1.ts` },
      { find: /^aloe-align\/training\/(.+)$/, replacement: `${source('training/backends/')}$1.ts` },
      { find: /^aloe-align\/(models|embeddings|tokenizers)\/(.+)$/, replacement: `${source('')}$1/$2.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/build-pages.ts',
    testTimeout: 60_000,
  },
};

export default config;
