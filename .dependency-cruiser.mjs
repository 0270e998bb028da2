/**
 * Which way imports run: the road of `docs/decisions/0001-one-straight-house.md`, leaves first. A room imports only from
 * rooms above it in this list. Types count as imports, and so do circles that only types close.
 */
const ROAD = [
  'secret-forms.ts',
  'secret-shapes.ts',
  'redact.ts',
  'rate-limit.ts',
  'errors.ts',
  'messages.ts',
  'json-value.ts',
  'internal',
  'http',
  'page',
  'metrics',
  'weights',
  'models',
  'embeddings',
  'tokenizers',
  'runs',
  'telemetry',
  // Data, not code: a pool keeps apart from the cases, which themselves are made of personas.
  'benchmark/cases.json',
  'personas',
  'conversations',
  'verification',
  'adaptive',
  'benchmark',
  'preferences',
  'validation',
  'evaluation',
  'rows',
  'agreement',
  'estimate',
  'progress',
  'training',
  'abilities',
  'hub',
  'report',
  'control',
  'config',
  'pipeline',
  'reproduce',
  'testing',
  'demo',
  'imports.ts',
  'prompts.ts',
  'rules.ts',
  'schemas.ts',
  'index.ts',
  'cli',
];

const pattern = (room) =>
  /\.(?:ts|json)$/.test(room) ? `^src/${room.replace('.', '\\.')}$` : `^src/${room}/`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Two files that need each other are one file, or share a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'known-room',
      comment: 'A new room gets its place in ROAD.',
      severity: 'error',
      from: { path: '^src/', pathNot: ROAD.map(pattern) },
      to: {},
    },
    ...ROAD.map((room, place) => ({
      name: `one-way-${room.replace('.ts', '')}`,
      comment: `${room} may import only from: ${ROAD.slice(0, place).join(', ') || 'nothing'}.`,
      severity: 'error',
      from: { path: pattern(room) },
      to: { path: '^src/', pathNot: [...ROAD.slice(0, place), room].map(pattern) },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts'] },
  },
};
