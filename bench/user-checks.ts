/**
 * How well the checks of user messages find faults: `node bench/user-checks.ts [measured|development]`.
 *
 * Counts over the labelled messages in `test/conversations/user-checks/labelled`: which share of the good ones is flagged
 * (false alarms), and which share of each fault (recall), by language, with 95 % Wilson intervals. A fault counts as found
 * if any check flags the message.
 */
import { reviewUserMessage } from '../src/conversations/user-checks/review-user-message.ts';
import {
  CLASSES,
  LANGUAGES,
  readLabelledMessages,
} from '../test/conversations/user-checks/labelled-messages.ts';

const [half = 'measured'] = process.argv.slice(2);
const messages = (await readLabelledMessages()).filter((message) => message.half === half);

const isFlagged = new Map(
  messages.map(({ id, message, persona, conversation }) => [
    id,
    !reviewUserMessage(message, { persona, conversation, maxStatements: 2 }).ok,
  ]),
);

/** `12 % [8, 17] (16/130)` */
function share(label: string, language: string | null): string {
  const own = messages.filter(
    (one) => one.label === label && (language === null || one.language === language),
  );
  const found = own.filter(({ id }) => isFlagged.get(id)).length;
  const [n, z] = [own.length, 1.96];
  const centre = (found + z ** 2 / 2) / (n + z ** 2);
  const reach = (z / (n + z ** 2)) * Math.sqrt((found * (n - found)) / n + z ** 2 / 4);
  const percent = (value: number) => Math.round(100 * value);
  return `${percent(found / n)} % [${percent(centre - reach)}, ${percent(centre + reach)}] (${found}/${n})`;
}

const columns = [...LANGUAGES, null];
console.log(`Flagged messages, ${half} half, ${messages.length} messages\n`);
console.log(`| label | ${columns.map((language) => language ?? 'all').join(' | ')} |`);
console.log(`| --- | ${columns.map(() => '---:').join(' | ')} |`);
for (const label of ['good', ...CLASSES]) {
  console.log(`| ${label} | ${columns.map((language) => share(label, language)).join(' | ')} |`);
}
