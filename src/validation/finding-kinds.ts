/** Names of what can be wrong with a dataset. */
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
  | 'length-bias'
  | 'prompt-too-long'
  | 'too-long'
  | 'not-tokenizable';

interface KindDescription {
  readonly level: 'error' | 'warning';
  readonly remedy: string;
}

/** What can be wrong with a dataset, with what to do about it. Errors stop a trainer or train something else than meant. */
export const FINDING_KINDS: Readonly<Record<FindingKind, KindDescription>> = {
  'not-utf8': {
    level: 'error',
    remedy: 'Save the file as UTF-8: iconv -f <its encoding> -t utf-8.',
  },
  'byte-order-mark': {
    level: 'warning',
    remedy: 'Save without a byte order mark: some readers take it for a part of the first key.',
  },
  'misnamed-file': {
    level: 'error',
    remedy:
      'Rename the file to .parquet or .jsonl, as its content is: `datasets` picks its reader by the name, and fails.',
  },
  'line-too-long': { level: 'error', remedy: 'Write one row a line, with a line feed after each.' },
  'json-array': { level: 'error', remedy: "Write one row a line: jq -c '.[]' file.json > file.jsonl." },
  'not-json': {
    level: 'error',
    remedy: 'Write each row with a JSON library, on one line; NaN and comments are no JSON.',
  },
  'not-an-object': { level: 'error', remedy: 'Make each row an object with named columns.' },
  'too-deep': {
    level: 'error',
    remedy:
      "Make it flat, or write it as a text: Python's json gives up at about 1000 levels, and pyarrow crashes further down.",
  },
  'duplicate-key': {
    level: 'error',
    remedy: 'Keep one of the two: readers refuse the file, or take whichever they like.',
  },
  'lone-surrogate': {
    level: 'error',
    remedy: 'Remove the half of a character: `datasets` refuses the whole file for it.',
  },
  'nul-character': {
    level: 'warning',
    remedy: 'Remove it: tokenizers and databases end a text there.',
  },
  'replacement-character': {
    level: 'warning',
    remedy: 'Take the text from its source again: a character was lost where U+FFFD stands.',
  },
  'date-strings': {
    level: 'error',
    remedy:
      'Load with explicit features, or as Parquet: `datasets` turns a column of nothing but dates into timestamps.',
  },
  'mixed-keys': {
    level: 'warning',
    remedy: 'Give every row the same keys: `datasets` before 4.7 refuses the file, later ones fill in null.',
  },
  'no-rows': { level: 'error', remedy: 'Leave the file out: `datasets` cannot load an empty one.' },
  'unknown-format': {
    level: 'error',
    remedy: 'Name the format, or rename the columns to those of one.',
  },
  'missing-column': { level: 'error', remedy: 'Add the column to every row.' },
  'stray-key': {
    level: 'error',
    remedy: 'Remove it: hosted services refuse keys they do not know. Keep ids in a file beside it.',
  },
  'wrong-type': {
    level: 'error',
    remedy:
      'Write a list of messages, each with role and content as texts; TRL takes from and value under conversations, and there alone.',
  },
  'unknown-role': {
    level: 'error',
    remedy:
      'Use the roles system, user, assistant and tool: rename human to user and gpt to assistant, since trainers take the words as they are.',
  },
  'no-alternation': {
    level: 'error',
    remedy:
      'Start with the user (after one system message) and let user and assistant take turns: many templates and services refuse the rest.',
  },
  'wrong-ending': {
    level: 'error',
    remedy: 'End the prompt with what the assistant answers to: a message of the user or of a tool.',
  },
  'wrong-answer': {
    level: 'error',
    remedy: 'Make each response exactly one message of the assistant.',
  },
  'several-answers': {
    level: 'warning',
    remedy:
      'Make each response exactly one message of the assistant: TRL trains every token after the prompt, the words of users too.',
  },
  'empty-text': { level: 'error', remedy: 'Leave the row out.' },
  'identical-pair': { level: 'error', remedy: 'Leave the pair out: it has no preference.' },
  'untrimmed-response': {
    level: 'warning',
    remedy:
      'Trim the response: tokenizers merge a leading line break with the header before it, and one token is not trained.',
  },
  'template-marker': {
    level: 'warning',
    remedy: 'Remove the marker from the text: tokenizers read it as the end or the start of a message.',
  },
  'lost-in-template': {
    level: 'error',
    remedy:
      'Leave the pair out, or train with TRL: Axolotl finds these words in the chat template first and cuts there.',
  },
  'wrong-label': { level: 'error', remedy: 'Make the label true or false.' },
  'one-label': { level: 'warning', remedy: 'Add rows with the other label: KTO compares the two.' },
  'wrong-weight': {
    level: 'error',
    remedy: 'Put weight on messages of the assistant only, as 0 or 1; at least one of a row is 1.',
  },
  'plain-text': {
    level: 'warning',
    remedy: 'Write messages instead of texts, so that the chat template of the model is applied.',
  },
  'implicit-prompt': {
    level: 'warning',
    remedy:
      'Add the prompt as a column of its own: where responses share more than the prompt, the cut falls elsewhere.',
  },
  'whole-conversation': {
    level: 'warning',
    remedy:
      'With TRL, write prompt and completion, or set assistant_only_loss: its default trains on the words of the user as well.',
  },
  'few-rows': { level: 'warning', remedy: 'Add rows: OpenAI asks for 10, Fireworks for 3.' },
  'duplicate-row': { level: 'warning', remedy: 'Leave it out, unless it is to count twice.' },
  'length-bias': {
    level: 'warning',
    remedy:
      'Leave out pairs until length says nothing, or let the trainer normalise: ld_alpha or loss_type sigmoid_norm in TRL.',
  },
  'prompt-too-long': {
    level: 'error',
    remedy:
      'Shorten the prompt or raise the length: nothing of the response is left, and TRL drops a DPO row in silence.',
  },
  'too-long': {
    level: 'warning',
    remedy: 'Shorten the row or raise the length: trainers cut the end of the response.',
  },
  'not-tokenizable': {
    level: 'error',
    remedy: "Change the row to what the model's chat template takes: not every one knows a system role.",
  },
};
