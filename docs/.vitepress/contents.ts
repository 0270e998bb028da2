/** A group of pages in the sidebar, the index and `llms.txt`. */
export interface Section {
  readonly title: string;
  /** Paths below `docs/`, in reading order. */
  readonly pages: readonly string[];
}

/** Pages of one kind: what a reader comes for. */
export interface Kind {
  readonly title: string;
  /** Completes "You want ...". */
  readonly wish: string;
  readonly sections: readonly Section[];
}

/** Every page of the documentation, once. The API reference and the single decisions are reached from their own index. */
export const CONTENTS: readonly Kind[] = [
  {
    title: 'Tutorial',
    wish: 'to learn by doing',
    sections: [{ title: 'Start here', pages: ['tutorial.md', 'demo.md'] }],
  },
  {
    title: 'How-to',
    wish: 'to get one thing done',
    sections: [
      {
        title: 'Measure',
        pages: [
          'how-to/evaluate-in-ci.md',
          'how-to/own-personas-and-conversations.md',
          'how-to/trusted-judge.md',
          'agreement.md',
          'baselines.md',
        ],
      },
      {
        title: 'Run',
        pages: [
          'how-to/keep-cost-down.md',
          'how-to/local-servers.md',
          'how-to/resume.md',
          'how-to/publish.md',
        ],
      },
      {
        title: 'Extend',
        pages: [
          'extending/README.md',
          'extending/preference-format.md',
          'extending/judge.md',
          'extending/training-backend.md',
          'extending/model-provider.md',
          'extending/embedder.md',
        ],
      },
      {
        title: 'Coming from',
        pages: ['coming-from/distilabel.md', 'coming-from/inspect-ai.md', 'coming-from/promptfoo.md'],
      },
    ],
  },
  {
    title: 'Concepts',
    wish: 'to understand a number before you trust it',
    sections: [
      {
        title: 'The measures',
        pages: [
          'concepts/alignment-level.md',
          'concepts/improvement-rate.md',
          'concepts/normalised-improvement-rate.md',
          'personal.md',
          'costs.md',
          'concepts/kappa.md',
        ],
      },
      {
        title: 'The method',
        pages: [
          'simulated-users.md',
          'role-players-compared.md',
          'paper.md',
          'reproduce.md',
          'paper-index.md',
          'proof.md',
        ],
      },
      {
        title: 'The library',
        pages: ['life-of-a-call.md', 'durability.md', 'threat-model.md', 'decisions/README.md'],
      },
    ],
  },
  {
    title: 'Reference',
    wish: 'to look something up',
    sections: [
      {
        title: 'Data',
        pages: [
          'personas.md',
          'conversations.md',
          'preferences.md',
          'data-formats.md',
          'validation.md',
          'benchmark-card.md',
        ],
      },
      { title: 'Training', pages: ['training.md', 'training-plan.md', 'backends.md', 'hub.md'] },
      {
        title: 'Evaluation',
        pages: [
          'evaluation.md',
          'judges.md',
          'metrics.md',
          'results.md',
          'report.md',
          'abilities.md',
          'adaptive.md',
        ],
      },
      {
        title: 'Models and runs',
        pages: [
          'models.md',
          'embedders.md',
          'weights.md',
          'transport.md',
          'pacing.md',
          'batches.md',
          'runs.md',
          'machines.md',
          'performance.md',
          'telemetry.md',
        ],
      },
      {
        title: 'Everything else',
        pages: [
          'command-line.md',
          'config.md',
          'prompts.md',
          'errors.md',
          'testing.md',
          'runtimes.md',
          'tested-with.md',
          'glossary.md',
        ],
      },
    ],
  },
];
