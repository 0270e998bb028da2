import { openaiCompatible } from '../../src/models/openai-compatible.ts';
import { hosted } from '../../src/training/backends/hosted.ts';
import { ray } from '../../src/training/backends/ray.ts';
import type { TrainingBackend, TrainingHandle } from '../../src/training/training-backend.ts';
import { httpAnswer, startRawServer } from '../http/raw-server.ts';
import { completion } from '../models/chat-server.ts';
import { anyAccepts, type FuzzTarget } from './target.ts';

const JOB = {
  ray: { status: 'FAILED', message: 'Job failed', driver_exit_code: 1, start_time: 1_790_000_000_000 },
  logs: { logs: 'line\n== sft\nValueError: no\n' },
  hosted: {
    id: 'ftjob-1',
    status: 'succeeded',
    created_at: 1_790_000_000,
    fine_tuned_model: 'ft:tiny',
    result_files: ['file-1'],
    error: { code: 'x', message: 'y' },
    metadata: { aloe_job: 'a' },
  },
  events: {
    data: [
      { id: 'e1', created_at: 1, message: 'Step 1', type: 'metrics', data: { step: 1, train_loss: 0.5 } },
    ],
    has_more: false,
  },
};

const REFUSAL = {
  error: { message: 'No such key sk-x', type: 'invalid_request_error', param: null, code: null },
};
const LIMITS = 'x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 24h\r\nretry-after: 1\r\n';

/** Readers of what servers answer, over real sockets. Whole responses for models, bodies for training engines. */
export async function serverTargets(): Promise<{ targets: FuzzTarget[]; close: () => Promise<void> }> {
  let answer: Buffer = Buffer.alloc(0);
  const server = await startRawServer((socket) => socket.end(answer));
  const model = openaiCompatible('tiny', { baseUrl: server.baseUrl, apiKey: 'none', revision: '1' });
  const body = JSON.stringify(completion('Hello.'));
  const refusals = ['400 Bad Request', '401 Unauthorized', '429 Too Many Requests', '500 Oops'].map(
    (status) => httpAnswer(JSON.stringify(REFUSAL), LIMITS).replace('200 OK', status),
  );
  const withBody = (input: Buffer) =>
    Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${input.length}\r\n\r\n`), input]);

  function engine(backend: TrainingBackend, location: Record<string, string>, bodies: object[]): FuzzTarget {
    const handle: TrainingHandle = {
      schema: 'aloe-training-handle/1',
      backend: backend.name,
      id: 'ftjob-1',
      job: { name: 'small', id: 'a'.repeat(16) },
      submittedAt: '2026-01-01T00:00:00Z',
      location,
    };
    return {
      name: backend.name,
      inputs: bodies.map((value) => Buffer.from(JSON.stringify(value))),
      read: async (input) => {
        answer = withBody(input);
        return anyAccepts(
          () => backend.status(handle),
          () => backend.logs(handle),
          () => backend.metrics(handle),
          () => backend.artifacts(handle),
        );
      },
    };
  }

  const origin = new URL(server.baseUrl).origin;
  const targets: FuzzTarget[] = [
    {
      name: 'chat completion',
      inputs: [httpAnswer(body), httpAnswer(body, LIMITS), ...refusals].map((text) => Buffer.from(text)),
      read: async (input) => {
        answer = input;
        return anyAccepts(() => model.generate({ messages: [{ role: 'user', content: 'Hi' }] }));
      },
    },
    {
      name: 'chat completion body',
      inputs: [Buffer.from(body)],
      read: async (input) => {
        answer = withBody(input);
        return anyAccepts(() => model.generate({ messages: [{ role: 'user', content: 'Hi' }] }));
      },
    },
    engine(ray({ address: origin, dir: '/nowhere' }), { address: `${origin}/`, folder: '/nowhere/a' }, [
      JOB.ray,
      JOB.logs,
    ]),
    engine(hosted({ baseUrl: server.baseUrl, apiKey: 'none' }), { baseUrl: server.baseUrl }, [
      JOB.hosted,
      JOB.events,
    ]),
  ];
  return { targets, close: () => server.close() };
}
