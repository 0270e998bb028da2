import { writeFile } from 'node:fs/promises';
import { writeFakeTrainer } from '../../src/testing/fake-trainer.ts';

/**
 * A fake trainer that also leaves what a model's directory and a checkpoint of each step have.
 *
 * @returns its path, for `--python`.
 */
export async function writeCheckpointTrainer(path: string): Promise<string> {
  const trainer = await writeFakeTrainer(`${path}-steps`);
  await writeFile(path, program(trainer), { mode: 0o755 });
  return path;
}

const program = (trainer: string) => `#!/usr/bin/env bash
"${trainer}" "$@" || exit
case \${@: -1} in
  *.yaml)
    output=$(sed -n 's/^output_dir: *//p' "\${@: -1}" | tail -n 1)
    echo '{}' >"$output/config.json"
    for step in $(sed -n 's/.*"step":\\([0-9]*\\).*/\\1/p' "$output/log_history.jsonl"); do
      mkdir -p "$output/checkpoint-$step"
      cp "$output/config.json" "$output/model.safetensors" "$output/checkpoint-$step"
      echo "{\\"global_step\\": $step, \\"epoch\\": $step}" >"$output/checkpoint-$step/trainer_state.json"
    done
    ;;
esac
`;
