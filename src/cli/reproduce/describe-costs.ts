import { shortNumber } from '../../internal/format.ts';
import type { ReproductionEstimate } from '../../reproduce/estimate-reproduction.ts';

/** The trainings of an estimate, a line each, and the GPU hours of all. */
export function describeCosts({ trainings, gpuHours }: ReproductionEstimate): string {
  const lines = trainings.map(({ name, tokens, gpuHours: own }) => {
    const hours = own === null ? '' : `, ${hoursOf(own)}`;
    return `  ${name}: ${shortNumber(tokens)} tokens${hours}`;
  });
  const total = gpuHours === null ? '' : `, about ${hoursOf(gpuHours)} in all`;
  return [`Trainings: ${trainings.length}${total}`, ...lines].join('\n');
}

function hoursOf(hours: number): string {
  return `${Number(hours.toPrecision(2))} hours of an A100`;
}
