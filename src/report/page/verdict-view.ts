import type { PairVerdict } from '../../conversations/pair-verdict.ts';
import { element } from '../../page/browser/dom.ts';
import { describePick, describeVerdict } from '../describe-verdict.ts';
import { writtenText } from './long-text.ts';
import { modelName } from './response-notes.ts';

/** What a judge said of the pair. Folded away: what it said in each order. */
export function verdictView(verdict: PairVerdict): HTMLElement {
  const { judge, served = [], orders } = verdict;
  const names = [judge, ...served.filter((name) => name !== judge)];
  return element(
    'div',
    { class: 'judgement' },
    element('h5', {}, 'Judge of the pair', names.map(modelName)),
    element('p', {}, describeVerdict(verdict)),
    orders.length === 0
      ? null
      : element('details', {}, element('summary', {}, 'In each order'), ordersTable(orders)),
  );
}

function ordersTable(orders: PairVerdict['orders']): HTMLElement {
  const head = ['Shown first', 'Picked', 'Rationale'].map((name) => element('th', { scope: 'col' }, name));
  const rows = orders.map((order) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, order.first),
      element('td', {}, describePick(order)),
      element('td', {}, writtenText(order.rationale ?? '')),
    ),
  );
  return element(
    'table',
    { class: 'votes' },
    element('caption', { class: 'spoken' }, 'The verdict in each order'),
    element('thead', {}, element('tr', {}, head)),
    element('tbody', {}, rows),
  );
}
