import { html, type Markup, trustedMarkup } from '../../page/html.ts';

/** One part of the page. */
export interface Section {
  /** Its place in the page's address. */
  readonly id: string;
  readonly heading: string;
  readonly content: Markup;
}

export function renderSection({ id, heading, content }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${content}
</section>`;
}

/** A place for what may be wider than the window; reachable by keyboard, so that it can be scrolled with it. */
export function wide(label: string, content: Markup): Markup {
  return html`<div class="wide" role="region" tabindex="0" aria-label="${label}">${content}</div>`;
}

/** A chart with its words below. */
export function figure(svg: string, caption: string): Markup {
  return html`<figure>${trustedMarkup(svg)}<figcaption>${caption}</figcaption></figure>`;
}
