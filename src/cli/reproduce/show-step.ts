import type { AloeConfig } from '../../config/config.ts';
import { builderScalars } from '../../conversations/builder-options.ts';
import { decimals } from '../../internal/format.ts';
import type { ReproductionStep } from '../../reproduce/reproduce-table.ts';
import type { TrainingEvent } from '../../training/follow-training.ts';
import { describeConversation, describePersonas } from '../describe-stages.ts';
import type { ProgressDisplay } from '../progress-display.ts';
import { describeManifest } from '../study/export-command.ts';

/** Says on stderr what a step has made, and what comes next. */
export function showStep(step: ReproductionStep, display: ProgressDisplay, config: AloeConfig): void {
  switch (step.stage) {
    case 'personas':
      display.say(`\nPersonas\n${describePersonas(step, config)}\n\nConversations`);
      display.stage = 'conversations';
      break;
    case 'conversation': {
      const turns = builderScalars.turns(config.conversations?.turns, 'conversations.turns');
      if (step.tree.failures.length > 0) display.say(describeConversation(step.tree, turns));
      break;
    }
    case 'export':
      display.say(describeManifest(step.manifest, step.path).replaceAll(/^/gm, '  '));
      display.say('\nTraining and evaluation');
      display.stage = 'training';
      break;
    case 'training':
      display.say(`  trained: ${step.name}`);
      display.stage = 'evaluation';
      break;
    case 'evaluation': {
      const { model, type, result } = step.row;
      const followed = step.abilities?.result.instructions?.followed;
      const able = followed === undefined ? '' : `, instructions followed ${decimals(followed, 2)}`;
      display.say(`  ${model}, ${type}: average ${decimals(result.average, 2)}${able} (${step.path})`);
      break;
    }
    case 'table':
      display.say('');
  }
}

/** Shows the latest step of a training on the status line, and each change of its state. */
export function showTraining(display: ProgressDisplay): (event: TrainingEvent, training: string) => void {
  return (event, training) => {
    if (event.type === 'state-changed') {
      display.stage = `training ${training}`;
      display.say(`  ${training}: ${event.status.state}`);
    } else if (event.type === 'metric-logged') {
      const { stage, step, values } = event.metric;
      const loss = values.loss === undefined ? '' : `, loss ${decimals(values.loss, 3)}`;
      display.stage = `training ${training}, ${stage} step ${step}${loss}`;
    }
  };
}
