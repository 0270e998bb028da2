import { pushToHub } from '../../hub/push-to-hub.ts';
import { defineVerb, type Verb } from '../verb.ts';

export const pushCommand: Verb = defineVerb({
  args: {
    dir: {
      type: 'positional',
      required: true,
      valueHint: 'DIR',
      description: 'Directory with complete weights or an adapter, as `aloe train fetch` leaves it.',
    },
    repo: {
      type: 'string',
      required: true,
      valueHint: 'OWNER/NAME',
      description: 'Repository on the hub. Created if it is not there.',
    },
    base: {
      type: 'string',
      valueHint: 'OWNER/NAME',
      description:
        'Of an adapter: the model it was trained on, on the hub. Needed if it names a directory of this machine.',
    },
    public: { type: 'boolean', description: 'Make a repository that is created public (default: private).' },
    branch: { type: 'string', description: 'Branch to commit to (default: main).' },
    'dry-run': {
      type: 'boolean',
      description: 'List the files and look for secrets, without sending anything.',
    },
    'hub-url': {
      type: 'string',
      valueHint: 'URL',
      description: 'Another hub (default: https://huggingface.co).',
    },
  },
  examples: [
    {
      words: 'train push tuned/dpo/model --repo me/bees --dry-run',
      what: 'What would be pushed. Needs no token.',
    },
    { words: 'train push tuned/sft/model --repo me/bees-sft', what: 'The model that the DPO adapter needs.' },
    {
      words: 'train push tuned/dpo/adapter --repo me/bees-lora --base me/bees-sft',
      what: 'The adapter, which then names its base on the hub.',
    },
  ],
  interrupted: 'Nothing is visible on the hub. Run the same command again.',
  async run({ args, signal }) {
    const pushed = await pushToHub(args.dir, {
      type: 'model',
      repo: args.repo,
      base: args.base,
      private: args.public !== true,
      branch: args.branch,
      dryRun: args['dry-run'],
      hubUrl: args['hub-url'],
      signal,
    });
    const { url, files, commit } = pushed;
    const done =
      commit === null ? `Nothing was sent. To push to ${url}, leave out --dry-run.` : `${url} (${commit})`;
    return { text: [...files.map(({ path }) => path), done].join('\n'), json: pushed };
  },
});
