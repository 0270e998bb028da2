/** Static markup of the rating page; its script fills it in. */
export const PAGE_BODY: string = `<a class="skip" href="#scale">Skip to the rating</a>
<header>
<h1>Rate replies</h1>
<div class="progress">
<progress id="progress" value="0" max="1" aria-labelledby="progress-text"></progress>
<span id="progress-text"></span>
</div>
<label>Your name <input id="rater" type="text" autocomplete="name"></label>
<div class="actions">
<button id="save" type="button" class="primary">Save file</button>
<label class="file">Open file<input id="open" type="file" accept=".json,application/json"></label>
<button id="clear" type="button">Start over</button>
</div>
</header>
<p id="status" role="status"></p>
<main>
<details id="guide" open>
<summary>How to rate</summary>
<p id="task"></p>
<ul id="aspects"></ul>
<p>Give one rating for all of it:</p>
<ul id="meanings"></ul>
<p><kbd>1</kbd> to <kbd>5</kbd> rate, <kbd>→</kbd> or <kbd>j</kbd> next, <kbd>←</kbd> or <kbd>k</kbd> back,
<kbd>u</kbd> next unrated reply, <kbd>n</kbd> note, <kbd>Esc</kbd> leaves the note.
<label><input id="shortcuts" type="checkbox" checked> use these shortcuts</label></p>
<p>Your ratings are stored in this browser as you go. Save the file when you are done, or to continue on another machine.</p>
</details>
<nav aria-label="Replies">
<button id="previous" type="button">← Back</button>
<h2 id="position" tabindex="-1">Reply</h2>
<button id="next" type="button">Next →</button>
</nav>
<div class="item">
<section class="persona" aria-labelledby="persona-title">
<h3 id="persona-title">The user</h3>
<h4>Life</h4>
<ul id="facts"></ul>
<h4>Character</h4>
<ul id="traits"></ul>
</section>
<div>
<section aria-labelledby="conversation-title">
<h3 id="conversation-title">The conversation</h3>
<ol id="conversation"></ol>
</section>
<section aria-labelledby="reply-title">
<h3 id="reply-title">The reply to rate</h3>
<div id="reply"></div>
</section>
</div>
</div>
</main>
<section class="rating" aria-label="Your rating">
<fieldset id="scale" aria-label="Rating from 1 to 5" tabindex="-1"></fieldset>
<label class="note">Note <textarea id="note" rows="1"></textarea></label>
</section>
<noscript><p>This page needs JavaScript. Allow scripts for this file, or fill in the table instead.</p></noscript>`;
