import { element, find } from '../../page/browser/dom.ts';
import type { LiveState } from '../live-state.ts';
import { showSection } from './table.ts';

/** The last errors, newest first. */
export function showErrors({ errors }: LiveState): void {
  showSection('errors', errors.length > 0);
  find('errors', HTMLElement).replaceChildren(
    ...errors.map(({ at, message, retried }) =>
      element(
        'li',
        {},
        element('time', { datetime: at, class: 'fate' }, new Date(at).toLocaleTimeString()),
        ' ',
        element('span', { dir: 'auto' }, message),
        element('span', { class: 'note' }, retried ? ' The call was sent again.' : ' The call failed.'),
      ),
    ),
  );
}
