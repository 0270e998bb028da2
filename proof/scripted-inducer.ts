import type { ChatModel } from '../src/index.ts';
import type { PersonaRule } from '../src/rules.ts';
import { scriptedModel } from '../src/testing/index.ts';
import { CUES, mannerOf } from './cues.ts';

/** Finds the cues of {@link CUES} in the person's own words, and answers the induction prompt with the ids they show. */
export function scriptedInducer(statements: ReadonlyMap<string, PersonaRule>): ChatModel {
  return scriptedModel(
    ({ messages }) => {
      const traits = [...messages[0]!.content.matchAll(/^([FT]\d+): (.+)$/gm)];
      const said = messages[1]!.content.split('\n').filter((line) => line.startsWith('Person: '));
      const revealed = traits.flatMap(([, id, text]) => {
        const preference = statements.get(text!);
        if (preference === undefined) return [];
        const { training, evaluation } = CUES[mannerOf(preference)];
        const shown = [...training, ...evaluation].some((cue) => said.some((line) => line.endsWith(cue)));
        return shown ? [id!] : [];
      });
      return JSON.stringify({ revealed });
    },
    { id: 'scripted-inducer@1' },
  );
}
