import { createHash } from 'node:crypto';
import { seededRandom } from '../../src/internal/seeded-random.ts';

/** English without much meaning, so that no text trips a check of user messages. */
const WORDS = (
  'garden kettle window morning ladder copper river basket pepper candle thunder saddle lemon walnut button ' +
  'carpet meadow bottle ginger ribbon hammer pocket mirror lantern barrel feather puddle blanket trumpet marble ' +
  'crooked quiet yellow heavy gentle narrow muddy brittle sudden hollow bright sour woollen rusty stubborn ' +
  'carried mended forgot painted borrowed counted watered folded dropped followed noticed traded whistled ' +
  'beside under behind across without toward slowly almost rather maybe later again somehow twice nearly'
).split(' ');
const SMALL_WORDS = 'the and my is of was it for with that to'.split(' ');

/** Text of whole sentences that depends on `seed` alone, of about this many characters. */
function sentences(seed: number, characters: number): string {
  const random = seededRandom(seed);
  const parts: string[] = [];
  let length = 0;
  while (length < characters) {
    const words = Array.from({ length: 6 + Math.floor(random() * 9) }, (_, index) => {
      const from = index % 2 === 0 ? SMALL_WORDS : WORDS;
      return from[Math.floor(random() * from.length)]!;
    });
    const [first, ...rest] = words;
    const sentence = `${first![0]!.toUpperCase()}${first!.slice(1)} ${rest.join(' ')}.`;
    parts.push(sentence);
    length += sentence.length + 1;
  }
  return parts.join(' ');
}

const ENUM = /"enum":\[("[FT]\d+"(?:,"[FT]\d+")*)\]/;

/**
 * What a model could answer to the request in `body`: a user message of 60 to 260 characters, a response of 350 to 900, up to
 * two ids for the inducer, or a verdict for the judge.
 */
export function replyTo(body: string): string {
  const hash = createHash('sha256').update(body).digest();
  const seed = hash.readUInt32LE(8);
  const random = seededRandom(hash.readUInt32LE(12));
  if (body.includes('"name":"revealed_traits"')) {
    const open = ENUM.exec(body)?.[1]?.split(',') ?? [];
    const found = random() < 0.4 ? [open[Math.floor(random() * open.length)]!] : [];
    return `{"revealed": [${found.join(', ')}]}`;
  }
  if (body.includes('"name":"verdict"')) {
    const score = () => 1 + Math.floor(random() * 5);
    return `{"honoured": ["T1"], "violated": ["T3"], "tone": ${score()}, "form": ${score()}, "uptake": ${score()}, "rationale": "${sentences(seed, 60)}", "score": ${score()}}`;
  }
  const isUser = body.includes('You are the person described below');
  return sentences(seed, isUser ? 60 + random() * 200 : 350 + random() * 550);
}
