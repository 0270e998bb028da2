/**
 * Single keys, as long as nothing is being written and `isOn` says so: whoever dictates or has other uses for these keys
 * can turn them off.
 */
export function listenToKeys(keys: Readonly<Record<string, () => void>>, isOn: () => boolean): void {
  document.addEventListener('keydown', (event) => {
    const { target, key } = event;
    if (isText(target)) {
      if (key === 'Escape') target.blur();
      return;
    }
    if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, key)) return;
    event.preventDefault();
    keys[key]?.();
  });
}

function isText(target: EventTarget | null): target is HTMLElement {
  return target instanceof HTMLElement && target.matches('textarea, input[type="text"]');
}
