import type { TextFault } from '../preferences/faults/text-check.ts';

/** What can be wrong with a dataset. `docs/validation.md` explains each kind. */
export type FindingKind =
  | 'not-utf8'
  | 'byte-order-mark'
  | 'misnamed-file'
  | 'line-too-long'
  | 'json-array'
  | 'not-json'
  | 'not-an-object'
  | 'too-deep'
  | 'duplicate-key'
  | 'lone-surrogate'
  | 'nul-character'
  | 'replacement-character'
  | 'date-strings'
  | 'mixed-keys'
  | 'no-rows'
  | 'unknown-format'
  | 'missing-column'
  | 'stray-key'
  | 'wrong-type'
  | 'unknown-role'
  | 'no-alternation'
  | 'wrong-ending'
  | 'wrong-answer'
  | 'several-answers'
  | 'empty-text'
  | 'identical-pair'
  | 'untrimmed-response'
  | 'template-marker'
  | 'lost-in-template'
  | 'wrong-label'
  | 'one-label'
  | 'wrong-weight'
  | 'plain-text'
  | 'implicit-prompt'
  | 'whole-conversation'
  | 'few-rows'
  | 'duplicate-row'
  | TextFault
  | 'length-bias'
  | 'style-gap'
  | 'prompt-too-long'
  | 'too-long'
  | 'not-tokenizable';

interface KindDescription {
  readonly level: 'error' | 'warning';
  readonly remedy: string;
}

