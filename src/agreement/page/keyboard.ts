/**
 * Single-key shortcuts, inactive while the user types. `isOn` lets people turn them off, for example if they dictate.
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
