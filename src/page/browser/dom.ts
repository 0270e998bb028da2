export type Child = Node | string | null | readonly Child[];

/**
 * Makes an element. Texts become text nodes, whatever is in them; attributes are only ever our own words.
 * An attribute that is null is left out.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | null>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) made.setAttribute(name, value);
  }
  made.append(...flatten(children));
  return made;
}

/** An element of the page's own skeleton. */
export function find<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} "${id}".`);
  return found;
}

/** Text that only screen readers tell. */
export function spoken(text: string): HTMLElement {
  return element('span', { class: 'spoken' }, text);
}

function flatten(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) => {
    if (child === null) return [];
    return typeof child === 'string' || child instanceof Node ? [child] : flatten(child);
  });
}
