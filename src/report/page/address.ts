/** What the page's address says after "#". */
export interface Address {
  /** Index of the open conversation; null for the first of the list. */
  readonly open: number | null;
  /** Fields of the filter form that are set, by name. */
  readonly fields: Readonly<Record<string, string>>;
}

const PATTERN = /^#conversation(?:s|-(\d+))(?:\?(.*))?$/;

/** Reads `#conversations`, `#conversation-12` and `#conversation-12?words=tea`. Null for any other address. */
export function readAddress(hash: string): Address | null {
  const match = PATTERN.exec(hash);
  if (match === null) return null;
  const [, open, fields] = match;
  return {
    open: open === undefined ? null : Number(open),
    fields: Object.fromEntries(new URLSearchParams(fields)),
  };
}

/** The address that {@link readAddress} reads. */
export function writeAddress({ open, fields }: Address): string {
  const set = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== '')).toString();
  return `#${open === null ? 'conversations' : `conversation-${open}`}${set === '' ? '' : `?${set}`}`;
}
