import { find } from '../../page/browser/dom.ts';
import { listenToThemeToggle } from '../../report/page/theme-toggle.ts';
import type { LivePieces } from '../live-pieces.ts';
import type { LiveState } from '../live-state.ts';
import { createFinishedList } from './finished-list.ts';
import { showErrors } from './show-errors.ts';
import { showLevels } from './show-levels.ts';
import { showModels } from './show-models.ts';
import { showEnded, showProgress } from './show-progress.ts';

const EVERY_MS = 1_000;

listenToThemeToggle(find('theme-toggle', HTMLButtonElement));
for (const button of document.querySelectorAll('dialog button')) {
  button.addEventListener('click', () => button.closest('dialog')?.close());
}
const list = createFinishedList();
let seen = 0;
let last: LiveState | null = null;

async function ask<Answer>(path: string): Promise<Answer> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()) as Answer;
}

async function refresh(): Promise<void> {
  const state = await ask<LiveState>('state');
  showProgress(state);
  showModels(state);
  showLevels(state);
  showErrors(state);
  last = state;
  if (state.finished > seen) {
    const { pieces, next } = await ask<LivePieces>(`finished?after=${seen}`);
    seen = next;
    list.add(pieces, next);
  }
}

/** A page in the background does not ask. */
async function follow(): Promise<void> {
  for (;;) {
    if (!document.hidden) await refresh().catch(() => showEnded(last));
    await new Promise((resolve) => {
      setTimeout(resolve, EVERY_MS);
    });
  }
}

void follow();
