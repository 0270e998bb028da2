/** The newest tested version of each package. The oldest one is what `python/requirements-train.in` pins. */
export const NEWEST_TESTED: Readonly<Record<string, string>> = {
  torch: '2.13.0',
  datasets: '5.2.0',
  trl: '1.16.0',
  transformers: '5.24.0',
  peft: '0.21.2',
  accelerate: '1.15.0',
  gguf: '0.19.0',
};

/** The oldest Python that each release of TRL runs on, newest release first. */
const TRAINER_PYTHONS = [
  ['1.16.0', '3.11'],
  ['1.13.0', '3.10'],
] as const;

/** The oldest Python for this version of TRL. */
export function pythonFor(trl: string): string {
  return (TRAINER_PYTHONS.find(([release]) => compareVersions(trl, release) >= 0) ?? TRAINER_PYTHONS[1])[1];
}

/** Negative if `a` is older than `b`. A build suffix, as in 2.13.0+cpu, is still the same version. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) =>
    version
      .split('+')[0]!
      .split('.')
      .map((part) => Number.parseInt(part, 10)),
  );
  for (let part = 0; part < 3; part++) {
    const difference = (left![part] ?? 0) - (right![part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
