import { element, find } from '../../page/browser/dom.ts';

/** The five rating buttons. Not a radio group, because its arrow keys would change the rating. */
export function createScale(
  meanings: readonly string[],
  onRate: (rating: number) => void,
): {
  show(rating: number | null): void;
} {
  const buttons = meanings.map((meaning, index) => {
    const button = element(
      'button',
      { type: 'button' },
      element('b', {}, String(index + 1)),
      element('span', {}, meaning),
    );
    button.addEventListener('click', () => onRate(index + 1));
    return button;
  });
  find('scale', HTMLElement).append(...buttons);
  return {
    show(rating) {
      for (const [index, button] of buttons.entries()) {
        button.setAttribute('aria-pressed', String(rating === index + 1));
      }
    },
  };
}
