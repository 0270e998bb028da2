import { instructions } from '../../abilities/instructions.ts';
import { shortNumber } from '../../internal/format.ts';
import type { ReproductionEstimate } from '../../reproduce/estimate-reproduction.ts';
import type { ReproduceOptions } from '../../reproduce/reproduction.ts';

/** The trainings of an estimate, a line each, the GPU hours of all, and what is asked about general ability. */
export function describeCosts(
  { trainings, gpuHours }: ReproductionEstimate,
  abilities: ReproduceOptions['abilities'],
): string {
  const lines = trainings.map(({ name, tokens, gpuHours: own }) => {
    const hours = own === null ? '' : `, ${hoursOf(own)}`;
    return `  ${name}: ${shortNumber(tokens)} tokens${hours}`;
  });
  const total = gpuHours === null ? '' : `, about ${hoursOf(gpuHours)} in all`;
  const requests = abilities && (abilities.count ?? instructions.length);
  const able =
    requests === undefined
      ? []
      : [`General ability: ${requests} more calls to the model of each row, which are free.`];
  return [`Trainings: ${trainings.length}${total}`, ...lines, ...able].join('\n');
}

function hoursOf(hours: number): string {
  return `${Number(hours.toPrecision(2))} hours of an A100`;
}
