// Made from src/report/page/ by `npm run build:pages`.

/** What makes the page move: a classic script. */
export const PAGE_SCRIPT: string = `"use strict";
(() => {
  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null) made.setAttribute(name, value);
    }
    made.append(...flatten(children));
    return made;
  }
  function find(id, kind) {
    const found = document.getElementById(id);
    if (!(found instanceof kind)) throw new Error(\`The page has no \${kind.name} "\${id}".\`);
    return found;
  }
  function spoken(text) {
    return element("span", { class: "spoken" }, text);
  }
  function flatten(children) {
    return children.flatMap((child) => {
      if (child === null) return [];
      return typeof child === "string" || child instanceof Node ? [child] : flatten(child);
    });
  }
  var CORPUS = "Corpus";
  function listEntries({ candidates, played, trees }) {
    return [
      ...played.map(
        (conversation, index) => ({
          kind: "played",
          index,
          name: conversation.caseId,
          source: candidates[conversation.candidate] ?? "",
          turns: playedTurns(conversation),
          conversation
        })
      ),
      ...trees.map(
        (conversation, index) => ({
          kind: "tree",
          index: played.length + index,
          name: conversation.id,
          source: CORPUS,
          turns: treeTurns(conversation),
          conversation
        })
      )
    ];
  }
  function playedTurns({ turns, asked, failure }) {
    const reached = turns.map(
      ({ turn, user, response, judgement }) => ({
        turn,
        score: judgement.score,
        status: judgement.status,
        words: lowerCase(() => [user, response, judgement.rationale ?? ""])
      })
    );
    const missing = Array.from({ length: asked - turns.length }, (_, index) => {
      const words = lowerCase(() => [index === 0 ? failure?.message ?? "" : ""]);
      return { turn: turns.length + 1 + index, score: null, status: "not-reached", words };
    });
    return [...reached, ...missing];
  }
  function treeTurns({ root, failures }) {
    const facts = [];
    const walk = (node) => {
      const { turn, user, preferred, rejected } = node;
      const words = lowerCase(() => [user, preferred.text, rejected.text]);
      facts.push({ turn, score: null, status: null, words });
      for (const { next } of [preferred, rejected]) if (next !== void 0) walk(next);
    };
    if (root !== null) walk(root);
    for (const { turn, message } of failures) {
      facts.push({ turn, score: null, status: null, words: lowerCase(() => [message]) });
    }
    return facts;
  }
  function lowerCase(texts) {
    let words;
    return () => words ??= texts().join("\\n").toLowerCase();
  }
  var STATUS_WORDS = {
    scored: "scored",
    "malformed-verdict": "no valid verdict",
    "judge-failed": "judge failed",
    "no-response": "no response",
    "not-reached": "not reached"
  };
  function statusWords(status) {
    return STATUS_WORDS[status] ?? status;
  }
  function shortScore(score) {
    return String(Math.round(score * 100) / 100);
  }
  function scoreBadge(score, status) {
    return score === null ? element("span", { class: "badge missing" }, statusWords(status)) : element("span", { class: \`badge score-\${Math.round(score)}\` }, shortScore(score), spoken(" of 5"));
  }
  function scoreStrip(scores) {
    const squares = scores.map(
      (score) => element("span", { class: score === null ? "missing" : \`score-\${Math.round(score)}\` })
    );
    return element("span", { class: "strip", "aria-hidden": "true" }, squares);
  }
  function meanScore(scores) {
    const there = scores.filter((score) => score !== null);
    return there.length === 0 ? null : there.reduce((sum, score) => sum + score, 0) / there.length;
  }
  var CHUNK = 60;
  function createEntryList(box, onChoose) {
    let entries = [];
    let made = 0;
    let chosen = -1;
    const end = element("div", { class: "list-end", role: "presentation" });
    new IntersectionObserver(([seen]) => seen?.isIntersecting && make(made + CHUNK), { root: box }).observe(
      end
    );
    function make(count) {
      const until = Math.min(count, entries.length);
      const options = entries.slice(made, until).map((entry, index) => option(entry, made + index));
      end.before(...options);
      made = until;
      end.hidden = made === entries.length;
    }
    function option(entry, place) {
      return element(
        "div",
        {
          role: "option",
          id: \`entry-\${entry.index}\`,
          "data-place": String(place),
          "aria-selected": "false",
          "aria-posinset": String(place + 1),
          "aria-setsize": String(entries.length)
        },
        element("span", { class: "entry-name", dir: "auto" }, entry.name),
        element("span", { class: "entry-source", dir: "auto" }, entry.source),
        outcome(entry)
      );
    }
    function choose(place) {
      const entry = entries[place];
      if (entry === void 0) return;
      if (place >= made) make(place + CHUNK);
      box.querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
      const shown = box.querySelector(\`#entry-\${entry.index}\`);
      shown?.setAttribute("aria-selected", "true");
      if (shown !== null) keepInView(box, shown);
      box.setAttribute("aria-activedescendant", \`entry-\${entry.index}\`);
      chosen = place;
      onChoose(entry, place);
    }
    box.addEventListener("click", ({ target }) => {
      const place = target instanceof Element ? target.closest("[data-place]")?.getAttribute("data-place") : null;
      if (place) choose(Number(place));
    });
    box.addEventListener("keydown", (event) => {
      const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, Home: 0, End: entries.length - 1 }[event.key];
      if (to === void 0) return;
      event.preventDefault();
      choose(to);
    });
    return {
      show(shown, wanted) {
        entries = shown;
        made = 0;
        chosen = -1;
        box.replaceChildren(end);
        box.removeAttribute("aria-activedescendant");
        box.scrollTop = 0;
        make(CHUNK);
        choose(Math.max(0, wanted === null ? 0 : entries.indexOf(wanted)));
      },
      step: (by) => choose(chosen + by)
    };
  }
  function outcome(entry) {
    if (entry.kind === "tree") {
      const pairs = entry.turns.length === 1 ? "1 pair" : \`\${entry.turns.length} pairs\`;
      return element("span", { class: "entry-outcome" }, \`\${pairs} of responses\`);
    }
    const scores = entry.turns.map(({ score }) => score);
    const mean = meanScore(scores);
    return element(
      "span",
      { class: "entry-outcome" },
      scoreStrip(scores),
      mean === null ? "no score" : \`mean \${mean.toFixed(2)}\`
    );
  }
  function keepInView(box, option) {
    const outer = box.getBoundingClientRect();
    const inner = option.getBoundingClientRect();
    if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top;
    else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom;
  }
  function matchingTurns(entry, filter) {
    const { source, name, score, status } = filter;
    if (source !== null && entry.source !== source) return null;
    if (name !== null && entry.name !== name) return null;
    const words = filter.words.trim().toLowerCase();
    if (score === null && status === null && words === "") return [];
    const met = entry.turns.filter(
      (turn) => (score === null || turn.score !== null && Math.round(turn.score) === score) && (status === null || turn.status === status) && (words === "" || turn.words().includes(words))
    );
    return met.length === 0 ? null : met.map(({ turn }) => turn);
  }
  function createFilterForm(entries, onChange) {
    const form = find("filters", HTMLFormElement);
    const [source, name, score, status] = ["source", "name", "score", "status"].map(
      (id) => find(\`filter-\${id}\`, HTMLSelectElement)
    );
    const words = find("filter-words", HTMLInputElement);
    fill(source, distinct(entries.map((entry) => entry.source)));
    fill(name, distinct(entries.map((entry) => entry.name)));
    const turns = entries.flatMap((entry) => entry.turns);
    fill(
      score,
      distinct(turns.flatMap((turn) => turn.score === null ? [] : [Math.round(turn.score)])).toSorted((a, b) => a - b).map(String)
    );
    fill(status, distinct(turns.flatMap((turn) => turn.status ?? [])), statusWords);
    form.addEventListener("input", onChange);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(onChange));
    return {
      read: () => ({
        source: source.value || null,
        name: name.value || null,
        score: score.value === "" ? null : Number(score.value),
        status: status.value || null,
        words: words.value
      }),
      set(filter) {
        source.value = filter.source ?? "";
        name.value = filter.name ?? "";
        score.value = "";
        status.value = "";
        words.value = "";
      }
    };
  }
  function fill(select, values, label = (value) => value) {
    select.append(...values.map((value) => element("option", { value }, label(value))));
  }
  function distinct(values) {
    return [...new Set(values)];
  }
  function listenToHeatMaps(maps, entries, open) {
    for (const map of maps) {
      const own = entries.filter(
        ({ kind, conversation }) => kind === "played" && "candidate" in conversation && String(conversation.candidate) === map.dataset.candidate
      );
      map.addEventListener("click", ({ target }) => {
        if (!(target instanceof SVGRectElement) || target.parentElement === null) return;
        const place = [...target.parentElement.children].indexOf(target);
        const turns = own[0]?.turns.length ?? 1;
        const entry = own[Math.floor(place / turns)];
        if (entry !== void 0) open(entry, place % turns + 1);
      });
    }
  }
  function listenToKeys(list, section) {
    const form = find("filters", HTMLFormElement);
    const search = find("filter-words", HTMLInputElement);
    const shortcuts = find("shortcuts", HTMLInputElement);
    document.addEventListener("keydown", (event) => {
      if (!shortcuts.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.key === "Escape" && event.target instanceof Element && section.contains(event.target)) {
        form.reset();
        search.blur();
        return;
      }
      if (isTyping(event.target)) return;
      if (event.key === "j" || event.key === "k") {
        section.scrollIntoView({ block: "nearest" });
        list.step(event.key === "j" ? 1 : -1);
      } else if (event.key === "/") {
        event.preventDefault();
        search.focus();
      }
    });
  }
  function isTyping(target) {
    return target instanceof HTMLElement && target.matches('input:not([type="checkbox"]), select');
  }
  function markWords(place, words) {
    if (!("highlights" in CSS)) return;
    CSS.highlights.delete("found");
    const wanted = words.trim().toLowerCase();
    if (wanted === "") return;
    const ranges = [];
    const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const text = node.nodeValue?.toLowerCase() ?? "";
      if (text.length !== node.nodeValue?.length) continue;
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        ranges.push(range);
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }
  function checksNote(checks) {
    if (checks === void 0) return null;
    const { found, kept } = checks;
    const drafts = \`\${found.length} \${found.length === 1 ? "draft" : "drafts"} turned away: \${found.join(", ")}\`;
    const words = kept === void 0 ? drafts : \`\${drafts}; kept with: \${kept}\`;
    return element("span", { class: kept === void 0 ? "fate" : "fate kept" }, words);
  }
  var SHOWN = 6e3;
  function writtenText(text) {
    const shown = element("p", { class: "written", dir: "auto" });
    if (text.length <= SHOWN) {
      shown.textContent = text;
      return shown;
    }
    shown.textContent = \`\${text.slice(0, SHOWN)}\\u2026\`;
    const label = \`Show all \${text.length.toLocaleString("en")} characters\`;
    const button = element("button", { type: "button", class: "quiet" }, label);
    button.addEventListener("click", () => {
      shown.textContent = text;
      button.remove();
    });
    return element("div", {}, shown, button);
  }
  function failureNote({ turn, role, code, message }) {
    return element(
      "section",
      { class: "turn failure", "data-turn": String(turn) },
      element("h4", {}, \`Ended at turn \${turn}\`),
      element("p", {}, \`\${role}: \${code}\`),
      writtenText(message)
    );
  }
  function personaPanel(traits) {
    return element(
      "details",
      { class: "persona" },
      element("summary", {}, \`Persona: \${traits.length} facts and traits\`),
      element(
        "ul",
        { class: "traits" },
        traits.map((trait) => traitItem(trait, false))
      )
    );
  }
  function revealedPanel(traits, revealed, before) {
    if (revealed === void 0) return null;
    const count = \`Revealed so far: \${revealed.length} of \${traits.length}\`;
    if (revealed.length === 0) return element("p", { class: "revealed none" }, count);
    const known = new Map(traits.map((trait) => [trait.id, trait]));
    const items = revealed.map((id) => traitItem(known.get(id) ?? { id, text: "" }, !before.includes(id)));
    const fresh = revealed.filter((id) => !before.includes(id)).length;
    return element(
      "details",
      { class: "revealed", open: fresh > 0 ? "" : null },
      element("summary", {}, fresh > 0 ? \`\${count}, \${fresh} new\` : count),
      element("ul", { class: "traits" }, items)
    );
  }
  function traitItem({ id, text }, isNew) {
    return element(
      "li",
      isNew ? { class: "new" } : {},
      element("span", { class: "trait-id" }, id),
      element("span", { dir: "auto" }, text),
      isNew ? element("span", { class: "new-mark" }, "new") : null
    );
  }
  function playedView({ persona, drift, turns, failure }, personas) {
    const traitsOf = (place) => personas[place] ?? [];
    return [
      personaPanel(traitsOf(persona)),
      ...turns.flatMap((played, index) => {
        const { turn } = played;
        const hasChanged = drift !== void 0 && turn >= drift.turn;
        const before = turn === drift?.turn ? [] : turns[index - 1]?.revealed ?? [];
        return [
          ...turn === drift?.turn ? driftNote(traitsOf(drift.persona)) : [],
          turnView(played, traitsOf(hasChanged ? drift.persona : persona), before)
        ];
      }),
      ...failure === void 0 ? [] : [failureNote(failure)]
    ];
  }
  function driftNote(traits) {
    return [element("p", { class: "drift" }, "Here the user changes."), personaPanel(traits)];
  }
  function turnView(played, traits, before) {
    const { turn, user, checks, response, judgement, revealed } = played;
    return element(
      "section",
      { class: "turn", "data-turn": String(turn) },
      element("h4", {}, \`Turn \${turn}\`),
      element("div", { class: "said user" }, element("h5", {}, "User", checksNote(checks)), writtenText(user)),
      revealedPanel(traits, revealed, before),
      element(
        "div",
        { class: "said response" },
        element("h5", {}, "Response", scoreBadge(judgement.score, judgement.status)),
        writtenText(response)
      ),
      judgementView(judgement)
    );
  }
  function judgementView({ rationale, items, votes }) {
    if (rationale === void 0 && items === void 0 && votes === void 0) return null;
    return element(
      "div",
      { class: "judgement" },
      element("h5", {}, "Judge"),
      rationale === void 0 ? null : writtenText(rationale),
      items === void 0 ? null : element("ul", { class: "checks" }, items.map(checkedItem)),
      votes === void 0 ? null : votesTable(votes)
    );
  }
  function checkedItem({ item, met }) {
    return element(
      "li",
      { class: met ? "met" : "unmet" },
      element("span", { class: "verdict" }, met ? "yes" : "no"),
      element("span", { dir: "auto" }, item)
    );
  }
  function votesTable(votes) {
    const head = ["Vote", "Score", "Why"].map((name) => element("th", { scope: "col" }, name));
    const rows = votes.map(
      ({ judge, score, status, rationale }) => element(
        "tr",
        {},
        element("th", { scope: "row", dir: "auto" }, judge),
        element("td", {}, scoreBadge(score, status)),
        element("td", {}, writtenText(rationale ?? ""))
      )
    );
    return element(
      "table",
      { class: "votes" },
      element("caption", { class: "spoken" }, "Single verdicts"),
      element("thead", {}, element("tr", {}, head)),
      element("tbody", {}, rows)
    );
  }
  var SIDES = ["preferred", "rejected"];
  function treeView({ persona, root, failures }, personas) {
    const traits = personas[persona] ?? [];
    return [
      personaPanel(traits),
      ...root === null ? [] : [branchView(root, traits, [])],
      ...failures.map(failureNote)
    ];
  }
  function branchView(node, traits, before) {
    const followed = SIDES.filter((side) => node[side].next !== void 0);
    const rest = element("div", {});
    const buttons = /* @__PURE__ */ new Map();
    function follow(side) {
      const next = node[side].next;
      rest.replaceChildren(...next === void 0 ? [] : [branchView(next, traits, node.revealed)]);
      for (const [other, button] of buttons) button.setAttribute("aria-pressed", String(other === side));
    }
    if (followed.length > 1) {
      for (const side of followed) {
        const label = \`Read on from the \${side} response\`;
        const button = element("button", { type: "button", class: "quiet" }, label);
        button.addEventListener("click", () => follow(side));
        buttons.set(side, button);
      }
    }
    const [first] = followed;
    if (first !== void 0) follow(first);
    const responses = SIDES.map((side) => responseView(node, side, followed, buttons.get(side) ?? null));
    return element(
      "div",
      {},
      element(
        "section",
        { class: "turn", "data-turn": String(node.turn) },
        element("h4", {}, \`Turn \${node.turn}\`),
        element(
          "div",
          { class: "said user" },
          element("h5", {}, "User", checksNote(node.checks)),
          writtenText(node.user)
        ),
        revealedPanel(traits, node.revealed, before),
        element("div", { class: "pair" }, responses)
      ),
      rest
    );
  }
  function responseView(node, side, followed, button) {
    const { text, truncated } = node[side];
    return element(
      "div",
      { class: \`said response \${side}\` },
      element(
        "h5",
        {},
        side === "preferred" ? "Preferred" : "Rejected",
        element("span", { class: "fate" }, describeFate(side, followed)),
        truncated ? element("span", { class: "fate" }, "cut at its token limit") : null
      ),
      writtenText(text),
      button
    );
  }
  function describeFate(side, followed) {
    if (followed.length === 0) return "last turn";
    if (!followed.includes(side)) return "branch not taken";
    return followed.length === 1 ? "the user went on from here" : "followed up";
  }
  function createReader(place, data, entries) {
    const siblings = Map.groupBy(entries, ({ name }) => name);
    return {
      show(entry, turns, words) {
        const view = entry.kind === "played" ? playedView(entry.conversation, data.personas) : treeView(entry.conversation, data.personas);
        place.replaceChildren(
          element("h3", { dir: "auto" }, entry.name),
          sourceLine(entry, siblings.get(entry.name) ?? []),
          ...view
        );
        place.scrollTop = 0;
        const met = turns.flatMap((turn) => place.querySelector(\`[data-turn="\${turn}"]\`) ?? []);
        for (const section of met) section.classList.add("met-filter");
        const [first] = met;
        if (first instanceof HTMLElement) place.scrollTop = first.offsetTop - place.offsetTop - 12;
        markWords(place, words);
      },
      clear() {
        place.replaceChildren(element("p", { class: "nothing" }, "No conversation meets the filters."));
      }
    };
  }
  function sourceLine(entry, siblings) {
    const others = siblings.filter(({ index }) => index !== entry.index);
    const links = others.map(
      ({ index, source }) => element("a", { href: \`#conversation-\${index}\`, dir: "auto" }, source)
    );
    return element(
      "p",
      { class: "source" },
      element("bdi", {}, entry.source),
      links.length === 0 ? null : element("span", { class: "siblings" }, "Same user with: ", links)
    );
  }
  function listenToThemeToggle(button) {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const root = document.documentElement;
    const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
    const label = () => {
      button.textContent = isDark() ? "Light colours" : "Dark colours";
    };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      label();
    });
    system.addEventListener("change", label);
    label();
  }
  listenToThemeToggle(find("theme-toggle", HTMLButtonElement));
  if (document.getElementById("conversations") !== null) startReading();
  function startReading() {
    const section = find("conversations", HTMLElement);
    const count = find("filter-count", HTMLElement);
    const data = JSON.parse(find("report-data", HTMLScriptElement).textContent ?? "");
    const entries = listEntries(data);
    const reader = createReader(find("reader", HTMLElement), data, entries);
    const form = createFilterForm(entries, () => apply(current));
    const list = createEntryList(find("entries", HTMLElement), choose);
    let current = null;
    function choose(entry) {
      const filter = form.read();
      reader.show(entry, matchingTurns(entry, filter) ?? [], filter.words);
      if (current !== null) history.replaceState(null, "", \`#conversation-\${entry.index}\`);
      current = entry;
    }
    function apply(wanted) {
      const filter = form.read();
      const met = entries.filter((entry) => matchingTurns(entry, filter) !== null);
      count.textContent = \`\${met.length} of \${entries.length} conversations\`;
      if (met.length === 0) reader.clear();
      list.show(met, wanted);
    }
    function open(entry, turn) {
      form.set({});
      apply(entry);
      section.scrollIntoView();
      if (turn !== null) reader.show(entry, [turn], "");
    }
    function addressed() {
      const index = /^#conversation-(\\d+)$/.exec(location.hash)?.[1];
      return index === void 0 ? null : entries[Number(index)] ?? null;
    }
    listenToKeys(list, section);
    listenToHeatMaps(document.querySelectorAll("[data-candidate]"), entries, open);
    addEventListener("hashchange", () => {
      const entry = addressed();
      if (entry !== null) open(entry, null);
    });
    const first = addressed();
    apply(first);
    if (first !== null) section.scrollIntoView();
  }
})();`;

