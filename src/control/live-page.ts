import { html } from '../page/html.ts';
import { pagePolicy, renderSinglePage } from '../page/single-page.ts';
import { THEME_DECLARATIONS } from '../page/theme.ts';
import { COPY_DIALOG, COPY_STATUS } from '../report/sections/copy-parts.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from './page-assets.ts';

const ASSETS = {
  styles: [`:root { ${THEME_DECLARATIONS} }\n${PAGE_STYLE}`],
  scripts: [PAGE_SCRIPT],
  asksServer: true,
};

/** The policy that is sent with the page. Unlike the one inside, it can also forbid frames. */
export const LIVE_POLICY: string = `${pagePolicy(ASSETS)}; frame-ancestors 'none'`;

/** The page of a run that works. It asks its server for the state every second, and fills itself. */
export function renderLivePage(run: string): string {
  return renderSinglePage({ title: `Live: ${run}`, body: body(run), ...ASSETS, data: {} });
}

function body(run: string): string {
  return html`<a class="skip" href="#main">Skip to the run</a>
<header>
<h1>${run}</h1>
<button type="button" id="theme-toggle" class="quiet">Dark colours</button>
</header>
<main id="main" tabindex="-1">
<noscript>This page needs scripts.</noscript>
<section aria-labelledby="progress-heading">
<h2 id="progress-heading">Progress</h2>
<p id="condition" class="condition"></p>
<p id="spoken" class="spoken" role="status"></p>
<progress id="bar" max="1" aria-label="Share of the work that is done"></progress>
<p id="words" class="lead"></p>
<dl id="facts"></dl>
</section>
<section aria-labelledby="models-heading">
<h2 id="models-heading">Models</h2>
<div class="wide" role="region" tabindex="0" aria-label="Models"><table id="models"></table></div>
</section>
<section aria-labelledby="levels-heading" hidden>
<h2 id="levels-heading">Alignment levels so far</h2>
<p class="note">Mean score of the turns that were judged so far, 1 to 5. Candidates are played one after the other, so they may rest on different cases.</p>
<div class="wide" role="region" tabindex="0" aria-label="Levels"><table id="levels"></table></div>
</section>
<section aria-labelledby="errors-heading" hidden>
<h2 id="errors-heading">Last errors</h2>
<ul id="errors"></ul>
</section>
<section id="conversations" aria-labelledby="conversations-heading" hidden>
<h2 id="conversations-heading">Finished conversations</h2>
<p class="note" id="finished-count"></p>
<div class="reading">
<ol id="entries" tabindex="-1" aria-label="Finished conversations"></ol>
<div id="reader" role="region" tabindex="0" aria-label="Conversation"><p class="nothing">Choose a conversation.</p></div>
</div>
${COPY_STATUS}
${COPY_DIALOG}
</section>
</main>`.markup;
}
