/** Stand for the model's path and the port in a server's command. */
export const PLACEHOLDERS = { model: '{model}', port: '{port}' } as const;

/** Fills in a server's command. */
export function fillCommand(command: readonly string[], model: string, port: number): string[] {
  return command.map((word) =>
    word.replaceAll(PLACEHOLDERS.model, () => model).replaceAll(PLACEHOLDERS.port, String(port)),
  );
}

/** `transformers serve`, from a Python of `setupPython()`: a module, since a program's first line breaks on spaces. */
export function transformersServe(python: string): string[] {
  const module = [python, '-m', 'transformers.cli.transformers', 'serve'];
  return [...module, PLACEHOLDERS.model, '--host', '127.0.0.1', '--port', PLACEHOLDERS.port];
}
