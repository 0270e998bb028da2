import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ChatBody, completion } from '../chat-server.ts';

/** What a request asks of the server. */
export type Step = 'upload' | 'create' | 'list' | 'poll' | 'content' | 'cancel' | 'chat';

/** A row of an input file. */
export interface Row {
  readonly custom_id: string;
  readonly method: string;
  readonly url: string;
  readonly body: ChatBody;
}

/** What came of a row: a status with a body, or an error before the model was called. Null: no line at all. */
export type RowOutcome =
  | { readonly status_code: number; readonly body: unknown }
  | { readonly code: string; readonly message: string }
  | null;

export interface StoredBatch {
  id: string;
  status: string;
  input_file_id: string;
  output_file_id: string | null;
  error_file_id: string | null;
  errors: { object: 'list'; data: { code: string; message: string; line: number | null }[] } | null;
  request_counts: { total: number; completed: number; failed: number };
  metadata: Record<string, string> | null;
  readonly rows: readonly Row[];
  polls: number;
}

/** A server with OpenAI's files and batches, and chat completions for the rest of a run. */
export interface BatchServer {
  readonly baseUrl: string;
  readonly batches: StoredBatch[];
  readonly files: Map<string, { filename: string; purpose: string; content: Buffer | string }>;
  /** Steps in the order they came. */
  readonly steps: Step[];
  /** Rows that a model has answered, by id: what was paid for. */
  readonly answered: Map<string, number>;
  /** Looks at a batch until it is complete. Default 2. */
  pollsUntilDone: number;
  /** How a batch ends. Default `completed`. */
  end: (batch: StoredBatch) => string;
  /** What the model says, in a batch or live. */
  reply: (body: ChatBody) => string;
  outcome: (row: Row, batch: StoredBatch) => RowOutcome;
  /** Lines of the output file as they are sent. */
  output: (lines: string[], batch: StoredBatch) => string[];
  /** Called before a step is done. True: it has answered itself, and nothing is done. */
  before: (step: Step, response: ServerResponse, request: IncomingMessage) => boolean | Promise<boolean>;
  /** Called when it is done, before the answer is sent. True: it has answered itself. */
  after: (step: Step, response: ServerResponse) => boolean | Promise<boolean>;
  /** Checks beyond those of the format. Null: accepted. */
  refuse: (rows: readonly Row[]) => { code: string; message: string; line: number | null } | null;
  close(): Promise<void>;
}

const MAX_ROWS = 50_000;

