import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { InvalidFileError } from '../errors.ts';
import { readByteLines } from '../internal/byte-lines.ts';
import { fileSha256 } from '../internal/hash.ts';
import { childSeed, type Random, seededRandom } from '../internal/random.ts';
import type { Message } from '../messages.ts';
import { chatMessages, trainableTurns } from './chat-messages.ts';
import type { Demonstration } from './preference-format.ts';

/** General chat data that goes into the training files of demonstrations. */
export interface MixOptions {
  /**
   * A JSON Lines file of conversations: `messages` or `conversations`, with `role` and `content` or with `from` and
   * `value`; the roles are system, user or human, assistant or gpt. CodeActInstruct, which the paper mixes in, is one.
   */
  readonly path: string;
  /** General rows for each training row from the conversations; 1 makes it half and half. Above 0. */
  readonly ratio: number;
  /** Its licence, for the dataset card. Default: said to be unknown. */
  readonly license?: string | undefined;
}

/** What was mixed in. */
export interface MixSummary {
  /** The file's name, without its folder. */
  readonly file: string;
  readonly sha256: string;
  readonly ratio: number;
  /** Null where it was not told. */
  readonly license: string | null;
  /** Conversations in the file that can be used, and lines that cannot. */
  readonly conversations: number;
  readonly unusable: number;
  /** Rows that went into each file of demonstrations. */
  readonly rows: number;
  /** Rows that the ratio asked for beyond what the file has: no conversation is taken twice. */
  readonly missing: number;
}

/** A file of general conversations from which rows are drawn. Memory grows by two numbers a conversation. */
export interface GeneralChat {
  /** So many rows by seed, fewer when every conversation has given its one. */
  draw(count: number): AsyncGenerator<Demonstration>;
  summary(): MixSummary;
  close(): Promise<void>;
}

export interface GeneralChatOptions {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** Nobody trains on a longer conversation. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

interface Place {
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads through the file once. A conversation gives one row: one of its assistant's turns, drawn by seed, as the
 * completion, and all before it as the prompt. So every turn of such data has its chance, and a long conversation counts
 * no more than a short one.
 *
 * @throws InvalidFileError when the file cannot be read or has no conversation that can be used.
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
        const messages = parseConversation(await readPlace(file, place));
        // It was one when it was looked for.
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
    if (bytes === null || parseConversation(bytes) === null) unusable += 1;
    else places.push({ offset, length: bytes.length });
  }
  return { places, unusable };
}

/** The messages of a line that has a turn to train. */
function parseConversation(line: Buffer): Message[] | null {
  try {
    const messages = chatMessages(JSON.parse(line.toString('utf8').replace(/^\uFEFF/, '')));
    return messages === null || trainableTurns(messages).length === 0 ? null : messages;
  } catch {
    return null;
  }
}

/** Removes a random item, whose place the last one takes. */
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
