/** Verbs that make a stage direction by themselves: `*sighs*`, `(laughing)`, `[pause]`. */
const GESTURES = new Set(
  (
    'smile laugh sigh pause chuckle giggle grin wink shrug nod blush frown groan gasp yawn cough whisper wave cry sob ' +
    'scoff smirk snort hug gulp sniff sniffle cringe wince pout beam mutter mumble facepalm'
  ).split(' '),
);

/** Verbs that make one together with their object: `*rolls eyes*`, `(takes a deep breath)`. */
const MOVES = new Set(
  (
    'roll take look scratch rub wipe shake raise lean glance stare sip adjust clear bite tap clap stretch check hold pour ' +
    'close tilt fidget'
  ).split(' '),
);

/** Any other verb in -s, recognised by its form and the word after it: `*drums a rhythm on the desk*`. */
const OTHER_VERB =
  /^(?!(?:is|was|has|does|as|always|this|us|yes|its|his|sometimes|perhaps)\b)[a-z]+[^s\W]s$/i;
const AFTER_VERB = /^(?:a|an|the|my|his|her|their|at|out|up|down|away|into|back|[a-z]+ly)$/i;
const PROPS = /\b(?:eyes|head|hair|chin|neck|hands?|shoulders|glasses|breath|sip|phone|watch)\b/i;

const MARKED = /(?<![\p{L}\p{N}*_])(\*{1,3}|_{1,2})([^*_]{1,80})\1(?![\p{L}\p{N}*_]|\.\p{L})/gu;
const BRACKETED = /\(([^()[\]]{1,60})\)|\[([^()[\]]{1,60})\]/g;

/** After these words, a marked verb belongs to the sentence: "he *smiles* at everybody". */
const SUBJECT = /(?:^|\s)(?:he|she|it|who|that|which|always|never|still|only)\s*$/i;

/**
 * Removes stage directions such as `*smiles*`, `_grins_`, `(laughs softly)` or `[sighs]`. Emphasis such as
 * `*really*` keeps its word, and brackets with other content stay: `(my brother)`.
 */
export function removeStageDirections(text: string): string {
  return text
    .replace(MARKED, (whole: string, _mark, inner: string, offset: number, all: string) => {
      const before = all.slice(Math.max(0, offset - 20), offset);
      if (isDirection(inner, { apart: !/[\p{L}\p{N}]\s*$/u.test(before), verb: SUBJECT.test(before) }))
        return '';
      // Marks next to spaces are not emphasis: "5 * 3 * 2".
      return inner === inner.trim() ? inner : whole;
    })
    .replace(BRACKETED, (whole: string, round: string | undefined, square: string | undefined) => {
      const inner = (round ?? square)!;
      return isDirection(inner, { apart: true, verb: false }) && countWords(inner) <= 5 ? '' : whole;
    })
    .replace(/[ \t]{2,}/g, ' ')
    .replace(/ +(?!\.\.)([.,!?…]+)(?=\s|$)/g, '$1')
    .replace(/,(?:\s*,)+/g, ',')
    .replace(/^\s*(?:[,;:]|\.(?=\s))\s*/, '')
    .trim();
}

interface Surroundings {
  /** Whether it is between sentences, not inside one. */
  readonly apart: boolean;
  /** Whether the words before it call for a verb. */
  readonly verb: boolean;
}

function isDirection(inner: string, { apart, verb }: Surroundings): boolean {
  const words = inner.match(/[\p{L}'’-]+/gu) ?? [];
  // Speakers say "I". Stage directions are in the third person.
  if (verb || words.some((word) => /^(?:i|we)(?:['’]|$)/i.test(word))) return false;
  const [first, second] = words.length > 1 && /ly$/i.test(words[0]!) ? words.slice(1) : words;
  if (first === undefined) return false;
  const gesture = formOf(first, GESTURES);
  const withProp = PROPS.test(inner);
  const move = withProp || AFTER_VERB.test(second ?? '') ? formOf(first, MOVES) : null;
  if (!apart) return gesture === 's' || (move === 's' && withProp);
  if (gesture === 'plain') return second === undefined;
  if (gesture !== null || (move !== null && move !== 'plain')) return true;
  return (
    second !== undefined && OTHER_VERB.test(first) && AFTER_VERB.test(second) && !/\s\p{Lu}/u.test(inner)
  );
}

type Form = 'plain' | 's' | 'ing' | 'ed';

/** The form in which a word is one of these verbs, or null. */
function formOf(word: string, verbs: ReadonlySet<string>): Form | null {
  const lower = word.toLowerCase();
  if (verbs.has(lower)) return 'plain';
  for (const [ending, form] of [
    ['s', 's'],
    ['es', 's'],
    ['ing', 'ing'],
    ['ed', 'ed'],
  ] as const) {
    if (!lower.endsWith(ending)) continue;
    const stem = lower.slice(0, -ending.length);
    const roots = [stem, `${stem}e`, stem.replace(/(.)\1$/, '$1'), stem.replace(/i$/, 'y')];
    if (roots.some((root) => verbs.has(root))) return form;
  }
  return null;
}

function countWords(text: string): number {
  return text.trim().split(/\s+/).length;
}
