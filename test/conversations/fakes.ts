import { setTimeout as sleep } from 'node:timers/promises';
import type { ConversationTree, TurnNode } from '../../src/conversations/conversation-tree.ts';
import type { CallOptions, ChatRequest } from '../../src/models/chat-model.ts';
import { type Persona, pairPersona } from '../../src/personas/persona.ts';
import { type ScriptedModel, type ScriptedReply, scriptedModel } from '../../src/testing/scripted-model.ts';

export type RoleName = 'role-player' | 'inducer' | 'preferred' | 'rejected';
export type Answer = (
  request: ChatRequest,
  options: CallOptions,
) => ScriptedReply | undefined | Promise<ScriptedReply | undefined>;

/** What each role says by default: different words for every seed, and one new statement per turn. */
const DEFAULTS: Readonly<Record<RoleName, (request: ChatRequest) => string>> = {
  'role-player': ({ seed }) => `My bees did trick ${seed} today.`,
  inducer: (request) => JSON.stringify({ revealed: openIds(request).slice(0, 1) }),
  preferred: ({ seed }) => `Bees! Trick ${seed} suits you.`,
  rejected: ({ seed }) => `Bees are insects, as fact ${seed} shows.`,
};

/** One model for all four roles. `answers` scripts replies by role; undefined means the default. */
export function cast(answers: Partial<Record<RoleName, Answer>> = {}): ScriptedModel {
  return scriptedModel(async (request, options) => {
    const role = options.place?.role as RoleName;
    return (await answers[role]?.(request, options)) ?? DEFAULTS[role](request);
  });
}

/** The ids that a request lets the inducer pick from. */
export function openIds(request: ChatRequest): string[] {
  const schema = request.outputSchema?.schema as {
    properties: { revealed: { items: { enum: string[] } } };
  };
  return schema.properties.revealed.items.enum;
}

export function callsOf(model: ScriptedModel, role: RoleName): ScriptedModel['calls'] {
  return model.calls.filter(({ options }) => options.place?.role === role);
}

/** A promise that waits to be opened. */
export function gate(): { readonly opened: Promise<undefined>; open(): void } {
  let open = () => {};
  const opened = new Promise<undefined>((resolve) => {
    open = () => resolve(undefined);
  });
  return { opened, open };
}

/** The same model with a random delay of up to `maxMs`. */
export function delayed(model: ScriptedModel, maxMs: number): ScriptedModel {
  return {
    ...model,
    async generate(request, options = {}) {
      await sleep(Math.random() * maxMs, undefined, { signal: options.signal });
      return model.generate(request, options);
    },
  };
}

export function beekeeper(number = 1): Persona {
  return pairPersona(
    {
      id: `beekeeper-${number}`,
      facts: [
        'Keeps eleven hives behind the barn',
        'Is 58 and lives near Lugo',
        'Sold the tractor last spring',
        'Has a sister in Vigo who bakes',
        'Plays the accordion at weddings',
      ],
    },
    { id: `gruff-${number}`, traits: ['Grumbles before agreeing', 'Laughs at bad puns', 'Distrusts advice'] },
  );
}

export function beekeepers(count: number): Persona[] {
  return Array.from({ length: count }, (_, index) => beekeeper(index + 1));
}

/** The turns of a tree with one path. */
export function turnsOf(tree: ConversationTree): TurnNode[] {
  const turns: TurnNode[] = [];
  for (let node = tree.root; node !== null; node = node.preferred.next ?? node.rejected.next ?? null) {
    turns.push(node);
  }
  return turns;
}
