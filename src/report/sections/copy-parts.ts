import { html, type Markup } from '../../page/html.ts';

/** Where the buttons that copy say that they did. */
export const COPY_STATUS: Markup = html`<p id="copy-status" class="spoken" role="status"></p>`;

/** For browsers that do not let them. */
export const COPY_DIALOG: Markup = html`<dialog id="copy-by-hand" aria-labelledby="copy-heading">
<h3 id="copy-heading">Copy this text</h3>
<p><label for="copy-text">This page may not write to the clipboard. The text is selected: press Ctrl+C or ⌘C.</label></p>
<textarea id="copy-text" rows="10" readonly></textarea>
<button type="button">Close</button>
</dialog>`;
