import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { InvalidFileError } from '../errors.ts';
import { readByteLines } from '../internal/byte-lines.ts';
import { fileSha256 } from '../internal/hash.ts';
import { parseJson } from '../internal/parse-json.ts';
import { childSeed, type Random, seededRandom } from '../internal/random.ts';
import type { Message } from '../messages.ts';
import { chatMessages, trainableTurns } from './chat-messages.ts';
import type { Demonstration } from './preference-format.ts';

/** General chat data to mix into the training files of demonstrations. */
export interface MixOptions {
  /**
   * A JSON Lines file of conversations, such as CodeActInstruct, which the paper mixes in. Each line has a list under
   * `messages` or `conversations`; each message has `role` and `content`, or `from` and `value`. Roles are `system`,
   * `user` or `human`, and `assistant` or `gpt`.
   */
  readonly path: string;
  /** General rows per training row from the conversations, above 0; 1 means half of the rows are general. */
  readonly ratio: number;
  /** Licence of the file, for the dataset card. Default: the card says that it was not stated. */
  readonly license?: string | undefined;
}

/** The general chat data of an export, in its manifest. */
export interface MixSummary {
  /** File name without its directory. */
  readonly file: string;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
  /** The requested general rows per training row. */
  readonly ratio: number;
  /** Null if it was not given. */
  readonly license: string | null;
  /** Number of usable conversations in the file. */
  readonly conversations: number;
  /** Number of lines that could not be used, such as those with tool calls. */
  readonly unusable: number;
  /** Number of rows added to each training file of demonstrations. */
  readonly rows: number;
  /** Number of rows that the ratio asked for and the file could not supply. No conversation is used twice. */
  readonly missing: number;
}

/** A file of general conversations to draw rows from. Memory grows by two numbers per conversation. */
export interface GeneralChat {
  /** Draws this many rows at random, or fewer once every conversation has been used. */
  draw(count: number): AsyncGenerator<Demonstration>;
  summary(): MixSummary;
  close(): Promise<void>;
}

/** Options of {@link openGeneralChat}. */
export interface GeneralChatOptions {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** No trainer uses longer conversations. The limit keeps a file without line breaks from filling memory. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

interface Place {
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads the file once to find its usable conversations. Each gives at most one row: a randomly drawn assistant message
 * as the response, and all messages before it as the prompt. Every turn can be drawn, and a long conversation counts no
 * more than a short one.
 *
 * @throws InvalidFileError if the file cannot be read or has no usable conversation.
 */
export async function openGeneralChat(
  { path, ratio, license }: MixOptions,
  { seed, signal }: GeneralChatOptions,
): Promise<GeneralChat> {
  const { places, unusable } = await findConversations(path, signal);
  if (places.length === 0) {
    throw new InvalidFileError(path, `has no usable conversations (${unusable} lines skipped).`, {
      hint: 'Each line must be an object with "messages" or "conversations". Each message needs role and content, or from and value.',
    });
  }
  const sha256 = await fileSha256(path, signal);
  const file = await open(path);
  const random = seededRandom(childSeed(seed, 'mix'));
  const conversations = places.length;
  let rows = 0;
  let missing = 0;
  return {
    async *draw(count) {
      for (let left = count; left > 0; left -= 1) {
        signal?.throwIfAborted();
        const place = takeOne(places, random);
        if (place === undefined) {
          missing += left;
          return;
        }
        const messages = parseConversation(path, await readPlace(file, place));
        // It was valid when the file was opened.
        if (messages === null) throw new InvalidFileError(path, 'changed while it was being read.');
        rows += 1;
        const turns = trainableTurns(messages);
        const turn = turns[Math.floor(random() * turns.length)]!;
        yield { conversation: messages.slice(0, turn), preferred: messages[turn]!.content.trim() };
      }
    },
    summary: () => ({
      file: basename(path),
      sha256,
      ratio,
      license: license ?? null,
      conversations,
      unusable,
      rows,
      missing,
    }),
    close: () => file.close(),
  };
}

async function findConversations(
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly places: Place[]; readonly unusable: number }> {
  const places: Place[] = [];
  let unusable = 0;
  for await (const { offset, bytes } of readByteLines(path, { maxBytes: MAX_LINE_BYTES, signal })) {
    if (bytes !== null && bytes.toString('latin1').trim() === '') continue;
    if (bytes === null || parseConversation(path, bytes) === null) unusable += 1;
    else places.push({ offset, length: bytes.length });
  }
  return { places, unusable };
}

/** The messages of a line; null if there is nothing in them to train on. */
function parseConversation(path: string, line: Buffer): Message[] | null {
  try {
    const messages = chatMessages(parseJson(path, line.toString()));
    return messages === null || trainableTurns(messages).length === 0 ? null : messages;
  } catch {
    return null;
  }
}

/** Removes a random item and moves the last one into its place. */
function takeOne<Item>(items: Item[], random: Random): Item | undefined {
  const index = Math.floor(random() * items.length);
  const item = items[index];
  const last = items.pop();
  if (index < items.length && last !== undefined) items[index] = last;
  return item;
}

async function readPlace(file: FileHandle, { offset, length }: Place): Promise<Buffer> {
  const { buffer } = await file.read({ buffer: Buffer.alloc(length), position: offset });
  return buffer;
}
