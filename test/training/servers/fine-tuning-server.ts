import { type EngineServer, type SeenRequest, sendJson, startServer } from './http-server.ts';

interface StoredFile {
  readonly id: string;
  readonly object: 'file';
  readonly bytes: number;
  readonly created_at: number;
  readonly filename: string;
  readonly purpose: string;
  status: 'uploaded' | 'processed' | 'error';
}

interface JobEvent {
  readonly object: 'fine_tuning.job.event';
  readonly id: string;
  readonly created_at: number;
  readonly level: 'info';
  readonly message: string;
  readonly type: string;
  readonly data: object;
}

export interface FineTuningJob {
  readonly id: string;
  readonly object: 'fine_tuning.job';
  readonly created_at: number;
  readonly model: string;
  readonly training_file: string;
  readonly validation_file: string | null;
  readonly method: { readonly type: string; readonly [name: string]: unknown };
  readonly metadata: Readonly<Record<string, string>>;
  readonly seed: number | null;
  readonly suffix: string | null;
  status: string;
  fine_tuned_model: string | null;
  error: { readonly code: string; readonly message: string; readonly param: string | null } | null;
  result_files: readonly string[];
  readonly events: JobEvent[];
}

export interface FineTuningServer extends EngineServer {
  readonly files: ReadonlyMap<string, { readonly about: StoredFile; readonly text: string }>;
  readonly jobs: FineTuningJob[];
  /** Default true: some services take metadata and forget it. */
  keepsMetadata: boolean;
}

/** How a job ends, or that it goes on until it is cancelled. */
export type Outcome = 'succeeded' | 'failed' | 'running';

const COURSE = ['validating_files', 'queued', 'running'];

/**
 * The routes for files and fine-tuning jobs, in OpenAI's shapes: newest first, in pages, errors as `{ error }`. A job
 * goes on by one state whenever it is looked at.
 */
export async function startFineTuningServer(
  apiKey: string,
  outcomeOf: (job: FineTuningJob) => Outcome,
): Promise<FineTuningServer> {
  const files = new Map<string, { about: StoredFile; text: string }>();
  const jobs: FineTuningJob[] = [];
  let clock = 1_790_000_000;
  let ids = 0;

  async function storeFile(request: SeenRequest): Promise<StoredFile> {
    const type = request.headers['content-type'] ?? '';
    const form = await new Response(request.body, { headers: { 'content-type': type } }).formData();
    const file = form.get('file');
    if (!(file instanceof File)) throw new Error('no file in the form');
    const about: StoredFile = {
      id: `file-${++ids}`,
      object: 'file',
      bytes: file.size,
      created_at: ++clock,
      filename: file.name,
      purpose: String(form.get('purpose')),
      status: 'processed',
    };
    files.set(about.id, { about, text: await file.text() });
    return about;
  }

  function createJob(body: Record<string, unknown>): FineTuningJob {
    const given = body as Pick<FineTuningJob, 'model' | 'training_file' | 'method'> & Partial<FineTuningJob>;
    const job: FineTuningJob = {
      id: `ftjob-${++ids}`,
      object: 'fine_tuning.job',
      created_at: ++clock,
      model: given.model,
      training_file: given.training_file,
      validation_file: given.validation_file ?? null,
      method: given.method,
      metadata: (engine.keepsMetadata && given.metadata) || {},
      seed: given.seed ?? null,
      suffix: given.suffix ?? null,
      status: 'validating_files',
      fine_tuned_model: null,
      error: null,
      result_files: [],
      events: [],
    };
    jobs.unshift(job);
    tell(job, 'Created fine-tuning job');
    return job;
  }

  function tell(job: FineTuningJob, message: string, type = 'message', data: object = {}): void {
    const id = `ftevent-${++ids}`;
    const created_at = ++clock;
    job.events.push({ object: 'fine_tuning.job.event', id, created_at, level: 'info', message, type, data });
  }

  function goOn(job: FineTuningJob): void {
    const next = COURSE[COURSE.indexOf(job.status) + 1];
    if (!COURSE.includes(job.status)) return;
    if (next !== undefined) {
      job.status = next;
      tell(job, `The job is ${next}`);
      return;
    }
    const step = job.events.length;
    tell(job, `Step ${step}: training loss=0.5`, 'metrics', { step, train_loss: 0.5, total_steps: null });
    job.status = outcomeOf(job);
    if (job.status === 'succeeded') {
      job.fine_tuned_model = `ft:${job.model}:org::${job.id}`;
      job.result_files = [`file-${++ids}`];
    }
    if (job.status === 'failed') {
      job.error = {
        code: 'exceeded_quota',
        message: 'Creating this fine-tuning job would exceed your quota',
        param: null,
      };
    }
  }

  const server = await startServer(async (request, response) => {
    const { method, url, headers, body } = request;
    const refuse = (status: number, message: string) =>
      sendJson(
        response,
        { error: { message, type: 'invalid_request_error', param: null, code: null } },
        status,
      );
    const page = <Item extends { readonly id?: unknown }>(items: readonly Item[]) => {
      const limit = Number(url.searchParams.get('limit') ?? 20);
      const after = url.searchParams.get('after');
      const start = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1;
      const data = items.slice(start, start + limit);
      sendJson(response, { object: 'list', data, has_more: start + limit < items.length });
    };

    if (headers.authorization !== `Bearer ${apiKey}`) return refuse(401, 'Incorrect API key provided.');
    const route = `${method} ${url.pathname}`;
    if (route === 'POST /v1/files') return sendJson(response, await storeFile(request));
    if (route === 'GET /v1/files') {
      return page([...files.values()].map(({ about }) => about).reverse());
    }
    if (route === 'POST /v1/fine_tuning/jobs') {
      const given = JSON.parse(body.toString());
      if (!files.has(given.training_file)) return refuse(400, `No such file: ${given.training_file}`);
      return sendJson(response, shown(createJob(given)));
    }
    if (route === 'GET /v1/fine_tuning/jobs') {
      const wanted = [...url.searchParams].flatMap(([name, value]) => {
        const key = /^metadata\[(.+)\]$/.exec(name)?.[1];
        return key === undefined ? [] : [[key, value] as const];
      });
      return page(
        jobs.filter(({ metadata }) => wanted.every(([key, value]) => metadata[key] === value)).map(shown),
      );
    }
    const [, id, action] = /^\/v1\/fine_tuning\/jobs\/([^/]+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    const job = jobs.find((candidate) => candidate.id === id);
    if (job === undefined) return refuse(404, `Could not find fine tune: ${id}`);
    if (method === 'GET' && action === undefined) {
      goOn(job);
      return sendJson(response, shown(job));
    }
    if (method === 'GET' && action === 'events') return page(job.events.toReversed());
    if (method === 'POST' && action === 'cancel') {
      if (!COURSE.includes(job.status)) return refuse(400, `Job has already completed: ${job.id}`);
      job.status = 'cancelled';
      return sendJson(response, shown(job));
    }
    refuse(404, `Invalid URL (${route})`);
  });

  const engine: FineTuningServer = Object.assign(server, { files, jobs, keepsMetadata: true });
  return engine;
}

function shown({ events: _, ...job }: FineTuningJob): Omit<FineTuningJob, 'events'> {
  return job;
}
