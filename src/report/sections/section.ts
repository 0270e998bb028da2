import { html, type Markup, trustedMarkup } from '../../page/html.ts';

/** One part of the page. */
export interface Section {
  /** The URL fragment of the section. */
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

/** A scrollable container for wide content. It takes the keyboard focus, so that the keyboard can scroll it. */
export function wide(label: string, content: Markup): Markup {
  return html`<div class="wide" role="region" tabindex="0" aria-label="${label}">${content}</div>`;
}

/** A chart with a caption below. */
export function figure(svg: string, caption: string): Markup {
  return html`<figure>${trustedMarkup(svg)}<figcaption>${caption}</figcaption></figure>`;
}
