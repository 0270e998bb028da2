import type { TemplateMessage } from '../tokenizers/tokenizer.ts';
import { type DatasetFormat, ROW_RULES } from './dataset-formats.ts';
import { type Findings, quote } from './findings.ts';
import type { Example, Response } from './read-example.ts';

const ROLES: readonly string[] = ['system', 'user', 'assistant', 'tool'];

/** OpenAI also calls the system role `developer`. */
const HOSTED_ROLES: readonly string[] = [...ROLES, 'developer'];

/** Which roles may follow each role: one system message, then user and assistant alternate, with tools after the assistant. */
const AFTER: Readonly<Record<string, readonly string[]>> = {
  start: ['system', 'developer', 'user'],
  system: ['user'],
  developer: ['user'],
  user: ['assistant'],
  assistant: ['user', 'tool'],
  tool: ['assistant', 'tool'],
};

/** Special tokens of well-known chat templates, which do not belong in a text. */
const TEMPLATE_MARKER =
  /<\|(?:im_start|im_end|eot_id|start_header_id|end_header_id|endoftext|begin_of_text|user|assistant|system)\|>|<(?:start|end)_of_turn>|\[\/?INST\]|<\/s>/;

/** Axolotl renders the response after a dummy message, then searches for its text. This is what comes before it, in ChatML. */
const BEFORE_RESPONSE = '<|im_start|>user\n[[dummy_message]]<|im_end|>\n<|im_start|>assistant\n';

/** Checks roles and their order, and that there is something to learn. */
export function checkExample(
  example: Example,
  format: DatasetFormat,
  line: number,
  findings: Findings,
): void {
  const { responses } = example;
  const messages = [...example.prompt, ...responses.flatMap((response) => response.messages)];
  const roles = ROW_RULES[format].hosted ? HOSTED_ROLES : ROLES;
  const unknown = messages.find(({ role }) => !roles.includes(role));
  // The order of roles cannot be judged if one of them is unknown.
  if (unknown === undefined) checkRoles(example, format, line, findings);
  else findings.add('unknown-role', line, `A message has the role ${quote(unknown.role)}.`);
  for (const response of responses) checkResponse(response, format, line, findings);
  checkTexts(messages, line, findings);
  const [first, second] = responses;
  if (first !== undefined && second !== undefined && sameTexts(first, second)) {
    findings.add(
      'identical-pair',
      line,
      `${first.name} and ${second.name} differ only in case and whitespace.`,
    );
  }
}

function checkRoles(
  { prompt, responses }: Example,
  format: DatasetFormat,
  line: number,
  findings: Findings,
): void {
  checkOrder(prompt, line, findings);
  const last = prompt.at(-1)?.role;
  // Also catches a whole conversation that ends wrongly: its last message counts as the response.
  if (last !== 'user' && last !== 'tool') {
    findings.add(
      'wrong-ending',
      line,
      `The prompt ends with ${last === undefined ? 'nothing' : `the ${last}`}.`,
    );
  }
  const whole = ROW_RULES[format].responses.length === 0;
  for (const { name, messages } of responses) {
    const roles = messages.map(({ role }) => role);
    if (messages.length > 1 && roles.at(-1) === 'assistant' && format.startsWith('trl')) {
      findings.add('several-answers', line, `${name} has ${messages.length} messages.`);
    } else if (roles.length !== 1 || roles[0] !== 'assistant') {
      const what = whole ? 'The conversation ends with' : `${name} has`;
      findings.add(
        'wrong-answer',
        line,
        `${what} ${roles.join(', ') || 'nothing'}, not exactly one assistant message.`,
      );
    }
  }
}

function checkOrder(prompt: readonly TemplateMessage[], line: number, findings: Findings): void {
  let before = 'start';
  for (const { role } of prompt) {
    if (!AFTER[before]!.includes(role)) {
      const place = before === 'start' ? 'The prompt starts with' : `After ${before} comes`;
      findings.add('no-alternation', line, `${place} ${role}.`);
      return;
    }
    before = role;
  }
}

function checkResponse(
  { name, messages }: Response,
  format: DatasetFormat,
  line: number,
  findings: Findings,
): void {
  const [text = ''] = messages.map(({ content }) => content);
  if (format === 'axolotl-dpo' && text !== '' && BEFORE_RESPONSE.includes(text)) {
    findings.add('lost-in-template', line, `${name} is ${quote(text)}.`);
  }
  if (text.trim() !== '' && text !== text.trim()) {
    findings.add('untrimmed-response', line, `${name} has leading or trailing whitespace: ${quote(text)}.`);
  }
}

function checkTexts(messages: readonly TemplateMessage[], line: number, findings: Findings): void {
  for (const { role, content } of messages) {
    if (content.trim() === '') findings.add('empty-text', line, `This ${role} message has no text.`);
    const marker = TEMPLATE_MARKER.exec(content);
    if (marker !== null)
      findings.add('template-marker', line, `A ${role} message contains ${quote(marker[0])}.`);
  }
}

function sameTexts(a: Response, b: Response): boolean {
  return normalise(a) === normalise(b);
}

function normalise({ messages }: Response): string {
  return messages
    .map(({ content }) => content.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase())
    .join('\n');
}