/** Level and remedy of each kind. An error stops the trainer, or makes it train something other than intended. */
export const FINDING_KINDS: Readonly<Record<FindingKind, KindDescription>> = {
  'not-utf8': {
    level: 'error',
    remedy: 'Save the file as UTF-8: iconv -f <its encoding> -t utf-8.',
  },
  'byte-order-mark': {
    level: 'warning',
    remedy: 'Save the file without a byte order mark: some readers treat it as part of the first key.',
  },
  'misnamed-file': {
    level: 'error',
    remedy:
      'Rename the file to .parquet or .jsonl to match its content: `datasets` picks its reader by name and would fail.',
  },
  'line-too-long': { level: 'error', remedy: 'Write one row per line, each ended by a line feed.' },
  'json-array': { level: 'error', remedy: "Write one row per line: jq -c '.[]' file.json > file.jsonl." },
  'not-json': {
    level: 'error',
    remedy: 'Write each row with a JSON library, on one line; NaN and comments are not valid JSON.',
  },
  'not-an-object': { level: 'error', remedy: 'Make each row an object with named columns.' },
  'too-deep': {
    level: 'error',
    remedy:
      "Flatten the value, or store it as a string: Python's json fails at about 1000 levels, and pyarrow crashes at deeper ones.",
  },
  'duplicate-key': {
    level: 'error',
    remedy: 'Keep one of the two: readers reject the file or pick either one.',
  },
  'lone-surrogate': {
    level: 'error',
    remedy: 'Remove the broken character: `datasets` rejects the whole file because of it.',
  },
  'nul-character': {
    level: 'warning',
    remedy: 'Remove it: tokenizers and databases cut the string there.',
  },
  'replacement-character': {
    level: 'warning',
    remedy: 'Get the text from its source again: each U+FFFD marks a lost character.',
  },
  'date-strings': {
    level: 'error',
    remedy:
      'Load with explicit features, or as Parquet: `datasets` turns a column that holds only dates into timestamps.',
  },
  'mixed-keys': {
    level: 'warning',
    remedy:
      'Give every row the same keys: `datasets` before 4.7 rejects the file; later versions fill in null.',
  },
  'no-rows': { level: 'error', remedy: 'Leave the file out: `datasets` cannot load an empty one.' },
  'unknown-format': {
    level: 'error',
    remedy: 'Name the format, or rename the columns to match one.',
  },
  'missing-column': { level: 'error', remedy: 'Add the column to every row.' },
  'stray-key': {
    level: 'error',
    remedy: 'Remove it: hosted services reject unknown keys. Keep ids in a separate file.',
  },
  'wrong-type': {
    level: 'error',
    remedy:
      'Write a list of messages, each with role and content as strings. TRL accepts from and value only under conversations.',
  },
  'unknown-role': {
    level: 'error',
    remedy:
      'Use the roles system, user, assistant and tool: rename human to user and gpt to assistant, since trainers do not translate role names.',
  },
  'no-alternation': {
    level: 'error',
    remedy:
      'Start with the user (after one system message) and alternate user and assistant: many templates and services reject anything else.',
  },
  'wrong-ending': {
    level: 'error',
    remedy: 'End the prompt with the message the assistant answers: a user or tool message.',
  },
  'wrong-answer': {
    level: 'error',
    remedy: 'Make each response exactly one assistant message.',
  },
  'several-answers': {
    level: 'warning',
    remedy:
      'Make each response exactly one assistant message: TRL trains on every token after the prompt, including user messages.',
  },
  'empty-text': { level: 'error', remedy: 'Remove the row.' },
  'identical-pair': { level: 'error', remedy: 'Remove the pair: it expresses no preference.' },
  'untrimmed-response': {
    level: 'warning',
    remedy:
      'Trim the response: tokenizers merge a leading line break with the header before it, and one token is not trained.',
  },
  'template-marker': {
    level: 'warning',
    remedy: 'Remove the marker from the text: tokenizers read it as the start or end of a message.',
  },
  'lost-in-template': {
    level: 'error',
    remedy:
      'Remove the pair, or train with TRL: Axolotl finds these words in the chat template first and cuts there.',
  },
  'wrong-label': { level: 'error', remedy: 'Make the label true or false.' },
  'one-label': { level: 'warning', remedy: 'Add rows with the other label: KTO compares the two.' },
  'wrong-weight': {
    level: 'error',
    remedy: 'Set weights on assistant messages only, 0 or 1, with at least one 1 per row.',
  },
  'plain-text': {
    level: 'warning',
    remedy: 'Write messages instead of strings, so that the chat template is applied.',
  },
  'implicit-prompt': {
    level: 'warning',
    remedy:
      'Add a prompt column: TRL otherwise takes everything both responses begin with as the prompt, which can be too much.',
  },
  'whole-conversation': {
    level: 'warning',
    remedy:
      'With TRL, write prompt and completion, or set assistant_only_loss: by default it also trains on user messages.',
  },
  'few-rows': { level: 'warning', remedy: 'Add rows: OpenAI asks for 10, Fireworks for 3.' },
  'duplicate-row': { level: 'warning', remedy: 'Remove it, unless it should count twice.' },
  'prompt-leak': {
    level: 'warning',
    remedy: 'Remove the row: the model would learn to repeat a prompt that it is not given.',
  },
  'benchmark-overlap': {
    level: 'warning',
    remedy:
      'Remove the row, or do not evaluate on the cases: a model that has seen a person scores higher with them.',
  },
  refusal: { level: 'warning', remedy: 'Remove the row, unless the model should learn to refuse this.' },
  'assistant-voice': {
    level: 'warning',
    remedy: 'Remove the row, unless the model should say in passing that it is one.',
  },
  'wrong-language': {
    level: 'warning',
    remedy: 'Remove the row, unless the model should answer in another language than it is asked in.',
  },
  repetition: { level: 'warning', remedy: 'Remove the row: models learn to repeat themselves quickly.' },
  'near-identical': {
    level: 'warning',
    remedy: 'Remove the pair: DPO on pairs that differ in so little makes both responses less likely.',
  },
  'length-bias': {
    level: 'warning',
    remedy:
      'Remove pairs until length no longer predicts preference, or let the trainer normalise: ld_alpha or loss_type sigmoid_norm in TRL.',
  },
  'style-gap': {
    level: 'warning',
    remedy:
      'Ask for it on both sides or on neither in the shared part of the prompt, or remove pairs until it is as frequent on both.',
  },
  'prompt-too-long': {
    level: 'error',
    remedy:
      'Shorten the prompt or raise the length limit: none of the response is left, and TRL silently drops a DPO row.',
  },
  'too-long': {
    level: 'warning',
    remedy: 'Shorten the row or raise the length limit: trainers cut the end of the response.',
  },
  'not-tokenizable': {
    level: 'error',
    remedy:
      "Change the row to fit the model's chat template: some templates do not support a system message.",
  },
};
