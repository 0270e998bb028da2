import { InvalidOptionError } from '../errors.ts';
import { describeBaseUrl } from '../http/base-url.ts';
import type { ModelServer } from './chat-model.ts';

/** Providers whose model names keep their meaning, by the end of the host name. */
const PROVIDER_HOSTS = [
  'openai.com',
  'anthropic.com',
  'cerebras.ai',
  'cohere.com',
  'deepinfra.com',
  'deepseek.com',
  'fireworks.ai',
  'googleapis.com',
  'groq.com',
  'mistral.ai',
  'moonshot.ai',
  'openrouter.ai',
  'perplexity.ai',
  'together.ai',
  'together.xyz',
  'x.ai',
];

/**
 * Where a model is served, for {@link ChatModel.server}. Undefined with a revision: model and revision then say which
 * weights they are, wherever they are served.
 */
export function servedAt(baseUrl: string | URL, revision: string | undefined): ModelServer | undefined {
  if (revision !== undefined) return undefined;
  const { hostname } = new URL(baseUrl);
  const stable = PROVIDER_HOSTS.some((host) => hostname === host || hostname.endsWith(`.${host}`));
  return { address: describeBaseUrl(baseUrl), stable };
}

/** @throws InvalidOptionError unless it is undefined, or a short text without white space, @ and :. */
export function checkRevision(revision: string | undefined): string | undefined {
  if (revision === undefined || (typeof revision === 'string' && /^[^\s@:]{1,100}$/.test(revision))) {
    return revision;
  }
  throw new InvalidOptionError('revision', 'a short name without spaces, @ and :, such as "r2"', revision);
}
