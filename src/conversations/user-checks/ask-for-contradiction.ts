import * as z from 'zod';
import { ContentFilterError, MalformedReplyError } from '../../errors.ts';
import type { CallOptions, ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import { generateStructured } from '../../models/structured.ts';
import { numberStatements, type Persona } from '../../personas/persona.ts';
import { contradictionPrompt } from '../prompts/contradiction.ts';

export interface AskForContradictionOptions extends CallOptions {
  readonly persona: Persona;
  readonly message: string;
  readonly place: CallPlace;
  readonly seedFor: (place: CallPlace) => number;
}

/**
 * Asks a model which statement of the persona a message contradicts, and returns its text. The model picks an id, so it
 * cannot invent a statement. Null if it finds no contradiction. Also null if its reply is invalid or withheld, because a
 * failed check says nothing about the message.
 */
export async function askForContradiction(
  model: ChatModel,
  { persona, message, place, seedFor, signal }: AskForContradictionOptions,
): Promise<string | null> {
  const statements = numberStatements(persona);
  const here = { ...place, role: `${place.role}-check` };
  try {
    const { contradicted } = await generateStructured(
      model,
      {
        messages: contradictionPrompt.messages({ statements, message }),
        temperature: 0,
        maxOutputTokens: 60,
      },
      {
        name: 'contradiction',
        schema: z.object({ contradicted: z.enum(['none', ...statements.map(({ id }) => id)]) }),
        place: here,
        seedFor: (sample) => seedFor({ ...here, sample }),
        signal,
      },
    );
    return statements.find(({ id }) => id === contradicted)?.text ?? null;
  } catch (error) {
    if (error instanceof MalformedReplyError || error instanceof ContentFilterError) return null;
    throw error;
  }
}
