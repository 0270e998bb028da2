/** What the scripts of a page call the folder of the site. */
const VARIABLE = 'globalThis.aloeDocsBase';

/**
 * Replaces the base of a built page by the path from the page to the folder of the site.
 *
 * @param name Path of the page below that folder.
 */
export function relocatePage(html: string, name: string, base: string): string {
  const up = '../'.repeat(name.split('/').length - 1) || './';
  return html
    .replace('<head>', `<head><script>${VARIABLE}=new URL("${up}",location.href).pathname</script>`)
    .replaceAll(base, up);
}

/**
 * Replaces the base in a built script by the variable that each page sets.
 *
 * @throws If it is part of a string that does not begin with it.
 */
export function relocateScript(code: string, base: string): string {
  // The search index is JSON in quotes of which the bundler chooses the kind.
  const inQuotes = /'\{"documentCount"/.test(code) ? `'+${VARIABLE}+'` : `\${${VARIABLE}}`;
  const moved = code
    .replace(/"documentIds":\{[^}]*\}/, (ids) => ids.replaceAll(base, inQuotes))
    // The settings of the site are JSON in double quotes.
    .replaceAll(`\\"${base}`, `\\""+${VARIABLE}+"`)
    // In parentheses, since `return` may stand right before it.
    .replaceAll(`"${base}`, `(${VARIABLE})+"`)
    .replaceAll(`\`${base}`, `\`\${${VARIABLE}}`);
  if (moved.includes(base))
    throw new Error(`The base of the site is inside a string: ${around(moved, base)}`);
  return moved;
}

function around(code: string, base: string): string {
  const at = code.indexOf(base);
  return code.slice(Math.max(0, at - 60), at + 60);
}
