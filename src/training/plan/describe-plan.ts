import { dollars, gib, shortNumber } from '../../internal/format.ts';
import type { TrainingProposal } from './propose-changes.ts';
import type { StageMemory } from './stage-memory.ts';
import type { TrainingPlan } from './training-plan.ts';

/** Parts of a GPU's memory, in the order of the table. */
const PARTS: readonly (readonly [keyof StageMemory, string])[] = [
  ['weights', 'weights'],
  ['reference', 'reference model'],
  ['gradients', 'gradients'],
  ['optimizer', 'optimizer'],
  ['activations', 'activations'],
  ['logits', 'logits'],
  ['overhead', 'overhead'],
  ['total', 'total'],
];

/** A plan as Markdown: steps and hours of each stage, memory of a GPU, warnings, what to change if it does not fit, what it rests on. */
export function describePlan(plan: TrainingPlan): string {
  const { stages, warnings, basis } = plan;
  const steps = stages.map(({ name, rows, batch, steps, tokens, hours }) =>
    row([name, rows, batch, steps, shortNumber(tokens), hours === null ? 'unknown' : hoursText(hours)]),
  );
  const parts = [
    table(['stage', 'rows', 'rows a step', 'steps', 'tokens', 'hours'], steps),
    ...warnings.map((warning) => `Warning: ${warning}`),
    describeCost(plan),
    ...(plan.model === null ? [] : [describeMemory(plan), describeFit(plan)]),
    basis.join('\n'),
  ];
  return parts.join('\n\n');
}

function describeMemory({ stages }: TrainingPlan): string {
  const rows = PARTS.filter(([part]) => stages.some(({ memory }) => memory![part] > 0)).map(([part, label]) =>
    row([label, ...stages.map(({ memory }) => gib(memory![part]))]),
  );
  const lengths = stages.map(({ name, length }) => `${name}, ${length} tokens`);
  return table(['GiB per GPU', ...lengths], rows);
}

function describeCost({ hours, usd, gpus, hostBytes, diskBytes }: TrainingPlan): string {
  const time = hours === null ? [] : [`${hoursText(hours)} h on ${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}`];
  const cost = usd === null ? [] : [dollars(usd)];
  const room = [
    ...(hostBytes === null ? [] : [`${gib(hostBytes)} GiB of memory on the first node's host`]),
    ...(diskBytes === null ? [] : [`${gib(diskBytes)} GiB on disk`]),
  ];
  const all = [...time, ...cost, ...room];
  return all.length === 0 ? 'Hours and memory are unknown.' : `About ${all.join(', ')}.`;
}

/** Whether it fits, and what to change. One or two sentences. */
function describeFit({ gpu, fits, proposal, stages }: TrainingPlan): string {
  const need = Math.max(...stages.map(({ memory }) => memory?.total ?? 0));
  if (gpu === null || fits === null) return `Needs about ${gib(need)} GiB per GPU.`;
  const have = `${gpu.name} has ${gpu.memoryGiB.toFixed(0)} GiB`;
  if (fits) return `Fits: about ${gib(need)} GiB per GPU, and ${have}.`;
  const remedy =
    proposal === null ? NO_REMEDY : `${describeProposal(proposal)} This keeps batch and learning rate.`;
  return `Does not fit: about ${gib(need)} GiB per GPU, and ${have}. ${remedy}`;
}

/** What changes the result is left to the user. */
export const NO_REMEDY =
  'Nothing that keeps the result makes it fit. Use more GPUs, the lora preset, load_in_4bit, or a lower max_length (which cuts rows).';

/** The changes as options of `interactToAlign()`. */
export function describeProposal({ launch, options, bytes }: TrainingProposal): string {
  const changes = [
    ...(launch === null ? [] : [`launch: ${launch}`]),
    ...Object.entries(options).map(([stage, values]) => {
      const texts = Object.entries(values).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
      return `${stage}Options: { ${texts.join(', ')} }`;
    }),
  ];
  return `It fits in ${gib(bytes)} GiB with ${changes.join('; ')}.`;
}

function hoursText(hours: number): string {
  return hours < 0.1 ? String(Number(hours.toPrecision(2))) : hours.toFixed(1);
}

function table(heads: readonly string[], rows: readonly string[]): string {
  return [row(heads), row(heads.map(() => '---')), ...rows].join('\n');
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}
