import { InvalidOptionError } from '../../errors.ts';
import { checkMethod } from '../../internal/options.ts';
import type { ChatModel, ModelServer } from '../chat-model.ts';
import { completionsOf } from '../completions-model.ts';
import { balanceCalls } from './balance-calls.ts';

/**
 * One model on several servers. All of them must have the same weights: the result is one model with one id, and a run does
 * not record which server gave an answer.
 *
 * Calls of one conversation and role go to the same server, whose prefix cache then has the conversation, unless that server
 * has clearly more calls outstanding than the others. A server that does not answer three calls in a row gets no more than one
 * call a second until it answers again; its calls go to the others at once. In a run, the pace of each server is learned on
 * its own, and limits that you set for the model hold for all servers together.
 *
 * @param models The same model, once per server: equal names, revisions and settings.
 *
 * @example
 * ```ts
 * import { balanced } from 'aloe-align/models';
 * import { openaiCompatible } from 'aloe-align/models/openai-compatible';
 *
 * const model = balanced(
 *   ['http://gpu1:8000/v1', 'http://gpu2:8000/v1'].map((baseUrl) => openaiCompatible('qwen2.5-7b', { baseUrl })),
 * );
 * ```
 *
 * @throws InvalidOptionError if the list is empty, if the models differ, or if one of them calls other models.
 */
export function balanced(models: readonly ChatModel[]): ChatModel {
  if (!Array.isArray(models) || models.length === 0) {
    throw new InvalidOptionError('models', 'at least one model', models);
  }
  for (const [index, model] of models.entries()) checkReplica(models[0]!, model, index);
  const replicas = models.flatMap((model) => model.replicas ?? [model]);
  const { id } = replicas[0]!;
  return {
    id,
    server: serverOfAll(replicas),
    ...(replicas.every(({ free }) => free) && { free: true }),
    replicas,
    generate: balanceCalls(id, { servers: nameServers(replicas), movesWaiting: false }),
  };
}

/** Each server by its address. One whose model does not say it, or that has another's address, by its number. */
export function nameServers(
  replicas: readonly ChatModel[],
): { readonly name: string; readonly model: ChatModel }[] {
  const addresses = replicas.map((model) => model.server?.address ?? completionsOf(model)?.address);
  return replicas.map((model, index) => {
    const address = addresses[index];
    const isOwn = address !== undefined && addresses.indexOf(address) === index;
    return { name: isOwn ? address : `server ${index + 1}`, model };
  });
}

function checkReplica(first: ChatModel, model: ChatModel, index: number): void {
  const option = `models[${index}]`;
  checkMethod(option, model, 'generate', 'a ChatModel');
  if (model.id !== first.id) {
    throw new InvalidOptionError(option, `the model "${first.id}", as the first one`, model.id, {
      hint: 'Servers of one model have the same id: the same name, revision, jsonMode, omit and chatTemplateKwargs.',
    });
  }
  if (model.mapModels !== undefined) {
    throw new InvalidOptionError(option, 'a model of one server', model.id, {
      hint: 'Balance the models first, and wrap the result: run.model(balanced([…])), adaptive(balanced([…])).',
    });
  }
}

/** A run compares the addresses of all servers together with those of earlier answers. */
function serverOfAll(replicas: readonly ChatModel[]): ModelServer | undefined {
  const servers = replicas.flatMap(({ server }) => server ?? []);
  if (servers.length === 0) return undefined;
  const addresses = [...new Set(servers.map(({ address }) => address))].sort();
  return { address: addresses.join(', '), stable: servers.every(({ stable }) => stable) };
}
