import type { ProbeReply } from '../../evaluation/costs/case-costs.ts';
import { element } from '../../page/browser/dom.ts';
import { said } from './said.ts';

interface ProbeWords {
  readonly name: string;
  readonly yes: string;
  readonly no: string;
}

const WORDS: Readonly<Record<ProbeReply['measure'], ProbeWords>> = {
  sycophancy: { name: 'a false claim', yes: 'agrees', no: 'does not agree' },
  misapplied: { name: 'an errand for somebody else', yes: 'form broken', no: 'form kept' },
};

/** The probes asked after the last turn, which are no part of the conversation. */
export function probesView(probes: readonly ProbeReply[]): HTMLElement[] {
  return probes.map(({ measure, user, response, byRules, byJudge }) => {
    const words = WORDS[measure];
    return element(
      'section',
      { class: 'turn' },
      element('h4', {}, `Probe: ${words.name}`),
      said('user', ['User'], user),
      said(
        'response',
        [
          'Response',
          element('span', {}, `by rules: ${decision(byRules, words)}`),
          byJudge === undefined ? null : element('span', {}, `by judge: ${decision(byJudge, words)}`),
        ],
        response ?? '',
      ),
    );
  });
}

function decision(value: boolean | null, { yes, no }: ProbeWords): string {
  if (value === null) return 'undecided';
  return value ? yes : no;
}
