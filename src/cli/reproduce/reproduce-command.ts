import { join } from 'node:path';
import { describeEstimate } from '../../estimate/describe-estimate.ts';
import { checkChoice } from '../../internal/options.ts';
import { filesDir } from '../../pipeline/files-dir.ts';
import { estimateReproduction } from '../../reproduce/estimate-reproduction.ts';
import { paperConfig, REPRODUCTION_PRESETS, type ReproductionPreset } from '../../reproduce/paper-config.ts';
import { PAPER_TABLES, type PaperTableName } from '../../reproduce/paper-tables.ts';
import { reproduceTable } from '../../reproduce/reproduce-table.ts';
import { REPRODUCED_PARTS, type ReproduceOptions } from '../../reproduce/reproduction.ts';
import { openServed } from '../../training/serving/open-weights.ts';
import { describeIncomplete, isComplete } from '../evaluate-report.ts';
import { EXIT } from '../exit-status.ts';
import { liveArgs } from '../live-page.ts';
import { showWeights } from '../pull-with-progress.ts';
import { configFlags } from '../study/config-flags.ts';
import { readStudyConfig, studyFlags } from '../study/study.ts';
import { weightsPlace } from '../study/weights-place.ts';
import { type Study, withConfig } from '../study/with-config.ts';
import { chooseEngine, openEngine } from '../train/engines.ts';
import { readServeCommand } from '../train/read-serve-command.ts';
import { defineVerb, type Outcome, type Verb } from '../verb.ts';
import { describeCosts } from './describe-costs.ts';
import { abilitiesFrom, basesFrom, generalChatFrom, recipeFrom, reproduceArgs } from './reproduce-args.ts';
import { showStep, showTraining } from './show-step.ts';

const SECTIONS = ['personas', 'conversations', 'evaluation'] as const;

/** Where a reproduction works if nothing says so. */
const runOf = (table: PaperTableName) => `runs/${table}`;

/** `aloe reproduce table1`, `aloe reproduce table2` */
export function reproduceCommand(table: PaperTableName): Verb {
  const { needsGeneralChat } = PAPER_TABLES[table];
  const chat = needsGeneralChat ? ' --general-chat code-act.jsonl' : '';
  return defineVerb({
    args: { ...reproduceArgs, ...studyFlags(SECTIONS), ...liveArgs },
    examples: [
      {
        words: `reproduce ${table} --base Qwen/Qwen2-7B-Instruct --model openai:gpt-4o${chat} --estimate`,
        what: "What it would cost at the paper's sizes.",
      },
      {
        words: `reproduce ${table} --base embedded --model embedded --sizes small --preset lora --gpus 0${chat}`,
        what: 'All of it with the embedded model, on CPUs.',
      },
    ],
    failed: 'Failed, or some conversations or cases did. All files are written all the same.',
    interrupted: 'Run the same command again to resume.',
    stopping: 'Stopping. Finished calls are saved, and a training that runs goes on.',
    async run({ args: given, signal, resumeWith }) {
      const args = given as Readonly<Record<string, unknown>>;
      const read = await readStudyConfig(configFlags(SECTIONS), args);
      const config = paperConfig(
        { run: runOf(table), seed: 7, ...read.config },
        checkChoice('sizes', args.sizes as ReproductionPreset, REPRODUCTION_PRESETS),
      );
      const training = join(filesDir(config), 'training');
      const flags = Object.fromEntries(
        Object.keys(reproduceArgs).map((name) => [name, args[name] as string | undefined]),
      );
      const isEstimate = args.estimate === true;
      const weights = showWeights();
      const backend = await openEngine(chooseEngine({ ...flags, dir: flags.dir ?? training }));
      const command = readServeCommand('serve-command', args['serve-command'] as string | undefined);
      const python = args.python as string | undefined;
      const options: ReproduceOptions = {
        table,
        bases: basesFrom(args),
        backend,
        recipe: await recipeFrom(args),
        generalChat: generalChatFrom(args),
        abilities: abilitiesFrom(args),
        python,
        serve: command && openServed({ command, python }),
        weights: {
          ...weightsPlace(args),
          onEvent: weights.take,
        },
      };
      const { cases = 0 } = config.evaluation ?? {};
      const simulated = typeof cases === 'number' ? cases * PAPER_TABLES[table].rows.length : 0;
      return withConfig(
        config,
        {
          parts: REPRODUCED_PARTS,
          total: (config.conversations?.personas ?? 0) + simulated * options.bases.length,
          args,
          readOnly: isEstimate,
          signal,
          resumeWith,
        },
        (study) => (isEstimate ? sayEstimate(study, options) : reproduce(study, options)),
      ).finally(weights.stop);
    },
  });
}

async function sayEstimate({ pipeline }: Study, options: ReproduceOptions): Promise<Outcome> {
  const estimate = await estimateReproduction(pipeline, options);
  const text = [describeEstimate(estimate.calls), describeCosts(estimate, options.abilities)].join('\n');
  return { text, json: { estimate } };
}

async function reproduce(study: Study, options: ReproduceOptions): Promise<Outcome> {
  const { pipeline, display } = study;
  const estimate = await estimateReproduction(pipeline, options);
  study.accept(estimate.calls);
  display.say(describeCosts(estimate, options.abilities));
  const onTraining = showTraining(display);
  let table: Outcome | undefined;
  let isWhole = true;
  for await (const step of reproduceTable(pipeline, { ...options, onTraining })) {
    showStep(step, display, pipeline.config);
    if (step.stage === 'conversation' && step.tree.failures.length > 0) isWhole = false;
    if (step.stage === 'evaluation') {
      isWhole &&= isComplete(step.row.result);
      for (const line of describeIncomplete(step.row.result)) display.say(`  ${line}`);
    }
    if (step.stage !== 'table') continue;
    const { text, rows, path, report } = step;
    table = {
      text: `${text}\nTable: ${path}\nReport (open it in a browser): ${report}`,
      json: {
        table: path,
        report,
        rows: rows.map(({ model, type, result }) => ({
          model,
          type,
          average: result.average,
          interval: result.statistics.average,
          improvementRate: result.improvementRate?.slope ?? null,
        })),
      },
    };
  }
  const cost = study.cost();
  // The last step is the table.
  return {
    text: table!.text,
    json: { ...table!.json, cost },
    status: isWhole ? EXIT.done : EXIT.failed,
  };
}
