import type { FormatFiles, LoadLine } from '../preference-format.ts';

/** Shell commands that upload the data with OpenAI's files API. Set `OPENAI_BASE_URL` for another server. */
export function uploadLine({ train, validation }: FormatFiles): LoadLine {
  return {
    language: 'sh',
    code: [train, validation]
      .filter((file) => file !== null)
      .map((file) => `openai api files.create --purpose fine-tune --file ${file}`)
      .join('\n'),
  };
}
