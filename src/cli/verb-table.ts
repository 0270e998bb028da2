import type { Verb } from './verb.ts';

/** A command of the table. It is loaded when it is run or asked for its help. */
export interface VerbEntry {
  readonly description: string;
  load(): Promise<Verb>;
}

/** Commands under one word, such as those of `aloe train`. */
export interface VerbGroup {
  readonly description: string;
  readonly verbs: Readonly<Record<string, VerbEntry | VerbGroup>>;
}

/** All commands, in the order of the help. */
export const ALOE: VerbGroup = {
  description: 'Personalised alignment of language models.',
  verbs: {
    demo: {
      description: 'Show a small recorded study and write its report: no key, no model, no network.',
      load: async () => (await import('./demo-command.ts')).demoCommand,
    },
    quickstart: {
      description:
        'Run the whole method once, on a small scale: personas, conversations, training files, evaluation.',
      load: async () => (await import('./quickstart-command.ts')).quickstartCommand,
    },
    init: {
      description: 'Write a config file to start from.',
      load: async () => (await import('./study/init-command.ts')).initCommand,
    },
    doctor: {
      description: 'Ask each model of the config one small question: key, address, answer, JSON.',
      load: async () => (await import('./study/doctor-command.ts')).doctorCommand,
    },
    estimate: {
      description: 'Say what `aloe run` would cost, without calling a model.',
      load: async () => (await import('./study/estimate-command.ts')).estimateCommand,
    },
    run: {
      description:
        'Run the whole method as a config says: personas, conversations, training files, evaluation, report.',
      load: async () => (await import('./study/run-command.ts')).runCommand,
    },
    personas: {
      description: 'Grow a pool of personas.',
      load: async () => (await import('./study/personas-command.ts')).personasCommand,
    },
    pool: {
      description: 'Work with a pool of personas.',
      verbs: {
        describe: {
          description: 'Show what a pool covers: a map, nearest neighbours, counts by attribute, gaps.',
          load: async () => (await import('./describe-pool-command.ts')).describePoolCommand,
        },
      },
    },
    simulate: {
      description: 'Simulate preference conversations with the personas of a pool.',
      load: async () => (await import('./study/simulate-command.ts')).simulateCommand,
    },
    verify: {
      description: 'Have a judge that knows the persona verify each pair of conversations, in both orders.',
      load: async () => (await import('./study/verify-command.ts')).verifyCommand,
    },
    export: {
      description: 'Turn conversations into training files.',
      load: async () => (await import('./study/export-command.ts')).exportCommand,
    },
    data: {
      description: 'Work with training files.',
      verbs: {
        validate: {
          description: 'Check training files from any source.',
          load: async () => (await import('./validate-command.ts')).validateCommand,
        },
        dropped: {
          description: 'Read what an export left out, by reason.',
          load: async () => (await import('./dropped-command.ts')).droppedCommand,
        },
      },
    },
    train: {
      description: 'Fine-tune a model on preference data: on this machine, Slurm, Ray or a hosted service.',
      verbs: {
        setup: {
          description:
            'Create a Python environment with TRL, in tested versions. Local jobs use it by default.',
          load: async () => (await import('./train/setup-command.ts')).setupCommand,
        },
        plan: {
          description: 'Say what a job needs: memory of the GPUs, steps, hours and dollars.',
          load: async () => (await import('./train/plan-command.ts')).planCommand,
        },
        doctor: {
          description: 'Check a job for problems before anything is spent.',
          load: async () => (await import('./train/doctor-command.ts')).doctorCommand,
        },
        submit: {
          description:
            'Submit a job: SFT, then DPO. Submitting the same job again does not start a second one.',
          load: async () => (await import('./train/submit-command.ts')).submitCommand,
        },
        status: {
          description: 'Show the state of a job.',
          load: async () => (await import('./train/status-command.ts')).statusCommand,
        },
        logs: {
          description: 'Print the log of a job.',
          load: async () => (await import('./train/logs-command.ts')).logsCommand,
        },
        cancel: {
          description: 'Cancel a job. Submit it again to resume from its last checkpoint.',
          load: async () => (await import('./train/cancel-command.ts')).cancelCommand,
        },
        choose: {
          description:
            'Choose the checkpoint of a job that is aligned best with people held out of the training.',
          load: async () => (await import('./train/choose-command.ts')).chooseCommand,
        },
        fetch: {
          description: 'Copy the result to a directory and verify its checksums.',
          load: async () => (await import('./train/fetch-command.ts')).fetchCommand,
        },
        push: {
          description: 'Push a trained model or adapter with its card to the Hugging Face hub.',
          load: async () => (await import('./train/push-command.ts')).pushCommand,
        },
      },
    },
    evaluate: {
      description: 'Evaluate a model on the ALOE benchmark.',
      load: async () => (await import('./evaluate-command.ts')).evaluateCommand,
    },
    abilities: {
      description: 'Measure what a model can do beside alignment, before and after training.',
      verbs: {
        measure: {
          description: 'Measure a model: instructions that code checks, perplexity, lm-eval.',
          load: async () => (await import('./abilities/measure-command.ts')).measureCommand,
        },
        compare: {
          description: 'Compare results, each with the first: differences and intervals.',
          load: async () => (await import('./abilities/compare-command.ts')).compareCommand,
        },
      },
    },
    compare: {
      description: 'Compare evaluations of the same cases: differences, intervals, warnings.',
      load: async () => (await import('./compare-command.ts')).compareCommand,
    },
    report: {
      description: 'Write evaluations and conversations as one HTML page.',
      load: async () => (await import('./report-command.ts')).reportCommand,
    },
    'judge-bias': {
      description: 'Measure how far one can trust a judge.',
      load: async () => (await import('./judge-bias-command.ts')).judgeBiasCommand,
    },
    rate: {
      description: 'Compare a judge with human raters.',
      verbs: {
        sample: {
          description: 'Sample responses for human raters, who do not see the judge.',
          load: async () => (await import('./rate-sample-command.ts')).rateSampleCommand,
        },
        agree: {
          description: 'Report agreement between the judge and the raters, and among raters.',
          load: async () => (await import('./rate-agree-command.ts')).rateAgreeCommand,
        },
      },
    },
    reproduce: {
      description: 'Reproduce a table of the paper: data, trainings, evaluations and the table.',
      verbs: {
        table1: {
          description: 'Base model, SFT on preferred and on rejected responses, and SFT with DPO.',
          load: async () => (await import('./reproduce/reproduce-command.ts')).reproduceCommand('table1'),
        },
        table2: {
          description: 'SFT with and without general chat data.',
          load: async () => (await import('./reproduce/reproduce-command.ts')).reproduceCommand('table2'),
        },
      },
    },
    work: {
      description: 'Help with a run in a database that another machine has begun.',
      load: async () => (await import('./work-command.ts')).workCommand,
    },
    runs: {
      description: 'Manage runs: list, read, copy and remove them, and steer those in progress.',
      verbs: {
        list: {
          description: 'List the runs below a directory.',
          load: async () => (await import('./runs/list-command.ts')).listCommand,
        },
        show: {
          description: 'Show what a run holds: calls and tokens by model and by task.',
          load: async () => (await import('./runs/show-command.ts')).showCommand,
        },
        watch: {
          description: 'Show what a run is doing, from another terminal or on a page.',
          load: async () => (await import('./runs/watch-command.ts')).watchCommand,
        },
        pause: {
          description: 'Stop sending calls. Those in flight finish.',
          load: async () => (await import('./runs/pause-command.ts')).pauseCommand,
        },
        resume: {
          description: 'Send calls again.',
          load: async () => (await import('./runs/resume-command.ts')).resumeCommand,
        },
        retune: {
          description: 'Change concurrency, budget or rate limits while a run works.',
          load: async () => (await import('./runs/retune-command.ts')).retuneCommand,
        },
        rm: {
          description: 'Remove the stored answers of a run.',
          load: async () => (await import('./runs/rm-command.ts')).rmCommand,
        },
        merge: {
          description: 'Copy the answers of runs with one seed into one run.',
          load: async () => (await import('./runs/merge-command.ts')).mergeCommand,
        },
        export: {
          description: 'Copy a run in a database to a directory.',
          load: async () => (await import('./runs/export-command.ts')).exportCommand,
        },
        import: {
          description: 'Copy a run directory to a database, to go on there.',
          load: async () => (await import('./runs/import-command.ts')).importCommand,
        },
      },
    },
    models: {
      description: 'Manage the built-in models, which need no key and no server.',
      verbs: {
        pull: {
          description: 'Download the built-in models and verify their checksums.',
          load: async () => (await import('./pull-command.ts')).pullCommand,
        },
      },
    },
  },
};
