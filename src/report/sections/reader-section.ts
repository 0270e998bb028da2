import { html, type Markup } from '../../page/html.ts';
import type { Section } from './section.ts';

/** The frame of the reader. The page's script fills in lists and conversations from the page's data. */
export function readerSection(): Section {
  return {
    id: 'conversations',
    heading: 'Conversations',
    content: html`<noscript><p>Reading conversations requires JavaScript.</p></noscript>
<form id="filters" role="search" aria-label="Conversations">
${choice('source', 'Candidate')}
${choice('name', 'Case')}
${choice('score', 'Score')}
${choice('status', 'Status')}
<label for="filter-words">Text<input id="filter-words" type="search" autocomplete="off"></label>
<button type="reset">Clear</button>
</form>
<p class="note hint"><label><input type="checkbox" id="shortcuts" checked> Keyboard shortcuts:</label> <kbd>j</kbd> and <kbd>k</kbd> step through the conversations, <kbd>/</kbd> goes to the search, <kbd>Esc</kbd> clears the filters.</p>
<p id="filter-count" role="status"></p>
<div class="reading">
<div id="entries" role="listbox" tabindex="0" aria-label="Conversations"></div>
<article id="reader" tabindex="0" aria-label="Conversation"></article>
</div>`,
  };
}

function choice(id: string, label: string): Markup {
  return html`<label for="filter-${id}">${label}<select id="filter-${id}"><option value="">any</option></select></label>`;
}
