import { element } from '../../page/browser/dom.ts';
import type { LiveState } from '../live-state.ts';
import { fillTable } from './table.ts';

const HEADER = [
  'Model',
  'In flight',
  'Waiting',
  'Calls/s',
  'Calls',
  'Refused',
  'Sent again',
  'Failed',
  'Limits',
];

/** The pace of each model. */
export function showModels({ models, settings }: LiveState): void {
  fillTable(
    'models',
    HEADER,
    models.map((own) => [
      [own.model, own.isAway ? element('span', { class: 'away' }, ' away') : null],
      String(own.inFlight),
      String(own.waiting),
      own.callsPerSecond.toFixed(1),
      String(own.calls),
      String(own.refusals),
      String(own.retries),
      String(own.failures),
      describeLimits(settings.limits[own.model]),
    ]),
  );
}

function describeLimits(limits: LiveState['settings']['limits'][string] | undefined): string {
  const { requestsPerMinute = null, tokensPerMinute = null } = limits ?? {};
  if (requestsPerMinute === null && tokensPerMinute === null) return 'learned';
  return [
    requestsPerMinute === null ? [] : `${requestsPerMinute} requests/min`,
    tokensPerMinute === null ? [] : `${tokensPerMinute} tokens/min`,
  ]
    .flat()
    .join(', ');
}
