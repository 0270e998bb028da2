import { writeFileAtomic } from '../internal/write-file.ts';
import { renderSinglePage } from '../page/single-page.ts';
import { THEME_DECLARATIONS } from '../page/theme.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from './page-assets.ts';
import { PAGE_BODY } from './rating-page-body.ts';
import type { RatingSheet } from './rating-sheet.ts';

/**
 * Writes an HTML page for rating a sheet. The page is one file that opens from disk, without a server or network access.
 * It can be used by keyboard, stores ratings in the browser, and saves a file for `readRatings`. A saved file can be
 * opened again, also on another machine. The file is written atomically; missing directories are created.
 */
export async function writeRatingPage(sheet: RatingSheet, path: string): Promise<void> {
  const page = renderSinglePage({
    title: `Rate replies (${sheet.id})`,
    body: PAGE_BODY,
    styles: [`:root { ${THEME_DECLARATIONS} }\n${PAGE_STYLE}`],
    scripts: [PAGE_SCRIPT],
    data: { sheet },
  });
  await writeFileAtomic(path, page);
}
