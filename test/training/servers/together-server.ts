import { type EngineServer, type SeenRequest, sendJson, startServer } from './http-server.ts';

interface StoredFile {
  readonly id: string;
  readonly object: 'file';
  readonly bytes: number;
  readonly created_at: number;
  readonly filename: string;
  readonly purpose: string;
  readonly FileType: string;
  readonly Processed: boolean;
}

interface FineTuneEvent {
  readonly object: 'fine-tune-event';
  readonly created_at: string;
  readonly level: string;
  readonly type: string;
  readonly message: string;
}

export interface FineTune {
  readonly id: string;
  readonly created_at: string;
  readonly user_id: string;
  readonly model?: string;
  readonly from_checkpoint?: string;
  readonly training_file: string;
  readonly training_method: { readonly method: string; readonly [name: string]: unknown };
  readonly training_type?: { readonly type: string; readonly [name: string]: unknown };
  readonly suffix?: string;
  status: string;
  model_output_name: string | null;
  readonly events: FineTuneEvent[];
  readonly [field: string]: unknown;
}

export interface TogetherServer extends EngineServer {
  readonly files: ReadonlyMap<string, { readonly about: StoredFile; readonly text: string }>;
  readonly jobs: FineTune[];
  /** Default true. */
  keepsSuffix: boolean;
}

/** How a job ends, or that it goes on until it is cancelled. */
export type Outcome = 'completed' | 'error' | 'running';

const COURSE = ['pending', 'queued', 'running', 'compressing', 'uploading'];
const MODELS = ['tiny-1', 'endless', 'broken'];

/**
 * Together's routes for files and fine-tunes, in the shapes of its documentation and official clients: lists as one page,
 * times as ISO 8601, errors as `{ error }`. A job goes on by one state whenever it is looked at.
 */
export async function startTogetherServer(
  apiKey: string,
  outcomeOf: (job: FineTune) => Outcome,
): Promise<TogetherServer> {
  const files = new Map<string, { about: StoredFile; text: string }>();
  const jobs: FineTune[] = [];
  let clock = 1_790_000_000;
  let ids = 0;
  const now = () => new Date(++clock * 1_000).toISOString();

  function storeFile(filename: string, purpose: string, text: string): StoredFile {
    const about: StoredFile = {
      id: `file-${++ids}`,
      object: 'file',
      bytes: Buffer.byteLength(text),
      created_at: ++clock,
      filename,
      purpose,
      FileType: 'jsonl',
      Processed: true,
    };
    files.set(about.id, { about, text });
    return about;
  }

  async function readForm({ headers, body }: SeenRequest): Promise<StoredFile> {
    const type = headers['content-type'] ?? '';
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    const file = form.get('file');
    if (!(file instanceof File)) throw new Error('no file in the form');
    return storeFile(String(form.get('file_name')), String(form.get('purpose')), await file.text());
  }

  function createJob({ suffix, ...given }: Record<string, unknown>): FineTune {
    const job = {
      ...(given as Pick<FineTune, 'training_file' | 'training_method'>),
      id: `ft-${++ids}-ab`,
      created_at: now(),
      user_id: 'user-1',
      ...(engine.keepsSuffix && typeof suffix === 'string' && { suffix }),
      status: 'pending',
      model_output_name: null,
      events: [],
    };
    jobs.unshift(job);
    tell(job, 'job_pending', 'Fine-tune request created');
    return job;
  }

  function tell(job: FineTune, type: string, message: string, level = 'info'): void {
    job.events.push({ object: 'fine-tune-event', created_at: now(), level, type, message });
  }

  function goOn(job: FineTune): void {
    if (!COURSE.includes(job.status)) return;
    const outcome = outcomeOf(job);
    if (job.status === 'running' && outcome === 'running') return;
    if (job.status === 'running' && outcome === 'error') {
      job.status = 'error';
      tell(job, 'job_error', 'Training failed: loss is not finite', 'error');
      return;
    }
    job.status = COURSE[COURSE.indexOf(job.status) + 1] ?? 'completed';
    tell(job, `job_${job.status}`, `The job is ${job.status}`);
    if (job.status === 'completed') {
      const base = job.model ?? jobs.find(({ id }) => id === job.from_checkpoint)?.model;
      job.model_output_name = `me/${base}-${job.suffix}-${job.id.slice(3)}`;
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
    if (headers.authorization !== `Bearer ${apiKey}`) return refuse(401, 'Invalid API key provided.');
    const route = `${method} ${url.pathname}`;
    if (route === 'POST /v1/files/upload') return sendJson(response, await readForm(request));
    if (route === 'GET /v1/files')
      return sendJson(response, { data: [...files.values()].map(({ about }) => about) });
    const file = files.get(/^\/v1\/files\/([^/]+)$/.exec(url.pathname)?.[1] ?? '');
    if (method === 'GET' && file !== undefined) return sendJson(response, file.about);
    if (route === 'POST /v1/fine-tunes') {
      const given = JSON.parse(body.toString());
      if (!files.has(given.training_file)) return refuse(400, `No such file: ${given.training_file}`);
      if ((given.model === undefined) === (given.from_checkpoint === undefined))
        return refuse(400, 'Specify either a model or a checkpoint');
      return sendJson(response, shown(createJob(given)));
    }
    if (route === 'GET /v1/fine-tunes') return sendJson(response, { data: jobs.map(shown) });
    if (route === 'GET /v1/fine-tunes/models/limits') {
      const model = url.searchParams.get('model_name')!;
      if (!MODELS.includes(model) && !jobs.some(({ id }) => id === model))
        return refuse(404, `Model ${model} not found`);
      const batches = { max_batch_size: 32, max_batch_size_dpo: 8, min_batch_size: 1 };
      return sendJson(response, {
        model_name: model,
        max_seq_length_sft: 8_192,
        max_seq_length_dpo: 4_096,
        max_num_epochs: 20,
        max_learning_rate: 0.01,
        min_learning_rate: 0,
        lora_training: { ...batches, max_rank: 64, target_modules: ['q_proj'] },
      });
    }
    const [, id, action] = /^\/v1\/fine-tunes\/([^/]+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    const job = jobs.find((candidate) => candidate.id === id);
    if (job === undefined) return refuse(404, `Could not find fine-tune ${id}`);
    if (method === 'GET' && action === undefined) {
      goOn(job);
      return sendJson(response, shown(job));
    }
    if (method === 'GET' && action === 'events') return sendJson(response, { data: job.events });
    if (method === 'GET' && action === 'metrics') {
      const metrics = COURSE.indexOf(job.status) < 2 && COURSE.includes(job.status) ? [] : [2, 1];
      return sendJson(response, {
        metrics: metrics.map((step) => ({ global_step: step, 'train/loss': 1 / step, epoch: 1 })),
      });
    }
    if (method === 'POST' && action === 'cancel') {
      if (!COURSE.includes(job.status)) return refuse(400, 'Job is not running');
      job.status = 'cancelled';
      return sendJson(response, shown(job));
    }
    refuse(404, `Invalid URL (${route})`);
  });

  const engine: TogetherServer = Object.assign(server, { files, jobs, keepsSuffix: true });
  return engine;
}

function shown({ events: _, model_output_name: name, ...job }: FineTune): object {
  return { ...job, ...(name !== null && { model_output_name: name }) };
}
