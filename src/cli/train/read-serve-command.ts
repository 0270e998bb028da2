import { InvalidOptionError } from '../../errors.ts';
import { PLACEHOLDERS } from '../../training/serving/server-command.ts';

/** The words of a server's command. @throws InvalidOptionError if the model or the port has no place in it. */
export function readServeCommand(option: string, text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const { model, port } = PLACEHOLDERS;
  if (text.includes(model) && text.includes(port)) return text.trim().split(/\s+/);
  throw new InvalidOptionError(option, `a command with ${model} and ${port} in it`, text);
}