export async function startBatchServer(): Promise<BatchServer> {
  let ids = 0;
  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });

  const state: Omit<BatchServer, 'baseUrl'> = {
    batches: [],
    files: new Map(),
    steps: [],
    answered: new Map(),
    pollsUntilDone: 2,
    end: () => 'completed',
    reply: ({ messages }) => `Reply to: ${messages.at(-1)?.content}`,
    outcome: ({ body }) => ({ status_code: 200, body: completion(live.reply(body)) }),
    output: (lines) => lines,
    before: () => false,
    after: () => false,
    refuse: () => null,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await buffer(request);
    const url = new URL(request.url!, 'http://localhost');
    const step = stepOf(request.method!, url.pathname);
    if (step === null) {
      json(response, 404, apiError('unknown_url', `Unknown request URL: ${request.method} ${url.pathname}`));
      return;
    }
    state.steps.push(step);
    if (await live.before(step, response, request)) return;
    const [status, body] = await act(step, url, bytes, request);
    if (await live.after(step, response)) return;
    if (typeof body === 'string' || Buffer.isBuffer(body)) {
      response.writeHead(status, { 'content-type': 'application/octet-stream' }).end(body);
    } else json(response, status, body);
  }

  async function act(
    step: Step,
    url: URL,
    bytes: Buffer,
    request: IncomingMessage,
  ): Promise<readonly [number, unknown]> {
    const [, , , id = ''] = url.pathname.split('/');
    if (step === 'upload') return upload(bytes, request);
    if (step === 'create') return create(JSON.parse(bytes.toString()));
    if (step === 'list') return list(url.searchParams);
    if (step === 'content') {
      const file = state.files.get(id);
      return file ? [200, file.content] : [404, apiError('not_found', `No such File object: ${id}`)];
    }
    if (step === 'chat') {
      const body = JSON.parse(bytes.toString()) as ChatBody;
      return [200, completion(live.reply(body))];
    }
    const batch = state.batches.find((each) => each.id === id);
    if (batch === undefined) return [404, apiError('not_found', `No batch found with id '${id}'.`)];
    if (step === 'cancel') return cancel(batch);
    advance(batch);
    return [200, shown(batch)];
  }

  async function upload(bytes: Buffer, request: IncomingMessage): Promise<readonly [number, unknown]> {
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const form = await new Response(new Uint8Array(bytes), { headers }).formData();
    const file = form.get('file');
    const purpose = form.get('purpose');
    if (!(file instanceof File) || purpose !== 'batch')
      return [400, apiError('invalid_request', 'Bad form.')];
    const id = `file-${++ids}`;
    state.files.set(id, { filename: file.name, purpose, content: Buffer.from(await file.arrayBuffer()) });
    return [
      200,
      {
        id,
        object: 'file',
        bytes: file.size,
        created_at: 0,
        filename: file.name,
        purpose,
        status: 'processed',
      },
    ];
  }

  function create(body: Record<string, unknown>): readonly [number, unknown] {
    const file = state.files.get(String(body.input_file_id));
    if (file === undefined) return [400, apiError('invalid_request', 'Unknown input_file_id.')];
    if (body.completion_window !== '24h' || body.endpoint !== '/v1/chat/completions') {
      return [400, apiError('invalid_request', 'Unsupported endpoint or completion_window.')];
    }
    const problems: { code: string; message: string; line: number | null }[] = [];
    const rows: Row[] = [];
    for (const [index, line] of file.content.toString().trimEnd().split('\n').entries()) {
      try {
        rows.push(JSON.parse(line) as Row);
      } catch {
        problems.push({
          code: 'invalid_json_line',
          message: 'This line is not parseable as valid JSON.',
          line: index + 1,
        });
      }
    }
    if (rows.length > MAX_ROWS) problems.push({ code: 'too_many_tasks', message: 'Too many.', line: null });
    if (new Set(rows.map((row) => row.custom_id)).size < rows.length) {
      problems.push({ code: 'duplicate_custom_id', message: 'The custom_id is not unique.', line: null });
    }
    if (rows.some((row) => row.url !== body.endpoint || row.method !== 'POST')) {
      problems.push({ code: 'invalid_url', message: 'The URL does not match the endpoint.', line: null });
    }
    if (new Set(rows.map((row) => row.body.model)).size > 1) {
      problems.push({ code: 'mismatched_model', message: 'All rows must use one model.', line: null });
    }
    const refused = live.refuse(rows);
    if (refused !== null) problems.push(refused);
    const batch: StoredBatch = {
      id: `batch_${++ids}`,
      status: problems.length > 0 ? 'failed' : 'validating',
      input_file_id: String(body.input_file_id),
      output_file_id: null,
      error_file_id: null,
      errors: problems.length > 0 ? { object: 'list', data: problems } : null,
      request_counts: { total: rows.length, completed: 0, failed: 0 },
      metadata: (body.metadata as Record<string, string> | undefined) ?? null,
      rows,
      polls: 0,
    };
    state.batches.push(batch);
    // A batch is first shown while it is checked.
    return [200, { ...shown(batch), status: 'validating', errors: null }];
  }

  function advance(batch: StoredBatch): void {
    if (!['validating', 'in_progress', 'finalizing', 'cancelling'].includes(batch.status)) return;
    batch.polls += 1;
    if (batch.status === 'cancelling') finish(batch, 'cancelled');
    else if (batch.polls >= live.pollsUntilDone) finish(batch, live.end(batch));
    else batch.status = 'in_progress';
  }

  function finish(batch: StoredBatch, status: string): void {
    const output: string[] = [];
    const errors: string[] = [];
    for (const row of batch.rows) {
      const outcome = live.outcome(row, batch);
      if (outcome === null) continue;
      const line = { id: `batch_req_${++ids}`, custom_id: row.custom_id };
      if ('status_code' in outcome) {
        const response = { ...outcome, request_id: `req_${ids}` };
        const isGood = outcome.status_code < 300;
        (isGood ? output : errors).push(JSON.stringify({ ...line, response, error: null }));
        if (isGood) state.answered.set(row.custom_id, (state.answered.get(row.custom_id) ?? 0) + 1);
      } else errors.push(JSON.stringify({ ...line, response: null, error: outcome }));
    }
    batch.status = status;
    batch.request_counts = { total: batch.rows.length, completed: output.length, failed: errors.length };
    if (output.length > 0) batch.output_file_id = store(live.output(output, batch));
    if (errors.length > 0) batch.error_file_id = store(errors);
  }

  function store(lines: readonly string[]): string {
    const id = `file-${++ids}`;
    state.files.set(id, {
      filename: `${id}.jsonl`,
      purpose: 'batch_output',
      content: `${lines.join('\n')}\n`,
    });
    return id;
  }

  function cancel(batch: StoredBatch): readonly [number, unknown] {
    if (!['validating', 'in_progress'].includes(batch.status)) {
      return [409, apiError('conflict', `Cannot cancel a batch with status '${batch.status}'.`)];
    }
    batch.status = 'cancelling';
    return [200, shown(batch)];
  }

  function list(query: URLSearchParams): readonly [number, unknown] {
    const newestFirst = state.batches.toReversed();
    const start = newestFirst.findIndex(({ id }) => id === query.get('after')) + 1;
    const page = newestFirst.slice(start, start + Number(query.get('limit') ?? 20));
    const data = page.map(shown);
    const hasMore = start + page.length < newestFirst.length;
    return [
      200,
      { object: 'list', data, first_id: data[0]?.id, last_id: data.at(-1)?.id, has_more: hasMore },
    ];
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  // Tests replace its functions.
  const live: BatchServer = Object.assign(state, { baseUrl });
  return live;
}

function shown({ rows: _rows, polls: _polls, ...batch }: StoredBatch): { readonly id: string } {
  return Object.assign({
    object: 'batch',
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
    created_at: 0,
    ...batch,
  });
}

function stepOf(method: string, path: string): Step | null {
  const route = `${method} ${path.replace(/^\/v1/, '').replace(/^(\/(?:files|batches))\/[^/]+/, '$1/ID')}`;
  const steps: Readonly<Record<string, Step>> = {
    'POST /files': 'upload',
    'POST /batches': 'create',
    'GET /batches': 'list',
    'GET /batches/ID': 'poll',
    'POST /batches/ID/cancel': 'cancel',
    'GET /files/ID/content': 'content',
    'POST /chat/completions': 'chat',
  };
  return steps[route] ?? null;
}

export function apiError(code: string, message: string): object {
  return { error: { message, type: 'invalid_request_error', param: null, code } };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