/** Its style sheet. */
export const PAGE_STYLE: string = `:root {
  color-scheme: light dark;
  --space: 1rem;
  font:
    16px / 1.55 system-ui,
    -apple-system,
    "Segoe UI",
    Roboto,
    "Helvetica Neue",
    sans-serif;
  font-variant-numeric: tabular-nums lining-nums;
  color: var(--aloe-ink);
  background: var(--aloe-paper);
  scroll-padding-top: var(--space);
}
:root[data-theme=light] {
  color-scheme: light;
}
:root[data-theme=dark] {
  color-scheme: dark;
}
*,
*::before,
*::after {
  box-sizing: border-box;
}
body {
  margin: 0 auto;
  max-width: 76rem;
  padding: 0 clamp(1rem, 3vw, 2.5rem) 5rem;
  overflow-wrap: break-word;
}
h1,
h2,
h3,
h4,
h5,
p,
ul,
figure {
  margin: 0;
}
h1 {
  font-size: clamp(1.6rem, 4vw, 2.2rem);
  font-weight: 650;
  letter-spacing: -0.015em;
  line-height: 1.2;
}
h2 {
  font-size: 1.3rem;
  font-weight: 650;
  letter-spacing: -0.01em;
}
h3 {
  font-size: 1.05rem;
  font-weight: 600;
}
a {
  color: var(--aloe-accent);
  text-underline-offset: 0.2em;
}
:focus-visible {
  outline: 3px solid var(--aloe-accent);
  outline-offset: 2px;
  border-radius: 3px;
}
button,
select,
input {
  font: inherit;
  color: inherit;
  background: var(--aloe-paper);
  border: 1px solid var(--aloe-muted);
  border-radius: 6px;
  padding: 0.3rem 0.6rem;
  max-width: 100%;
}
button {
  cursor: pointer;
}
.quiet {
  border-color: var(--aloe-line);
  color: var(--aloe-accent);
  font-size: 0.9rem;
}
.quiet[aria-pressed=true] {
  border-color: var(--aloe-accent);
  background: var(--aloe-panel);
}
.skip {
  position: absolute;
  left: -100vw;
}
.skip:focus {
  left: var(--space);
  top: 0.5rem;
  z-index: 1;
  background: var(--aloe-paper);
  padding: 0.5rem 1rem;
}
.spoken {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
header {
  display: flex;
  flex-wrap: wrap;
  gap: 0.75rem 2rem;
  justify-content: space-between;
  align-items: flex-start;
  padding: clamp(1.5rem, 5vw, 3.5rem) 0 0;
}
.subtitle,
.note,
figcaption {
  color: var(--aloe-muted);
}
.note,
figcaption {
  font-size: 0.9rem;
  max-width: 46rem;
}
nav ul {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 1.25rem;
  padding: 1rem 0;
  list-style: none;
}
main > section {
  padding: 2.25rem 0 0.5rem;
  border-top: 1px solid var(--aloe-line);
  margin-top: 1.5rem;
}
main > section > * + * {
  margin-top: var(--space);
}
.lead {
  font-size: clamp(1.15rem, 2.6vw, 1.45rem);
  line-height: 1.4;
  max-width: 48rem;
  text-wrap: pretty;
}
.warnings {
  border-left: 4px solid var(--aloe-warning);
  background: var(--aloe-panel);
  padding: 0.75rem 1rem 0.75rem 2rem;
  border-radius: 0 8px 8px 0;
}
.wide {
  overflow-x: auto;
}
table {
  border-collapse: collapse;
  width: 100%;
  font-size: 0.95rem;
}
caption {
  text-align: left;
  color: var(--aloe-muted);
  font-size: 0.9rem;
  padding-bottom: 0.5rem;
}
.caption {
  display: inline-block;
  position: sticky;
  left: 0;
  max-width: min(46rem, calc(100vw - 3rem));
}
th,
td {
  padding: 0.4rem 0.5rem;
  text-align: right;
  white-space: nowrap;
  border-bottom: 1px solid var(--aloe-line);
  vertical-align: top;
}
thead th {
  color: var(--aloe-muted);
  font-weight: 500;
  font-size: 0.9rem;
  vertical-align: bottom;
}
th:first-child,
.text {
  text-align: left;
  white-space: normal;
}
th:first-child {
  padding-left: 0;
}
.wide tr > th:first-child {
  position: sticky;
  left: 0;
  background: var(--aloe-paper);
}
tbody th {
  font-weight: 600;
  white-space: normal;
  overflow-wrap: anywhere;
  min-width: 8rem;
}
.interval {
  display: block;
  color: var(--aloe-muted);
  font-size: 0.82rem;
}
.panels {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
  gap: 1.75rem 1.5rem;
}
.chart svg,
.panels svg,
.wide svg {
  display: block;
  max-width: 100%;
  height: auto;
}
.wide svg {
  max-width: none;
}
.heat-map rect {
  cursor: pointer;
}
.heat-map rect:hover {
  stroke: var(--aloe-ink);
  stroke-width: 1.5px;
}
.key {
  display: flex;
  flex-wrap: wrap;
  gap: 0.3rem 1rem;
  padding: 0;
  list-style: none;
  font-size: 0.9rem;
  color: var(--aloe-muted);
}
.key span {
  display: inline-block;
  width: 0.9rem;
  height: 0.9rem;
  border-radius: 3px;
  vertical-align: -0.1em;
  margin-right: 0.4rem;
}
.score-1 {
  background: var(--aloe-score-1);
}
.score-2 {
  background: var(--aloe-score-2);
}
.score-3 {
  background: var(--aloe-score-3);
}
.score-4 {
  background: var(--aloe-score-4);
}
.score-5 {
  background: var(--aloe-score-5);
}
.missing {
  background: none;
  box-shadow: inset 0 0 0 1px var(--aloe-muted);
}
dl {
  display: grid;
  grid-template-columns: minmax(min-content, max-content) 1fr;
  gap: 0.3rem 1.5rem;
  margin: 0;
}
dt {
  color: var(--aloe-muted);
}
dd {
  grid-column: 2;
  margin: 0;
  overflow-wrap: anywhere;
}
#filters {
  display: flex;
  flex-wrap: wrap;
  gap: 0.75rem 1rem;
  align-items: flex-end;
}
#filters label {
  display: grid;
  gap: 0.15rem;
  font-size: 0.85rem;
  color: var(--aloe-muted);
}
#filters select,
#filters input,
#filters button {
  height: 2.3rem;
}
#filters select,
#filters input {
  font-size: 0.95rem;
  color: var(--aloe-ink);
  width: 11rem;
}
#filter-count {
  font-size: 0.9rem;
  color: var(--aloe-muted);
  min-height: 1.5em;
}
kbd {
  font: inherit;
  font-size: 0.85em;
  border: 1px solid var(--aloe-line);
  border-radius: 4px;
  padding: 0 0.35em;
}
.reading {
  display: grid;
  grid-template-columns: minmax(15rem, 20rem) 1fr;
  height: min(56rem, calc(100vh - 2rem));
  border: 1px solid var(--aloe-line);
  border-radius: 10px;
  overflow: hidden;
}
#entries,
#reader {
  overflow-y: auto;
  position: relative;
  min-width: 0;
}
#entries {
  border-right: 1px solid var(--aloe-line);
  background: var(--aloe-panel);
}
#entries:focus-visible,
#reader:focus-visible {
  outline-offset: -3px;
}
[role=option] {
  display: grid;
  grid-template-columns: 1fr auto;
  gap: 0 0.75rem;
  padding: 0.5rem 0.9rem;
  border-bottom: 1px solid var(--aloe-line);
  cursor: pointer;
  overflow-wrap: anywhere;
}
[role=option][aria-selected=true] {
  background: var(--aloe-paper);
  box-shadow: inset 4px 0 var(--aloe-accent);
}
.entry-name {
  font-weight: 600;
}
.entry-source,
.entry-outcome {
  font-size: 0.85rem;
  color: var(--aloe-muted);
}
.entry-source {
  text-align: right;
}
.entry-outcome {
  grid-column: 1 / -1;
  display: flex;
  justify-content: space-between;
  gap: 0.75rem;
}
.strip {
  display: flex;
  flex-wrap: wrap;
  gap: 2px;
  align-items: center;
}
.strip span {
  width: 0.75rem;
  height: 0.75rem;
  border-radius: 2px;
}
.list-end {
  height: 1px;
}
#reader {
  padding: 1.1rem clamp(1rem, 2.5vw, 2rem) 3rem;
}
.source {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 1.5rem;
  color: var(--aloe-muted);
  font-size: 0.95rem;
}
.siblings {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 0.75rem;
}
.nothing {
  color: var(--aloe-muted);
  padding: 3rem 0;
  text-align: center;
}
@media (max-width: 48rem) {
  .reading {
    display: block;
    height: auto;
  }
  #entries {
    height: 16rem;
    border-right: 0;
    border-bottom: 1px solid var(--aloe-line);
  }
  #reader {
    min-height: 30rem;
  }
  #filters label {
    flex: 1 1 9rem;
  }
  #filters select,
  #filters input {
    width: 100%;
  }
}
.turn {
  padding-top: 1.5rem;
}
.turn > * + * {
  margin-top: 0.6rem;
}
h4 {
  font-size: 0.85rem;
  font-weight: 600;
  color: var(--aloe-muted);
  border-bottom: 1px solid var(--aloe-line);
  padding-bottom: 0.2rem;
}
.met-filter > h4 {
  color: var(--aloe-accent);
  border-color: var(--aloe-accent);
}
h5 {
  display: flex;
  flex-wrap: wrap;
  gap: 0.4rem 0.6rem;
  align-items: center;
  font-size: 0.8rem;
  font-weight: 600;
  color: var(--aloe-muted);
}
.said,
.judgement {
  max-width: 46rem;
}
.said {
  border-radius: 10px;
  padding: 0.55rem 0.9rem 0.7rem;
}
.user {
  background: var(--aloe-panel);
}
.response {
  border: 1px solid var(--aloe-line);
}
.written {
  white-space: pre-wrap;
  overflow-wrap: anywhere;
  unicode-bidi: isolate;
}
.judgement {
  padding-left: 0.9rem;
  border-left: 3px solid var(--aloe-line);
  font-size: 0.92rem;
}
.badge {
  border-radius: 5px;
  padding: 0 0.5em;
  font-weight: 650;
  color: light-dark(#14171b, #ffffff);
}
.badge.score-1,
.badge.score-5 {
  color: light-dark(#ffffff, #14171b);
}
.badge.missing {
  color: var(--aloe-muted);
  font-weight: 500;
}
details > summary {
  cursor: pointer;
  color: var(--aloe-muted);
  font-size: 0.88rem;
}
.persona {
  margin-top: 0.5rem;
}
.revealed.none {
  color: var(--aloe-muted);
  font-size: 0.88rem;
}
.traits {
  list-style: none;
  padding: 0.3rem 0 0.3rem 0.9rem;
  font-size: 0.9rem;
}
.trait-id {
  display: inline-block;
  min-width: 2.2em;
  color: var(--aloe-muted);
}
.new .trait-id,
.new-mark {
  color: var(--aloe-revealed);
  font-weight: 650;
}
.new-mark {
  font-size: 0.8em;
  margin-left: 0.5em;
}
.checks {
  list-style: none;
  padding: 0.2rem 0 0;
}
.verdict {
  display: inline-block;
  min-width: 2.4em;
  font-weight: 650;
}
.met .verdict {
  color: var(--aloe-revealed);
}
.unmet .verdict {
  color: var(--aloe-warning);
}
.votes th,
.votes td {
  white-space: normal;
  text-align: left;
}
.pair {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));
  gap: 0.75rem;
}
.preferred {
  border-color: var(--aloe-revealed);
}
.fate {
  font-weight: 400;
}
.drift {
  margin-top: 1.5rem;
}
.drift,
.failure h4 {
  color: var(--aloe-warning);
}
::highlight(found) {
  background-color: light-dark(#ffe08a, #6b5300);
  color: light-dark(#14171b, #ffffff);
}
@page {
  margin: 14mm;
}
@media print {
  :root,
  :root[data-theme] {
    color-scheme: light;
    font-size: 10pt;
  }
  body {
    max-width: none;
    padding: 0;
  }
  nav,
  #theme-toggle,
  #filters,
  #filter-count,
  #entries,
  .hint,
  .siblings,
  .quiet {
    display: none;
  }
  .reading {
    display: block;
    height: auto;
    border: 0;
    overflow: visible;
  }
  #reader,
  .wide {
    overflow: visible;
    padding: 0;
  }
  .wide svg {
    max-width: 100%;
  }
  .panels {
    grid-template-columns: repeat(3, 1fr);
  }
  th,
  td {
    padding: 0.25rem 0.35rem;
  }
  figure,
  tr,
  .said,
  .judgement {
    break-inside: avoid;
  }
  h2,
  h3,
  h4,
  h5 {
    break-after: avoid;
  }
  .badge,
  .strip span,
  .key span {
    print-color-adjust: exact;
  }
}`;
