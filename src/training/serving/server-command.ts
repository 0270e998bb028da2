import { pythonFilePath } from '../folder/python-script.ts';

/** Stand for the model's path and the port in a server's command. */
export const PLACEHOLDERS = { model: '{model}', port: '{port}' } as const;

/** Fills in a server's command. */
export function fillCommand(command: readonly string[], model: string, port: number): string[] {
  return command.map((word) =>
    word.replaceAll(PLACEHOLDERS.model, () => model).replaceAll(PLACEHOLDERS.port, String(port)),
  );
}

/** `transformers serve`, from a Python of `setupPython()`, also of models whose processor cannot be loaded there. */
export function transformersServe(python: string): string[] {
  const script = [python, pythonFilePath('serve_model.py')];
  return [...script, PLACEHOLDERS.model, '--host', '127.0.0.1', '--port', PLACEHOLDERS.port];
}
