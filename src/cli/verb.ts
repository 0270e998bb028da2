import { stdout } from 'node:process';
import type { ArgsDef, BooleanArgDef, ParsedArgs } from 'citty';
import { alignTables } from '../internal/align-tables.ts';
import type { ExitStatus } from './exit-status.ts';
import { guarded } from './guarded.ts';
import { parseArguments } from './parse-arguments.ts';
import { print, printJson } from './terminal.ts';

/** What a verb gives back. */
export interface Outcome {
  /** For people, on stdout: Markdown, whose tables are aligned on a terminal. Empty for nothing. Notes, hints and costs go to stderr instead, with `printError`. */
  readonly text: string;
  /** What `--json` prints in place of the text. */
  readonly json: object;
  /** Default: `EXIT.done`. */
  readonly status?: ExitStatus | undefined;
}

/** What a verb is run with. */
export interface VerbContext<Args extends ArgsDef> {
  readonly args: ParsedArgs<Args>;
  /** All words that are not flags, with those of positional arguments. */
  readonly words: readonly string[];
  /** Whether `--json` was given. Only a verb that prints as it goes needs to know. */
  readonly json: boolean;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Replaces the hint that is printed after an interruption. */
  resumeWith(hint: string): void;
}

/** Words after `aloe`, and what they do. */
export interface VerbExample {
  /** Without `aloe`: `evaluate --model gpt-4o-mini`. */
  readonly words: string;
  readonly what: string;
}

/** Describes a command. `--json` and `--help` are added to its flags. */
export interface VerbDefinition<Args extends ArgsDef> {
  readonly args: Args;
  /** The last positional argument accepts several words. Default false. */
  readonly many?: boolean | undefined;
  readonly examples: readonly VerbExample[];
  /** What status 1 means here. Default: what it means everywhere. */
  readonly failed?: string | undefined;
  /** Printed after an interruption. */
  readonly interrupted: string;
  /** Printed on the first Ctrl-C. Default: that finished calls are saved. */
  readonly stopping?: string | undefined;
  /** The work. Errors are printed, and decide the exit status. */
  run(context: VerbContext<Args>): Promise<Outcome>;
}

/** A command of the shell. */
export interface Verb extends Pick<VerbDefinition<ArgsDef>, 'many' | 'examples' | 'failed'> {
  readonly args: ArgsDef;
  /** Runs it with the words that follow its name, and sets the exit status of the process. */
  execute(words: readonly string[]): Promise<void>;
}

const jsonArg: BooleanArgDef = {
  type: 'boolean',
  description: 'Print one JSON document on stdout, and nothing else there.',
};

/** A command with checked flags, `--json`, exit statuses and a clean end on Ctrl-C. */
export function defineVerb<const Args extends ArgsDef>(definition: VerbDefinition<Args>): Verb {
  const { many = false, examples, failed, interrupted, stopping } = definition;
  const args = { ...definition.args, json: jsonArg };
  return {
    args,
    many,
    examples,
    failed,
    async execute(words) {
      let resume = interrupted;
      await guarded(
        async (signal) => {
          const parsed = parseArguments(words, args, many);
          const { text, json, status } = await definition.run({
            args: parsed as ParsedArgs<Args>,
            words: parsed._,
            json: parsed.json === true,
            signal,
            resumeWith: (hint) => {
              resume = hint;
            },
          });
          if (parsed.json) printJson(json);
          else if (text !== '') print(stdout.isTTY ? alignTables(text) : text);
          return status;
        },
        { resume: () => resume, stopping, json: asksForJson(words) },
      );
    },
  };
}

/** Also if the other words are wrong: a program that reads JSON gets the error as JSON. */
function asksForJson(words: readonly string[]): boolean {
  return words.includes('--json');
}
