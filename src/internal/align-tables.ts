/** Pads the cells of Markdown tables, so that columns stand below each other in a terminal. */
export function alignTables(markdown: string): string {
  return markdown.replace(/(?:^\|.*\|$\n?)+/gm, alignTable);
}

function alignTable(table: string): string {
  const end = table.endsWith('\n') ? '\n' : '';
  const rows = table
    .trimEnd()
    .split('\n')
    // An escaped bar belongs to its cell.
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
  const rule = rows[1] ?? [];
  const widths = rule.map((_, column) =>
    Math.max(3, ...rows.filter((row) => row !== rule).map((row) => widthOf(row[column] ?? ''))),
  );
  const lines = rows.map((row) => {
    const cells = widths.map((width, column) => {
      const isRight = rule[column]!.endsWith(':');
      if (row === rule) return isRight ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
      const cell = row[column] ?? '';
      const pad = ' '.repeat(width - widthOf(cell));
      return isRight ? pad + cell : cell + pad;
    });
    return `| ${cells.join(' | ')} |`;
  });
  return lines.join('\n') + end;
}

function widthOf(cell: string): number {
  return [...cell].length;
}
