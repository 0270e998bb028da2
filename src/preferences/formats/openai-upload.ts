import type { FormatFiles, LoadLine } from '../preference-format.ts';

/** Uploads the data to a server with OpenAI's files API; `OPENAI_BASE_URL` names another server than OpenAI's. */
export function uploadLine({ train, validation }: FormatFiles): LoadLine {
  return {
    language: 'sh',
    code: [train, validation]
      .filter((file) => file !== null)
      .map((file) => `openai api files.create --purpose fine-tune --file ${file}`)
      .join('\n'),
  };
}
