import { html, type Markup } from '../../page/html.ts';
import { COPY_DIALOG, COPY_STATUS } from './copy-parts.ts';
import type { Section } from './section.ts';

/**
 * The frame of the reader. The page's script fills in lists and conversations from the page's data.
 *
 * @param transcripts What is read without the script.
 */
export function readerSection(transcripts: Markup): Section {
  return {
    id: 'conversations',
    heading: 'Conversations',
    content: html`<noscript>${transcripts}</noscript>
<form id="filters" role="search" aria-label="Conversations" autocomplete="off">
<div class="search">
<label for="filter-words">Search<input id="filter-words" name="words" type="search" placeholder="messages, responses, rationales, personas"></label>
<button type="reset">Clear</button>
<button type="button" id="show-keys" aria-haspopup="dialog">Keys <kbd>?</kbd></button>
</div>
<details open><summary>Filter, sort and compare</summary>
<div class="fields">
${choice('source', 'candidate', 'Candidate', 'any')}
${choice('with', 'with', 'Side by side with', 'none')}
${choice('name', 'case', 'Case', 'any')}
${choice('profile', 'profile', 'Profile', 'any')}
${choice('from', 'from', 'Score from', 'any')}
${choice('to', 'to', 'Score to', 'any')}
${choice('turn', 'turn', 'Turn', 'any')}
${choice('status', 'show', 'Show only', 'everything')}
<label for="filter-order">Order<select id="filter-order" name="order">
<option value="">as in the files</option>
<option value="low">lowest mean first</option>
<option value="high">highest mean first</option>
<option value="gap">largest difference first</option>
<option value="better">most above the other first</option>
<option value="worse">most below the other first</option>
</select></label>
</div>
</details>
</form>
<p id="filter-count" role="status"></p>
<ul id="compare-warnings" class="warnings" aria-label="Warnings on this comparison" hidden></ul>
<div class="reading">
<div id="entries" role="listbox" tabindex="0" aria-label="Conversations"></div>
<article id="reader" tabindex="0" aria-label="Conversation"></article>
</div>
${COPY_STATUS}
${KEYS_DIALOG}
${COPY_DIALOG}`,
  };
}

function choice(id: string, name: string, label: string, all: string): Markup {
  return html`<label for="filter-${id}">${label}<select id="filter-${id}" name="${name}"><option value="">${all}</option></select></label>`;
}

const KEYS = [
  [['j', 'k'], 'next and previous conversation'],
  [['/'], 'to the search; Enter goes on to the list'],
  [['↑', '↓', 'Home', 'End'], 'move in the list'],
  [['Enter'], 'from the list into the conversation'],
  [['Esc'], 'from the conversation back to the list; elsewhere, clears the filters'],
  [['?'], 'shows these keys'],
] as const;

const KEYS_DIALOG: Markup = html`<dialog id="keys" aria-labelledby="keys-heading">
<h3 id="keys-heading">Keys</h3>
<dl>${KEYS.map(([keys, does]) => html`<dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${does}</dd>`)}</dl>
<p><label><input type="checkbox" id="shortcuts" checked> Single-key shortcuts</label></p>
<button type="button" autofocus>Close</button>
</dialog>`;
