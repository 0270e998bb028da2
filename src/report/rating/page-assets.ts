// Made from src/report/rating/page/ by `npm run build:pages`.

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
  function flatten(children) {
    return children.flatMap((child) => {
      if (child === null) return [];
      return typeof child === "string" || child instanceof Node ? [child] : flatten(child);
    });
  }
  var UnusableFileError = class extends Error {
  };
  function checkRatings(text, ids) {
    let value;
    try {
      value = JSON.parse(text);
    } catch {
      value = null;
    }
    if (value?.schema !== "aloe-ratings/1" || typeof value.rater !== "string" || !Array.isArray(value.ratings)) {
      throw new UnusableFileError("This is no file of ratings.");
    }
    const { rater: rater2, ratings } = value;
    for (const { id, rating, note: note2 } of ratings) {
      if (!ids.has(id)) throw new UnusableFileError("These are ratings of other replies.");
      const valid = rating === null || Number.isInteger(rating) && rating >= 1 && rating <= 5;
      if (!valid || note2 !== void 0 && typeof note2 !== "string") {
        throw new UnusableFileError(\`The file is damaged at \${id}.\`);
      }
    }
    return { schema: "aloe-ratings/1", rater: rater2, ratings };
  }
  function listenToKeys(keys, isOn) {
    document.addEventListener("keydown", (event) => {
      const { target, key } = event;
      if (isText(target)) {
        if (key === "Escape") target.blur();
        return;
      }
      if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, key)) return;
      event.preventDefault();
      keys[key]?.();
    });
  }
  function isText(target) {
    return target instanceof HTMLElement && target.matches('textarea, input[type="text"]');
  }
  function createScale(meanings, onRate) {
    const buttons = meanings.map((meaning, index) => {
      const button = element(
        "button",
        { type: "button" },
        element("b", {}, String(index + 1)),
        element("span", {}, meaning)
      );
      button.addEventListener("click", () => onRate(index + 1));
      return button;
    });
    find("scale", HTMLElement).append(...buttons);
    return {
      show(rating) {
        for (const [index, button] of buttons.entries()) {
          button.setAttribute("aria-pressed", String(rating === index + 1));
        }
      }
    };
  }
  function showItem({ facts, traits, conversation, response }) {
    fillList("facts", facts);
    fillList("traits", traits);
    find("conversation", HTMLOListElement).replaceChildren(
      ...conversation.map(
        ({ role, content }) => element(
          "li",
          {},
          element("p", { class: "speaker" }, role === "user" ? "User" : "Assistant"),
          writtenText(content)
        )
      )
    );
    find("reply", HTMLElement).replaceChildren(writtenText(response));
  }
  function fillList(id, texts) {
    find(id, HTMLUListElement).replaceChildren(...texts.map((text) => element("li", { dir: "auto" }, text)));
  }
  function writtenText(text) {
    return element("p", { class: "written", dir: "auto" }, text);
  }
  function openStore({ id: sheetId, items: items2 }) {
    const place = \`aloe-ratings/\${sheetId}\`;
    const ids = new Set(items2.map(({ id }) => id));
    let ratings = /* @__PURE__ */ new Map();
    let rater2 = "";
    let kept = true;
    let changed = false;
    function toFile() {
      return { schema: "aloe-ratings/1", rater: rater2, ratings: items2.flatMap(({ id }) => ratings.get(id) ?? []) };
    }
    function take(text) {
      const file = checkRatings(text, ids);
      rater2 = file.rater;
      ratings = new Map(file.ratings.map((rating) => [rating.id, rating]));
    }
    function keep() {
      changed = true;
      try {
        localStorage.setItem(place, JSON.stringify(toFile()));
      } catch {
        kept = false;
      }
    }
    function change(id, change2) {
      const { rating, note: note2 } = { ...ratings.get(id) ?? { rating: null }, ...change2 };
      if (rating === null && !note2) ratings.delete(id);
      else ratings.set(id, { id, rating, ...note2 && { note: note2 } });
      keep();
    }
    try {
      take(localStorage.getItem(place) ?? "");
    } catch {
    }
    return {
      get rater() {
        return rater2;
      },
      set rater(name) {
        rater2 = name;
        keep();
      },
      rating: (id) => ratings.get(id)?.rating ?? null,
      note: (id) => ratings.get(id)?.note ?? "",
      rate: (id, rating) => change(id, { rating }),
      annotate: (id, note2) => change(id, { note: note2 }),
      rated: () => [...ratings.values()].filter(({ rating }) => rating !== null).length,
      keeps: () => kept,
      save() {
        changed = false;
        return \`\${JSON.stringify(toFile(), null, 2)}
\`;
      },
      load(text) {
        take(text);
        keep();
      },
      clear() {
        ratings = /* @__PURE__ */ new Map();
        rater2 = "";
        keep();
      },
      isUnsaved: () => changed && !kept
    };
  }
  var { items, guide, ...sheet } = JSON.parse(
    find("sheet", HTMLScriptElement).textContent ?? ""
  );
  var store = openStore({ items, guide, ...sheet });
  var scale = createScale(guide.scale, rate);
  var position = find("position", HTMLElement);
  var rater = find("rater", HTMLInputElement);
  var note = find("note", HTMLTextAreaElement);
  var isRated = (index) => store.rating(idOf(index)) !== null;
  var current = Math.max(
    0,
    items.findIndex((_, index) => !isRated(index))
  );
  function idOf(index) {
    return items[index]?.id ?? "";
  }
  function tell(words) {
    find("status", HTMLElement).textContent = words;
  }
  function show() {
    const item = items[current];
    if (item !== void 0) showItem(item);
    position.textContent = \`Reply \${current + 1} of \${items.length}\`;
    find("previous", HTMLButtonElement).disabled = current === 0;
    find("next", HTMLButtonElement).disabled = current === items.length - 1;
    showRating();
  }
  function showRating() {
    const progress = find("progress", HTMLProgressElement);
    progress.max = items.length;
    progress.value = store.rated();
    find("progress-text", HTMLElement).textContent = \`\${store.rated()} of \${items.length} rated\`;
    scale.show(store.rating(idOf(current)));
    note.value = store.note(idOf(current));
    rater.value = store.rater;
  }
  function goTo(index) {
    if (index < 0 || index >= items.length) return;
    current = index;
    show();
    tell("");
    find("guide", HTMLDetailsElement).open = false;
    position.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  function goToUnrated() {
    const ahead = items.map((_, index) => (current + 1 + index) % items.length);
    const found = ahead.find((index) => !isRated(index));
    if (found === void 0) tell("All replies are rated. Save the file.");
    else goTo(found);
  }
  function rate(rating) {
    const takenBack = store.rating(idOf(current)) === rating;
    store.rate(idOf(current), takenBack ? null : rating);
    showRating();
    tell(takenBack ? "Rating taken back." : \`Rated \${rating}: \${guide.scale[rating - 1]}.\${warning()}\`);
  }
  function warning() {
    return store.keeps() ? "" : " This browser keeps nothing for this page: save the file before you leave.";
  }
  function saveFile() {
    const name = store.rater.trim();
    if (name === "") {
      tell("Give your name first.");
      rater.focus();
      return;
    }
    const href = URL.createObjectURL(new Blob([store.save()], { type: "application/json" }));
    const download = \`ratings-\${name.replace(/[^\\p{L}\\p{N}]+/gu, "-")}.json\`;
    element("a", { href, download }).click();
    setTimeout(() => URL.revokeObjectURL(href), 6e4);
    tell(\`Saved \${store.rated()} of \${items.length} ratings as \${download}.\`);
  }
  async function openFile({ target }) {
    if (!(target instanceof HTMLInputElement) || target.files?.[0] === void 0) return;
    try {
      const text = await target.files[0].text();
      if (store.rated() > 0 && !confirm("Take the file in place of the ratings on this page?")) return;
      store.load(text);
      goTo(
        Math.max(
          0,
          items.findIndex((_, index) => !isRated(index))
        )
      );
      tell(\`Opened \${store.rated()} ratings of \${store.rater}.\`);
    } catch (error) {
      tell(error instanceof UnusableFileError ? error.message : "The file could not be read.");
    } finally {
      target.value = "";
    }
  }
  function startOver() {
    if (!confirm("Forget all ratings on this page?")) return;
    store.clear();
    goTo(0);
  }
  find("task", HTMLElement).textContent = guide.task;
  fillList("aspects", guide.aspects);
  fillList(
    "meanings",
    guide.scale.map((meaning, index) => \`\${index + 1}: \${meaning}\`)
  );
  rater.addEventListener("input", () => {
    store.rater = rater.value;
  });
  note.addEventListener("input", () => store.annotate(idOf(current), note.value));
  find("previous", HTMLButtonElement).addEventListener("click", () => goTo(current - 1));
  find("next", HTMLButtonElement).addEventListener("click", () => goTo(current + 1));
  find("save", HTMLButtonElement).addEventListener("click", saveFile);
  find("clear", HTMLButtonElement).addEventListener("click", startOver);
  find("open", HTMLInputElement).addEventListener("change", openFile);
  addEventListener("beforeunload", (event) => {
    if (store.isUnsaved()) event.preventDefault();
  });
  listenToKeys(
    {
      ...Object.fromEntries([1, 2, 3, 4, 5].map((rating) => [rating, () => rate(rating)])),
      ArrowRight: () => goTo(current + 1),
      j: () => goTo(current + 1),
      ArrowLeft: () => goTo(current - 1),
      k: () => goTo(current - 1),
      u: goToUnrated,
      n: () => note.focus()
    },
    () => find("shortcuts", HTMLInputElement).checked
  );
  show();
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
html {
  scroll-padding-bottom: 12rem;
}
body {
  max-width: 70rem;
  padding-bottom: 12rem;
}
h1 {
  font-size: 1.3rem;
}
h2 {
  font-size: 1.05rem;
}
h3,
h4 {
  font-size: 0.88rem;
}
h3 {
  margin-bottom: 0.5rem;
  color: var(--aloe-muted);
}
h4 {
  margin-top: 0.75rem;
  font-weight: 600;
}
ul {
  margin-top: 0.25rem;
  padding-left: 1.1rem;
}
header {
  display: flex;
  flex-wrap: wrap;
  gap: 0.75rem 1.5rem;
  align-items: center;
  padding: 1rem 0;
  border-bottom: 1px solid var(--aloe-line);
}
.progress {
  display: flex;
  flex: 1;
  gap: 0.75rem;
  align-items: center;
  min-width: 13rem;
}
progress {
  flex: 1;
  max-width: 14rem;
  accent-color: var(--aloe-accent);
}
.actions {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem;
}
.file {
  display: inline-block;
  position: relative;
  border: 1px solid var(--aloe-muted);
  border-radius: 6px;
  padding: 0.3rem 0.6rem;
  cursor: pointer;
}
.file input {
  position: absolute;
  inset: 0;
  opacity: 0;
  cursor: pointer;
}
.file:focus-within {
  outline: 3px solid var(--aloe-accent);
  outline-offset: 2px;
}
.primary,
#scale button[aria-pressed=true] {
  background: var(--aloe-accent);
  border-color: var(--aloe-accent);
  color: var(--aloe-paper);
}
button:disabled {
  border-color: var(--aloe-line);
  color: var(--aloe-muted);
  cursor: default;
}
#status {
  min-height: 1.55rem;
  margin: 0.5rem 0;
  color: var(--aloe-muted);
}
#guide {
  margin-bottom: 1rem;
}
#guide summary {
  cursor: pointer;
  font-weight: 600;
}
#guide p {
  margin: 0.5rem 0;
  max-width: 65ch;
}
kbd {
  border: 1px solid var(--aloe-line);
  border-radius: 4px;
  padding: 0 0.35em;
  background: var(--aloe-panel);
  font: inherit;
}
nav {
  display: flex;
  gap: 1rem;
  align-items: center;
  justify-content: space-between;
  margin-bottom: 1.25rem;
}
#position:focus-visible {
  outline: none;
}
.item {
  display: grid;
  grid-template-columns: minmax(14rem, 20rem) minmax(0, 1fr);
  gap: 2.5rem;
  align-items: start;
}
.persona {
  position: sticky;
  top: var(--space);
  max-height: calc(100vh - 12rem);
  overflow: auto;
  font-size: 0.92rem;
}
#conversation {
  margin: 0 0 1.75rem;
  padding: 0;
  list-style: none;
}
#conversation li {
  margin-bottom: 0.9rem;
}
.speaker {
  font-size: 0.8rem;
  color: var(--aloe-muted);
}
.written {
  overflow-wrap: anywhere;
  white-space: pre-wrap;
  unicode-bidi: isolate;
}
#reply {
  border-left: 4px solid var(--aloe-accent);
  padding: 0.8rem 1.1rem;
  background: var(--aloe-panel);
}
.rating {
  position: fixed;
  inset: auto 0 0;
  display: grid;
  gap: 0.6rem;
  border-top: 1px solid var(--aloe-line);
  padding: 0.75rem max(1rem, calc((100vw - 65rem) / 2));
  background: var(--aloe-paper);
}
#scale {
  display: grid;
  grid-template-columns: repeat(5, minmax(0, 1fr));
  gap: 0.5rem;
  margin: 0;
  border: 0;
  padding: 0;
}
#scale button {
  display: grid;
  align-content: start;
  justify-items: center;
  padding: 0.4rem;
  line-height: 1.3;
}
#scale b {
  font-size: 1.1rem;
}
#scale span {
  font-size: 0.8rem;
}
.note {
  display: flex;
  gap: 0.75rem;
  align-items: center;
}
textarea {
  flex: 1;
  min-width: 0;
  border: 1px solid var(--aloe-muted);
  border-radius: 6px;
  padding: 0.3rem 0.6rem;
  background: var(--aloe-paper);
  color: inherit;
  font: inherit;
  resize: vertical;
}
@media (max-width: 46rem) {
  .item {
    grid-template-columns: 1fr;
    gap: 1.25rem;
  }
  .persona {
    position: static;
    max-height: none;
  }
  #scale span {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
}`;
