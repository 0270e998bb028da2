import { element, find } from '../../page/browser/dom.ts';
import type { RatingSheet } from '../rating-sheet.ts';
import { UnusableFileError } from './check-ratings.ts';
import { listenToKeys } from './keyboard.ts';
import { createScale } from './scale.ts';
import { fillList, showItem } from './show-item.ts';
import { openStore } from './store.ts';

const { items, guide, ...sheet } = JSON.parse(
  find('sheet', HTMLScriptElement).textContent ?? '',
) as RatingSheet;
const store = openStore({ items, guide, ...sheet });
const scale = createScale(guide.scale, rate);
const position = find('position', HTMLElement);
const rater = find('rater', HTMLInputElement);
const note = find('note', HTMLTextAreaElement);
const isRated = (index: number): boolean => store.rating(idOf(index)) !== null;

let current = Math.max(
  0,
  items.findIndex((_, index) => !isRated(index)),
);

function idOf(index: number): string {
  return items[index]?.id ?? '';
}

function tell(words: string): void {
  find('status', HTMLElement).textContent = words;
}

function show(): void {
  const item = items[current];
  if (item !== undefined) showItem(item);
  position.textContent = `Reply ${current + 1} of ${items.length}`;
  find('previous', HTMLButtonElement).disabled = current === 0;
  find('next', HTMLButtonElement).disabled = current === items.length - 1;
  showRating();
}

function showRating(): void {
  const progress = find('progress', HTMLProgressElement);
  progress.max = items.length;
  progress.value = store.rated();
  find('progress-text', HTMLElement).textContent = `${store.rated()} of ${items.length} rated`;
  scale.show(store.rating(idOf(current)));
  note.value = store.note(idOf(current));
  rater.value = store.rater;
}

function goTo(index: number): void {
  if (index < 0 || index >= items.length) return;
  current = index;
  show();
  tell('');
  find('guide', HTMLDetailsElement).open = false;
  position.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function goToUnrated(): void {
  const ahead = items.map((_, index) => (current + 1 + index) % items.length);
  const found = ahead.find((index) => !isRated(index));
  if (found === undefined) tell('All replies are rated. Save the file.');
  else goTo(found);
}

/** Giving the same rating again removes it. */
function rate(rating: number): void {
  const takenBack = store.rating(idOf(current)) === rating;
  store.rate(idOf(current), takenBack ? null : rating);
  showRating();
  tell(takenBack ? 'Rating removed.' : `Rated ${rating}: ${guide.scale[rating - 1]}.${warning()}`);
}

function warning(): string {
  return store.keeps() ? '' : ' This browser cannot store your ratings: save the file before you leave.';
}

function saveFile(): void {
  const name = store.rater.trim();
  if (name === '') {
    tell('Enter your name first.');
    rater.focus();
    return;
  }
  const href = URL.createObjectURL(new Blob([store.save()], { type: 'application/json' }));
  const download = `ratings-${name.replace(/[^\p{L}\p{N}]+/gu, '-')}.json`;
  element('a', { href, download }).click();
  // Deferred: revoking now would cancel the download.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
  tell(`Saved ${store.rated()} of ${items.length} ratings as ${download}.`);
}

async function openFile({ target }: Event): Promise<void> {
  if (!(target instanceof HTMLInputElement) || target.files?.[0] === undefined) return;
  try {
    const text = await target.files[0].text();
    if (store.rated() > 0 && !confirm('Replace the ratings on this page with those in the file?')) return;
    store.load(text);
    goTo(
      Math.max(
        0,
        items.findIndex((_, index) => !isRated(index)),
      ),
    );
    tell(`Opened ${store.rated()} ratings by ${store.rater}.`);
  } catch (error) {
    tell(error instanceof UnusableFileError ? error.message : 'The file could not be read.');
  } finally {
    // So that opening the same file again fires a change event.
    target.value = '';
  }
}

function startOver(): void {
  if (!confirm('Delete all ratings on this page?')) return;
  store.clear();
  goTo(0);
}

find('task', HTMLElement).textContent = guide.task;
fillList('aspects', guide.aspects);
fillList(
  'meanings',
  guide.scale.map((meaning, index) => `${index + 1}: ${meaning}`),
);
rater.addEventListener('input', () => {
  store.rater = rater.value;
});
note.addEventListener('input', () => store.annotate(idOf(current), note.value));
find('previous', HTMLButtonElement).addEventListener('click', () => goTo(current - 1));
find('next', HTMLButtonElement).addEventListener('click', () => goTo(current + 1));
find('save', HTMLButtonElement).addEventListener('click', saveFile);
find('clear', HTMLButtonElement).addEventListener('click', startOver);
find('open', HTMLInputElement).addEventListener('change', openFile);
addEventListener('beforeunload', (event) => {
  if (store.isUnsaved()) event.preventDefault();
});
listenToKeys(
  {
    ...Object.fromEntries([1, 2, 3, 4, 5].map((rating) => [rating, () => rate(rating)])),
    ArrowRight: () => goTo(current + 1),
    j: () => goTo(current + 1),
    ArrowLeft: () => goTo(current - 1),
    k: () => goTo(current - 1),
    u: goToUnrated,
    n: () => note.focus(),
  },
  () => find('shortcuts', HTMLInputElement).checked,
);
show();
