/** Shorter values are placeholders such as `none` or `ollama`, which also occur as ordinary words. */
const MIN_LENGTH = 8;

/**
 * The ways in which a secret may be written in a text: as it is, decoded, and encoded for a URL, a form, JSON, HTML or
 * base64. Forms of fewer than 8 characters are left out. Also works in a browser.
 */
export function secretForms(secret: string): readonly string[] {
  const forms = new Set<string>();
  for (const value of [
    secret,
    secret.trim(),
    percentDecoded(secret),
    percentDecoded(secret.replaceAll('+', ' ')),
  ]) {
    if (value.length < MIN_LENGTH) continue;
    for (const form of [...textForms(value), ...base64Forms(value)]) forms.add(form);
  }
  return [...forms].filter((form) => form.length >= MIN_LENGTH);
}

function textForms(value: string): string[] {
  const encoded = encodeURIComponent(value.toWellFormed());
  const json = JSON.stringify(value).slice(1, -1);
  const html = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    value,
    encoded,
    encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encoded.replaceAll('%20', '+'),
    encodeURI(value.toWellFormed()),
    // The form of a query string, which encodes more characters than the others.
    new URLSearchParams([['', value]]).toString().slice(1),
    json,
    json.replaceAll('/', '\\/'),
    html,
    html.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  ];
}

/**
 * Base64 of the value inside a longer text, such as `user:key`. It depends on the value's position modulo 3. Characters
 * that also depend on the neighbouring text are left out.
 */
function base64Forms(value: string): string[] {
  const bytes = Array.from(new TextEncoder().encode(value), (byte) => String.fromCharCode(byte)).join('');
  return [0, 1, 2].flatMap((offset) => {
    const whole = btoa('\0'.repeat(offset) + bytes);
    const start = Math.ceil((offset * 8) / 6);
    const form = whole.slice(start, Math.floor(((offset + bytes.length) * 8) / 6));
    return [form, form.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function percentDecoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
