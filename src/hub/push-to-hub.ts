import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Hub from '@huggingface/hub';
import { HubError, InvalidOptionError, MissingKeyError } from '../errors.ts';
import { parseServerUrl } from '../http/base-url.ts';
import { warnOfPlainHttp } from '../http/plain-http.ts';
import { checkPath } from '../internal/check-path.ts';
import { importOptional } from '../internal/import-optional.ts';
import { checkKnownOptions, flag } from '../internal/option-checks.ts';
import { checkChoice } from '../internal/options.ts';
import { registerEnvironment, registerSecret } from '../redact.ts';
import { ADAPTER_CONFIG, adapterBase, withAdapterBase } from '../training/adapter-base.ts';
import { checkNoSecretIn, checkNoSecrets } from './check-secrets.ts';
import { type HubFile, listDataset, listModel } from './list-files.ts';
import { isHubName } from './model-card.ts';

/** Options of {@link pushToHub}. */
export interface PushToHubOptions {
  /** `dataset`: a directory from `PreferenceExporter`. `model`: one with a trained model or adapter. */
  readonly type: 'dataset' | 'model';
  /** Name of the repository, with its owner: `me/bees`. It is created if it is not there. */
  readonly repo: string;
  /** Access token with the right to write. Default: the environment variable HF_TOKEN. */
  readonly token?: string | undefined;
  /** Whether a repository that is created is private. Default true. */
  readonly private?: boolean | undefined;
  /** The card, as Markdown with a YAML header, in place of the directory's `README.md`; see {@link modelCard}. */
  readonly card?: string | undefined;
  /**
   * Of an adapter: the model it was trained on, as others can find it, `me/bees-sft`. Adapter and card then name it. Needed if the
   * adapter names a directory of this machine.
   */
  readonly base?: string | undefined;
  /** Branch to commit to. Default `main`. */
  readonly branch?: string | undefined;
  /** Title of the commit. Default: `Upload with aloe-align`. */
  readonly title?: string | undefined;
  /** Only list the files and look for secrets. Needs no token, and nothing is sent. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Push although a file holds what looks like an API key. Default false. */
  readonly allowSecrets?: boolean | undefined;
  /** Address of the hub. Default `https://huggingface.co`. */
  readonly hubUrl?: string | undefined;
  /** Aborts the push. What was uploaded is not visible before the commit at the end. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@link pushToHub} has pushed, or would push. */
export interface HubPush {
  /** Address of the repository. */
  readonly url: string;
  /** The files, in the order of their commit. */
  readonly files: readonly HubFile[];
  /** Id of the commit; null for a dry run. */
  readonly commit: string | null;
}

const HUB_URL = 'https://huggingface.co';

/**
 * Pushes a dataset or a trained model with its card to the Hugging Face hub, as one commit. A dataset is pushed as its
 * manifest describes it: the files that it names and no other. Of a model, checkpoints and hidden files stay here.
 *
 * @example
 * ```ts
 * import { pushToHub } from 'aloe-align/hub';
 *
 * const { files } = await pushToHub('data', { type: 'dataset', repo: 'me/bees', dryRun: true });
 * console.table(files);
 * const { url } = await pushToHub('data', { type: 'dataset', repo: 'me/bees' });
 * ```
 *
 * @throws InvalidOptionError if an option is wrong, the directory holds no model, or a text file holds what looks like an
 * API key. InvalidFileError if the dataset is not as its manifest says. MissingKeyError without a token.
 * MissingPackageError without `@huggingface/hub`. HubError if the hub refuses a request or cannot be reached. On abort,
 * the signal's reason.
 */
export async function pushToHub(dir: string, options: PushToHubOptions): Promise<HubPush> {
  const {
    type,
    name,
    hubUrl,
    card: given,
    base,
    dryRun,
    allowSecrets,
    isPrivate,
  } = checkPushOptions(dir, options);
  const changed = type === 'model' ? await nameBase(dir, given, base) : { card: given };
  const { card, config } = changed;
  const own = type === 'dataset' ? await listDataset(dir) : await listModel(dir);
  const pushed = card === undefined ? own : own.filter(({ path }) => path !== 'README.md');
  const files = [
    ...pushed,
    ...(card === undefined ? [] : [{ path: 'README.md', bytes: Buffer.byteLength(card) }]),
  ];
  if (!files.some(({ path }) => path === 'README.md')) {
    throw new InvalidOptionError('card', 'a card, since the directory has no README.md', options.card, {
      hint: type === 'model' ? 'modelCard() writes one.' : 'Export again without card: false, or pass one.',
    });
  }
  if (!allowSecrets) {
    // Read again: a variable may have been set since.
    registerEnvironment();
    await checkNoSecrets(dir, pushed);
    checkNoSecretIn(card ?? '', 'the card');
  }
  const url = `${hubUrl}/${type === 'dataset' ? 'datasets/' : ''}${name}`;
  if (dryRun) return { url, files, commit: null };

  const accessToken = options.token ?? process.env.HF_TOKEN;
  if (!accessToken) throw new MissingKeyError('the Hugging Face hub', 'HF_TOKEN', 'token');
  registerSecret(accessToken);
  warnOfPlainHttp(new URL(hubUrl));
  const hub = await importOptional<typeof Hub>('@huggingface/hub', 'pushToHub()');
  const { signal } = options;
  const repo = { type, name };
  const to = { repo, hubUrl, accessToken };
  try {
    signal?.throwIfAborted();
    if (!(await hub.repoExists(to))) {
      await hub.createRepo({ ...to, visibility: isPrivate ? 'private' : 'public' });
    }
    const done = await hub.uploadFiles({
      ...to,
      branch: options.branch ?? 'main',
      commitTitle: options.title ?? 'Upload with aloe-align',
      abortSignal: signal,
      files: files.map(({ path }) => ({
        path,
        content:
          path === 'README.md' && card !== undefined
            ? new Blob([card])
            : path === ADAPTER_CONFIG && config !== undefined
              ? new Blob([config])
              : pathToFileURL(join(dir, path)),
      })),
    });
    return { url, files, commit: done?.commit.oid ?? null };
  } catch (error) {
    signal?.throwIfAborted();
    throw toHubError(url, error);
  }
}

/** Card and config of an adapter, as they name its base. Undefined if the directory's own is pushed. */
async function nameBase(
  dir: string,
  card: string | undefined,
  base: string | undefined,
): Promise<{ readonly card?: string | undefined; readonly config?: string | undefined }> {
  const own = await adapterBase(dir);
  if (own === undefined) {
    if (base === undefined) return { card };
    throw new InvalidOptionError('base', 'no base, since this is not an adapter', base);
  }
  if (base === undefined) {
    if (isHubName(own)) return { card };
    throw new InvalidOptionError(
      'base',
      `a name on the hub, since the adapter names ${own || 'no base'}`,
      base,
      {
        hint: 'Push that model first, then name it: { base: "me/bees-sft" }.',
      },
    );
  }
  const text = card ?? (await readFile(join(dir, 'README.md'), 'utf8').catch(() => undefined));
  return { card: text && withBaseModel(text, base), config: await withAdapterBase(dir, base) };
}

/** A card whose header names another base. */
function withBaseModel(card: string, base: string): string {
  const header = /^---\n([\s\S]*?\n)---/.exec(card);
  if (header === null) return `---\nbase_model: ${base}\n---\n\n${card}`;
  const rest = header[1]!.replace(/^base_model:.*\n(?:[ \t-].*\n)*/m, '');
  return `---\nbase_model: ${base}\n${rest}---${card.slice(header[0].length)}`;
}

function checkPushOptions(dir: string, options: PushToHubOptions) {
  checkPath('dir', dir);
  checkKnownOptions<PushToHubOptions>('pushToHub()', options, {
    type: true,
    repo: true,
    token: true,
    private: true,
    card: true,
    base: true,
    branch: true,
    title: true,
    dryRun: true,
    allowSecrets: true,
    hubUrl: true,
    signal: true,
  });
  const type = checkChoice('type', options.type, ['dataset', 'model']);
  const { repo: name, card, base, hubUrl = HUB_URL } = options;
  if (typeof name !== 'string' || !/^\w[\w.-]*\/\w[\w.-]*$/.test(name)) {
    throw new InvalidOptionError('repo', 'an owner and a name, such as "me/bees"', name);
  }
  if (card !== undefined && (typeof card !== 'string' || card.trim() === '')) {
    throw new InvalidOptionError('card', 'a text', card);
  }
  if (base !== undefined && (typeof base !== 'string' || !isHubName(base))) {
    throw new InvalidOptionError('base', 'an owner and a name, such as "me/bees-sft"', base);
  }
  parseServerUrl('hubUrl', hubUrl, 'a URL such as https://huggingface.co');
  return {
    type,
    name,
    card,
    base,
    hubUrl: hubUrl.replace(/\/+$/, ''),
    dryRun: flag(false)(options.dryRun, 'dryRun'),
    allowSecrets: flag(false)(options.allowSecrets, 'allowSecrets'),
    isPrivate: flag(true)(options.private, 'private'),
  };
}

function toHubError(url: string, error: unknown): HubError {
  const { statusCode, message } = error as Error & { readonly statusCode?: number };
  const hint =
    statusCode === 401 || statusCode === 403
      ? 'Check that the token may write to this repository.'
      : undefined;
  return new HubError(`${url}: ${message}`, { status: statusCode, cause: error, ...(hint && { hint }) });
}
