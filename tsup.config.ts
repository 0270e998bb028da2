import type { Options } from 'tsup';

const config: Options = {
  // One entry for each subpath of package.json's `exports`, and the command line.
  entry: [
    'src/{index,imports,prompts,rules,schemas}.ts',
    'src/{abilities,adaptive,agreement,benchmark,config,control,demo,hub,metrics,models,pipeline,report,reproduce,rows,runs,telemetry,testing,training,validation}/index.ts',
    'src/models/{openai,openai-compatible,ai-sdk,batch,llama-cpp,embedded}.ts',
    'src/embeddings/{lexical,openai,transformers}.ts',
    'src/tokenizers/{llama-cpp,transformers}.ts',
    'src/training/backends/{hosted,hugging-face-jobs,local,ray,slurm,together}.ts',
    'src/cli/aloe.ts',
  ],
  format: 'esm',
  target: 'node22',
  // As a package it is some 80 small files, which take as long to load as all the rest.
  noExternal: ['zod'],
  clean: true,
  sourcemap: true,
  // `node:sqlite` has no name without its prefix.
  removeNodeProtocol: false,
  // tsup's own `dts` asks the package `typescript` for the compiler API, which version 7 has no more.
  onSuccess: 'tsc -p tsconfig.build.json',
};

export default config;
