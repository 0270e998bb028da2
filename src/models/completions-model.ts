import type { Dialect } from './chat-completions.ts';
import type { ChatModel } from './chat-model.ts';
import type { JsonEndpoint } from './post-json.ts';

/** A model of a chat-completions API that also says how a request is written, and where other parts of the API are. */
export interface CompletionsModel extends ChatModel {
  readonly completions: CompletionsApi;
}

/** How a {@link CompletionsModel} is reached. */
export interface CompletionsApi {
  readonly dialect: Dialect;
  /** Host and path of the server. */
  readonly address: string;
  /** @throws MissingKeyError if the server needs a key and there is none. */
  endpoint(path: string): JsonEndpoint;
}

/** The API behind a model. Undefined if it is not a model of such an API, or a wrapper hides it. */
export function completionsOf(model: ChatModel): CompletionsApi | undefined {
  return (model as Partial<CompletionsModel>).completions;
}
