import { dollars } from '../../../internal/format.ts';
import { findingsOf, ok, problem, warning } from '../../doctor/findings.ts';
import type { TrainingJob } from '../../job/training-job.ts';
import type { Finding } from '../../training-backend.ts';
import type { EngineApi } from '../engine-api.ts';
import { hasPrivateRepo } from './data.ts';
import { type HubHardware, hubAccount, hubHardware } from './wire.ts';

/** What {@link checkHub} looks at. */
export interface CheckHubOptions {
  readonly api: EngineApi;
  readonly job: TrainingJob;
  readonly namespace: string;
  readonly flavor: string;
  readonly dataRepo: string;
  readonly signal: AbortSignal | undefined;
}

/** The hub ends a job after this time unless it is told another. */
const DEFAULT_MINUTES = 30;

/** Checks the token, the hardware and its price, the time limit, and that the data repository is private. */
export async function checkHub(options: CheckHubOptions): Promise<Finding[]> {
  const findings = await Promise.all([
    findingsOf('account', () => checkAccount(options)),
    findingsOf('flavor', () => checkFlavor(options)),
    findingsOf('data', () => checkData(options)),
  ]);
  return [...findings.flat(), ...checkTime(options.job)];
}

async function checkAccount({ api, namespace, signal }: CheckHubOptions): Promise<Finding[]> {
  const call = { method: 'GET', path: '/api/whoami-v2', signal } as const;
  const { name, orgs, canPay } = await api.read(hubAccount, call);
  if (![name, ...(orgs ?? []).map((org) => org.name)].includes(namespace)) {
    const remedy = 'Set "namespace" to yourself or an organisation of yours.';
    return [problem('account', `The token is of ${name}, who is not a member of ${namespace}.`, remedy)];
  }
  return [
    ok('account', `The token is of ${name}; ${namespace} runs the job.`),
    ...(canPay === false && namespace === name
      ? [warning('account', `${name} has no means of payment.`, 'Jobs are paid: add one at the hub.')]
      : []),
  ];
}

async function checkFlavor({ api, job, flavor, signal }: CheckHubOptions): Promise<Finding[]> {
  const all = await api.read(hubHardware, { method: 'GET', path: '/api/jobs/hardware', signal });
  const machine = all.find(({ name }) => name === flavor);
  if (machine === undefined) {
    return [
      problem('flavor', `There is no ${flavor}.`, `Choose one of ${all.map(({ name }) => name).join(', ')}.`),
    ];
  }
  const gpus = Number(machine.accelerator?.quantity ?? 0);
  const memory = machine.accelerator?.vram ? ` of ${machine.accelerator.vram}` : '';
  const about = `${flavor}: ${gpus} GPU${gpus === 1 ? '' : 's'}${memory}${priceOf(machine, job)}.`;
  const { gpus: requested } = job.resources;
  if (requested > gpus) {
    return [
      problem(
        'flavor',
        `${about} The job requests ${requested}.`,
        'Choose a larger one, or request fewer GPUs.',
      ),
    ];
  }
  return [
    requested < gpus
      ? warning('flavor', `${about} The job uses only ${requested}.`, `Set resources.gpus to ${gpus}.`)
      : ok('flavor', about),
  ];
}

/** `, $1.50 an hour, at most $3.00 in its time limit`. */
function priceOf({ unitCostUSD: cost, unitLabel: unit }: HubHardware, { resources }: TrainingJob): string {
  const minutes = unit === 'minute' ? 1 : unit === 'hour' ? 60 : unit === 'second' ? 1 / 60 : null;
  if (!cost || minutes === null) return '';
  const limit = resources.timeLimitMinutes ?? DEFAULT_MINUTES;
  const costOf = (time: number): string => dollars((cost / minutes) * time);
  return `, ${costOf(60)} an hour, at most ${costOf(limit)} in its time limit of ${limit} minutes`;
}

async function checkData({ api, dataRepo, signal }: CheckHubOptions): Promise<Finding[]> {
  const isThere = await hasPrivateRepo(api, dataRepo, signal);
  return [ok('data', `datasets/${dataRepo} ${isThere ? 'is private' : 'will be created, private'}.`)];
}

function checkTime({ resources }: TrainingJob): Finding[] {
  if (resources.timeLimitMinutes !== undefined) return [];
  const message = `The hub ends a job after ${DEFAULT_MINUTES} minutes, unless it has another time limit.`;
  return [warning('time limit', message, 'Set resources.timeLimitMinutes.')];
}
