import type { Message } from '../messages.ts';
import type { TrainedTexts } from '../preferences/faults/text-check.ts';
import { createTextChecks } from '../preferences/faults/text-checks.ts';
import type { TemplateMessage } from '../tokenizers/tokenizer.ts';
import { type Findings, quote } from './findings.ts';
import type { Example, Response } from './read-example.ts';

/** Checks what a row says, by the rules of the export. */
export function createContentChecker(
  findings: Findings,
): (row: Readonly<Record<string, unknown>>, example: Example, line: number) => void {
  const checks = createTextChecks();
  return (row, example, line) => {
    const texts = trainedTexts(example);
    if (texts === null) return;
    // In KTO, the row of a rejected response says so.
    const isRejected = row.label === false;
    for (const { fault, find } of checks) {
      if (isRejected && fault === 'assistant-voice') continue;
      const evidence = find(texts);
      if (evidence !== null) findings.add(fault, line, `Found: ${quote(evidence)}.`);
    }
  };
}

/** Null if there is no response. */
function trainedTexts({ prompt, responses }: Example): TrainedTexts | null {
  const [preferred, rejected] = responses.map(textOf);
  if (preferred === undefined) return null;
  return { conversation: prompt.flatMap(toMessage), preferred, rejected: rejected ?? null };
}

function textOf({ messages }: Response): string {
  return messages.map(({ content }) => content).join('\n');
}

/** System messages and tools say what they say. */
function toMessage({ role, content }: TemplateMessage): Message[] {
  return role === 'user' || role === 'assistant' ? [{ role, content }] : [];
}
